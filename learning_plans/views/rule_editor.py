"""Writing a new version of own rules: their numbers in fields, or all of them as text, checked while one types."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from learning_plans.actions import rule_changes
from learning_plans.credit.shelf import ALWAYS
from learning_plans.forms.rule_packs import NumbersForm, RulesForm, checked, in_lines
from learning_plans.models import PackVersion
from learning_plans.rules.choices import RuleChangeKind
from learning_plans.rules.credit.reading import LONGEST_TEXT
from learning_plans.views.rule_packs import OfOwnRules
from pd_tracker.access import Capability
from pd_tracker.web.views import require
from teachers.forms.kept import take_errors

TEXT, NUMBERS = "text", "numbers"


class EditRules(OfOwnRules):
    """The text is what counts; where only numbers are shown it travels along, so that nothing typed is lost."""

    template_name = "learning_plans/rule_packs/edit.html"

    @cached_property
    def latest(self) -> PackVersion:
        return self.own.versions.latest("number")

    @property
    def mode(self) -> str:
        asked = self.request.POST.get("mode") or self.request.GET.get("mode", NUMBERS)
        return asked if asked in (TEXT, NUMBERS) else NUMBERS

    def get_form_class(self) -> type[RulesForm]:
        return RulesForm if self.mode == TEXT else NumbersForm

    def get_initial(self) -> dict[str, Any]:
        today = self.request.user.today
        return {"text": self.latest.text, "base": self.latest.number, "holds_from": today}

    def get_form_kwargs(self) -> dict[str, Any]:
        return self.kwargs_of(self.mode, super().get_form_kwargs())

    def kwargs_of(self, mode: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        data = kwargs.get("data")
        kwargs |= {"code": self.own.code, "latest": self.latest.number}
        if mode == NUMBERS:
            typed = in_lines(data.get("text", "")) if data else ""
            kwargs["text"] = (typed or self.latest.text)[:LONGEST_TEXT]
        return kwargs

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.POST.get("to", "")
        if wanted in (TEXT, NUMBERS):
            return self.turn_to(wanted)
        response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[assignment]
        return response

    def turn_to(self, wanted: str) -> HttpResponse:
        """The other tab, with all that was typed in this one; what cannot be read is put right here first."""
        form = self.get_form()
        form.fields["reason"].required = False
        form.is_valid()
        text = form.cleaned_data.get("text")
        if text is None or any(name.startswith("n-") for name in form.errors):
            return self.form_invalid(form)
        typed = {name: form.data.get(name, "") for name in ("holds_from", "reason", "base")}
        kwargs = self.kwargs_of(wanted, {"initial": typed | {"text": text}})
        if wanted == NUMBERS:
            kwargs["text"] = text
        turned = (RulesForm if wanted == TEXT else NumbersForm)(**kwargs)
        return self.render_to_response(self.get_context_data(form=turned, mode=wanted))

    def form_valid(self, form: RulesForm) -> HttpResponse:
        given, user = form.cleaned_data, self.request.user
        said = {
            "code": self.own.code,
            "text": given["text"],
            "holds_from": rule_changes.written(given["holds_from"] or ALWAYS),
        }
        try:
            change = rule_changes.look(
                district=self.district,
                kind=RuleChangeKind.VERSION,
                said=said,
                reason=given["reason"],
                actor=user,
                on=user.today,
                at=timezone.now(),
            )
        except ValidationError as error:
            take_errors(form, error)
            return self.form_invalid(form)
        return redirect(change)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**{"mode": self.mode} | kwargs)
        form = context["form"]
        text = form["text"].value() or ""
        problem, parts = checked(text[:LONGEST_TEXT], code=self.own.code)
        return context | {"problem": problem, "parts": parts, "title": _("Change “%(pack)s”") % {"pack": self.own}}


@require_POST
def check_rules(request: HttpRequest) -> HttpResponse:
    """What a text would say, while somebody types it."""
    require(request, Capability.CREDIT_RULES_EDIT)
    problem, parts = checked(request.POST.get("text", "")[: LONGEST_TEXT + 1], code=_("rules"))
    return render(request, "learning_plans/rule_packs/checked.html", {"problem": problem, "parts": parts})


urlpatterns = [
    path("renewal-rules/check/", check_rules, name="check_rules"),
    path("renewal-rules/<str:code>/edit/", EditRules.as_view(), name="edit_rules"),
]
