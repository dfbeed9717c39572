"""Files and links that prove a completion: added by the teacher or HR, opened by nobody else."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import View

from learning_plans.actions import evidence as actions
from learning_plans.forms.licence_care import ReasonedForm
from learning_plans.forms.pending import EvidenceForm
from learning_plans.models import Completion, Evidence
from learning_plans.rules.choices import CompletionState
from pd_tracker.access import Capability
from pd_tracker.web.views import CapabilityMixin
from teachers.actions.viewing import note_view
from teachers.models import User
from teachers.querysets.people import reaches
from teachers.views.parts import KeptFormPage

ALONE = {"default-src": ["'none'"], "object-src": ["'self'"], "style-src": ["'unsafe-inline'"]}


def may_prove(user: User, completion: Completion) -> bool:
    """One's own, and those one may approve; not what is voided."""
    if completion.state == CompletionState.VOIDED:
        return False
    own = completion.teacher.user_id == user.pk
    return own or reaches(user, Capability.COMPLETIONS_EDIT, completion.teacher)


class AddEvidence(KeptFormPage):
    capability = Capability.COMPLETIONS_VIEW
    form_class = EvidenceForm
    template_name = "learning_plans/evidence/form.html"
    title = gettext_lazy("Add evidence")

    @cached_property
    def completion(self) -> Completion:
        user = self.request.user
        rows = Completion.objects.visible_to(user).select_related("teacher", "course")
        found: Completion = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found if may_prove(user, found) else get_object_or_404(Completion.objects.none())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.may(self.capability):
            _found = self.completion
        return super().dispatch(request, *args, **kwargs)

    def save(self, form: EvidenceForm) -> None:
        actions.add_evidence(
            completion=self.completion, actor=self.request.user, at=timezone.now(), **form.cleaned_data
        )

    def said(self) -> str:
        return _("Added. You and whoever approves the hours can open it.")

    def back(self) -> str:
        return reverse("learning_plans:completion", args=[self.completion.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(self.completion.course, self.back())]
        return super().get_context_data(**kwargs, person=self.completion.teacher, breadcrumbs=crumbs)


def visible(request: HttpRequest, pk: int) -> Evidence:
    rows = Evidence.objects.visible_to(request.user).standing()
    found: Evidence = get_object_or_404(rows.select_related("completion__teacher", "completion__course"), pk=pk)
    return found


@method_decorator(xframe_options_sameorigin, name="dispatch")
@method_decorator(csp_replace(ALONE | {"frame-ancestors": ["'self'"]}), name="dispatch")
class EvidenceFile(CapabilityMixin, View):
    """The file itself, shown where the page asks for it and saved otherwise; a link leads away."""

    capability = Capability.COMPLETIONS_VIEW
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        evidence = visible(request, pk)
        note_view(reader=request.user, teacher=evidence.completion.teacher, part="evidence")
        if evidence.link:
            return redirect(evidence.link)
        response = FileResponse(
            evidence.file.open("rb"),
            as_attachment="show" not in request.GET,
            filename=evidence.filename,
            content_type=evidence.content_type,
        )
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class RemoveEvidence(KeptFormPage):
    capability = Capability.COMPLETIONS_VIEW
    form_class = ReasonedForm
    template_name = "teachers/confirm.html"
    title = gettext_lazy("Take out this evidence?")

    @cached_property
    def evidence(self) -> Evidence:
        found = visible(self.request, self.kwargs["pk"])
        return found if may_prove(self.request.user, found.completion) else get_object_or_404(Evidence.objects.none())

    def get_form_kwargs(self) -> dict[str, Any]:
        _found = self.evidence
        return super().get_form_kwargs()

    def save(self, form: ReasonedForm) -> None:
        reason = form.cleaned_data["reason"]
        actions.remove_evidence(evidence=self.evidence, reason=reason, actor=self.request.user, at=timezone.now())

    def said(self) -> str:
        return _("Taken out. The history keeps that it was there.")

    def back(self) -> str:
        return reverse("learning_plans:completion", args=[self.evidence.completion_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("Nobody will be able to open “%(name)s” any more.") % {"name": self.evidence}
        return super().get_context_data(**kwargs, words=words, action_label=_("Take it out"), grave=True)


urlpatterns = [
    path("completions/<int:pk>/evidence/new/", AddEvidence.as_view(), name="add_evidence"),
    path("completions/evidence/<int:pk>/", EvidenceFile.as_view(), name="evidence"),
    path("completions/evidence/<int:pk>/remove/", RemoveEvidence.as_view(), name="remove_evidence"),
]
