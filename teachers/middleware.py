"""The district's own time for every request."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from teachers.models import District


class DistrictTimeMiddleware:
    """Switches on the district's zone and speaks the person's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        district = District.objects.order_by("pk").first()
        request.district = district  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(district.time_zone) if district else None):
            language = getattr(request.user, "language", "")
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            return self.get_response(request)
