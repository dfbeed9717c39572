"""What somebody had typed when their sign-in ended: to be sent again with one press, or to be copied."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.generic import TemplateView

from teachers.middleware import TYPED, typed_fields


class Typed(TemplateView):
    template_name = "teachers/typed.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        typed = request.session.get(TYPED)
        if typed is None or typed["user"] != request.user.pk:  # another person signed in here
            request.session.pop(TYPED, None)
            return redirect("dashboards:home")
        return self.render_to_response(self.get_context_data(path=typed["path"], fields=typed["fields"]))


SHORTEST = 20  # characters; what is shorter is typed again in a moment


def not_proven(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its proof is not taken, but what was typed on our own page is shown, so that it can be copied.

    Words that another site sent here are not: on our page they would look like ours.
    """
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    is_ours = urlsplit(origin).netloc == request.get_host()
    texts = [text for texts in typed_fields(request).values() for text in texts if len(text) >= SHORTEST]
    return render(request, "403_csrf.html", {"texts": texts if is_ours else []}, status=403)
