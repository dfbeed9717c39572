"""The district's own time for every request."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from teachers.models import District


class DistrictTimeMiddleware:
    """Switches on the district's zone, reads the day once and speaks the person's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.district = District.objects.order_by("pk").first()  # type: ignore[attr-defined]
        zone = ZoneInfo(request.district.time_zone) if request.district else timezone.get_default_timezone()  # type: ignore[attr-defined]
        with timezone.override(zone):
            request.today = timezone.localdate()  # type: ignore[attr-defined]
            language = getattr(request.user, "language", "")
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            return self.get_response(request)
