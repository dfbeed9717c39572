"""The district's own time for every request, and how long a sign-in lasts."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone, translation

from pd_tracker.access import Role
from teachers.actions.drafts import keep_draft
from teachers.clock import district_time
from teachers.models import User

IDLE, SHORT_IDLE, LONGEST = 60 * 60, 30 * 60, 12 * 60 * 60  # seconds; the short one where much can be seen and done
SEEN_EVERY = 60
BEGAN, SEEN, ENDED, TYPED = "signed_in_at", "seen_at", "sign_in_ended", "typed"
DRAFT_PATH = "_draft_path"


class DistrictTimeMiddleware:
    """Switches on the district's zone and speaks the person's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with district_time() as district:
            request.district = district  # type: ignore[attr-defined]
            language = getattr(request.user, "language", "")
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            return self.get_response(request)


class SignedInWhileActive:
    """Ends a sign-in that nobody uses any more, and leads back afterwards, with what was typed.

    It works once the address is known and the form is proven to be ours, so that nobody plants text from elsewhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        now, session = int(time.time()), request.session
        seen = session.get(SEEN, 0)
        if now - seen > idle_limit(request.user) or now - session.get(BEGAN, 0) > LONGEST:
            return signed_out(request, view)
        if now - seen >= SEEN_EVERY:
            session[SEEN] = now
        return None


def begin(request: HttpRequest, **kwargs: Any) -> None:
    """Called with each sign-in, through any door, so that its beginning is saved together with it."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    request.session.pop(ENDED, None)


def idle_limit(user: User) -> int:
    return SHORT_IDLE if user.holds(Role.HR) or user.holds(Role.ADMIN) else IDLE


def signed_out(request: HttpRequest, view: Any) -> HttpResponse | None:
    user, path = request.user.pk, request.get_full_path()
    typed = [(name, value) for name, values in typed_fields(request).items() for value in values]
    if request.path == reverse("teachers:drafts"):
        return signed_out_while_typing(request)
    request.session.flush()
    request.user = AnonymousUser()
    request.session[ENDED] = True
    if not getattr(view, "login_required", True):
        return None
    if typed and not request.FILES:
        request.session[TYPED] = {"user": user, "path": path, "fields": typed}
        path = reverse("teachers:typed")
    if request.headers.get("HX-Request"):
        page = urlsplit(request.headers.get("HX-Current-URL", "/"))._replace(scheme="", netloc="").geturl()
        return HttpResponse(headers={"HX-Redirect": f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}"})
    return redirect_to_login(path)


def signed_out_while_typing(request: HttpRequest) -> HttpResponse:
    """The last words typed under the ended sign-in are still that person's: they are kept."""
    with suppress(ValidationError):
        keep_draft(
            user=request.user,
            path=request.POST.get(DRAFT_PATH, ""),
            fields=typed_fields(request),
            at=timezone.now(),
        )
    request.session.flush()
    return HttpResponse(status=401)


def typed_fields(request: HttpRequest) -> dict[str, list[str]]:
    return {name: values for name, values in request.POST.lists() if not is_secret(name) and name != DRAFT_PATH}


def is_secret(name: str) -> bool:
    return name == "csrfmiddlewaretoken" or "password" in name or name == "code"
