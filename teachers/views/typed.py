"""What somebody had typed when their sign-in ended, to be sent again with one press."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import TemplateView

from teachers.middleware import TYPED


class Typed(TemplateView):
    template_name = "teachers/typed.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        typed = request.session.get(TYPED)
        if typed is None or typed["user"] != request.user.pk:  # another person signed in here
            request.session.pop(TYPED, None)
            return redirect("dashboards:home")
        return self.render_to_response(self.get_context_data(path=typed["path"], fields=typed["fields"]))
