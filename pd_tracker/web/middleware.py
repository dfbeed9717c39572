"""What every answer of the site carries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.cache import patch_cache_control

from pd_tracker.web.logs import numbered

HEALTH = "/health/"
PROGRAMS = "/api/"  # they carry their own tokens, and even a refusal is meant for one of them


class RequestNumberMiddleware:
    """The number that all log lines of a request carry, told to whoever asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with numbered() as number:
            response = self.get_response(request)
            response["X-Request-ID"] = number
            return response


class HealthFirst:
    """Probes come in plain http, under any host name, and when the database is gone: nothing stands before them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(HEALTH):
            request.resolver_match = match = resolve(request.path_info)
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
            return response
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Nothing a signed-in person saw may be kept by a proxy or shown to the next user of the machine."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or request.path_info.startswith(PROGRAMS):
            patch_cache_control(response, private=True, no_store=True)
        return response
