"""Forms that keep what is typed into them every few seconds, over the end of a sign-in too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from teachers.actions.drafts import LONGEST_PATH, drop_draft, keep_draft
from teachers.middleware import DRAFT_PATH, typed_fields
from teachers.models import Draft


class Drafts(View):
    """Called by the script of a form: GET asks for a fresh token after signing in again, POST keeps the fields."""

    http_method_names = ("get", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse({"token": get_token(request)})

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            keep_draft(
                user=request.user,
                path=request.POST.get(DRAFT_PATH, ""),
                fields=typed_fields(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            return JsonResponse({"message": " ".join(error.messages)}, status=400)
        return HttpResponse(status=204)


class DropDraft(View):
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        path = request.POST.get(DRAFT_PATH, "")
        drop_draft(user=request.user, path=path)
        is_local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
        return redirect(path if is_local else "dashboards:home")


class DraftMixin:
    """For a form view: opens with what was typed and not sent, and forgets it once the form is taken.

    The template has `<form … data-autosave>` with `parts/draft.html` inside it.
    """

    request: HttpRequest

    @cached_property
    def draft_path(self) -> str:
        path = self.request.get_full_path()
        return path if len(path) <= LONGEST_PATH else self.request.path

    @cached_property
    def draft(self) -> Draft | None:
        return Draft.objects.visible_to(self.request.user).filter(path=self.draft_path).first()

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)  # type: ignore[misc]
        if self.draft is not None and not form.is_bound:
            fill_in(form, self.draft.fields)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, draft=self.draft, draft_path=self.draft_path)  # type: ignore[misc]

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if response.status_code == 302:  # not when an action refused it and the form is shown again
            drop_draft(user=self.request.user, path=self.draft_path)
        return response


def fill_in(form: forms.BaseForm, fields: dict[str, list[str]]) -> None:
    """As if the fields had just been typed; what was left out, like an unticked box, counts too."""
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    for name, field in form.fields.items():
        form.initial[name] = field.widget.value_from_datadict(data, {}, form.add_prefix(name))
