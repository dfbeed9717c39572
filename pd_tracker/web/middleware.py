"""What every answer of the site carries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

PROGRAMS = "/api/"  # they carry their own tokens, and even a refusal is meant for one of them


class PrivatePagesMiddleware:
    """Nothing a signed-in person saw may be kept by a proxy or shown to the next user of the machine."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or request.path_info.startswith(PROGRAMS):
            patch_cache_control(response, private=True, no_store=True)
        return response
