"""Hours of the contract: what is owed, entered by HR, and one person's hours with the reason of each."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from learning_plans.actions import contract_hours as actions
from learning_plans.credit.contracts import contract_case_of
from learning_plans.credit.wording import STATUSES, amount_text, sentence, step_sentence
from learning_plans.forms.contract_hours import ContractHoursForm
from learning_plans.models import ContractHours
from learning_plans.tables.rule_packs import CONTRACTS
from learning_plans.views.rule_packs import RulesAreChanged, known_pack
from pd_tracker.access import Capability
from pd_tracker.web.views import CapabilityMixin, TablePage
from teachers.actions.viewing import note_view
from teachers.forms.records import ReasonForm
from teachers.models import School, Teacher
from teachers.querysets.people import teachers_for
from teachers.views.parts import KeptFormPage


class Contracts(RulesAreChanged, TablePage):
    capability = Capability.CREDIT_RULES_EDIT
    template_name = "learning_plans/rule_packs/contracts.html"
    table = CONTRACTS
    ordering = "school"
    row_url_name = "learning_plans:edit_contract_hours"

    def get_queryset(self) -> QuerySet[ContractHours]:
        return ContractHours.objects.editable_by(self.request.user)


class EditContract(RulesAreChanged, KeptFormPage):
    capability = Capability.CREDIT_RULES_EDIT
    template_name = "learning_plans/rule_packs/contract.html"
    form_class: Any = ContractHoursForm

    @cached_property
    def row(self) -> ContractHours:
        if "pk" not in self.kwargs:
            return ContractHours(district=self.district)
        rows = ContractHours.objects.editable_by(self.request.user)
        rows = rows.select_for_update() if self.request.POST else rows
        found: ContractHours = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        schools = School.objects.filter(district=self.district).order_by("name")
        packs = [(code, known_pack(self.shelf, code).title) for code in actions.asking(self.shelf)]
        return super().get_form_kwargs() | {"instance": self.row, "schools": schools, "packs": packs}

    def save(self, form: Any) -> None:
        reason = form.cleaned_data.get("reason", "")
        actions.save_hours(row=form.instance, actor=self.request.user, reason=reason)

    def back(self) -> str:
        return reverse("learning_plans:contract_hours")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [
            (_("Renewal rules"), reverse("learning_plans:rule_packs")),
            (_("Hours of the contract"), self.back()),
        ]
        title = _("Correct hours of the contract") if self.row.pk else _("Enter hours of the contract")
        return super().get_context_data(**{"breadcrumbs": crumbs, "title": title, "row": self.row} | kwargs)


class RemoveContract(EditContract):
    template_name = "teachers/confirm.html"
    form_class = ReasonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return KeptFormPage.get_form_kwargs(self)

    def save(self, form: ReasonForm) -> None:
        actions.remove_hours(row=self.row, actor=self.request.user, reason=form.cleaned_data["reason"])

    def said(self) -> str:
        return _("Removed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            title=_("Remove this entry?"),
            words=_("“%(row)s” was entered by mistake and goes. What changes for later years is a new entry instead.")
            % {"row": self.row},
            action_label=_("Remove"),
            grave=True,
        )


class ContractOf(CapabilityMixin, TemplateView):
    """One person's hours of the contract in this school year."""

    capability = Capability.LICENCES_VIEW
    template_name = "learning_plans/rule_packs/contract_of.html"

    def get_context_data(self, teacher_pk: int, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        teacher: Teacher = get_object_or_404(teachers_for(user, self.capability), pk=teacher_pk)
        note_view(reader=user, teacher=teacher, part="licences")
        case = contract_case_of(teacher, on=user.today)
        is_own = teacher.user_id == user.pk
        back = (
            reverse("learning_plans:my_record")
            if is_own
            else reverse("learning_plans:person_licences", args=[teacher.pk])
        )
        label: Any = _("My record") if is_own else teacher
        crumbs = [(label, back)]
        context: dict[str, Any] = {"teacher": teacher, "case": case, "breadcrumbs": crumbs, "is_own": is_own}
        if case is not None:
            found = case.decision
            context |= {
                "status": (found.status.value, STATUSES[found.status]),
                "counted": amount_text(found.counted),
                "required": amount_text(found.required),
                "pending": found.pending and amount_text(found.pending),
                "steps": [step_sentence(each) for each in found.steps],
                "lines": [
                    (entry, line.day, amount_text(decided.counted), amount_text(decided.converted), sentence(decided))
                    for entry, line, decided in case.explained
                ],
            }
        return super().get_context_data(**kwargs, **context)


urlpatterns = [
    path("contract-hours/", Contracts.as_view(), name="contract_hours"),
    path("contract-hours/new/", EditContract.as_view(), name="add_contract_hours"),
    path("contract-hours/<int:pk>/", EditContract.as_view(), name="edit_contract_hours"),
    path("contract-hours/<int:pk>/remove/", RemoveContract.as_view(), name="remove_contract_hours"),
    path("contract-hours/of/<int:teacher_pk>/", ContractOf.as_view(), name="contract_of"),
]
