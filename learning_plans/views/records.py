"""Recording, correcting and voiding completions; one person's record and the history of all that is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, View

from learning_plans import tables
from learning_plans.actions import completions as actions
from learning_plans.actions.certificates import certificate_of
from learning_plans.filters import RecordFilter
from learning_plans.forms.records import CompletionForm, CreditForms, credit_given
from learning_plans.models import (
    Completion,
    Course,
    CreditLine,
    Enrollment,
    Evidence,
    Goal,
    LicenceFact,
    Plan,
    PlanItem,
    PlanReview,
    Waiver,
)
from learning_plans.rules.choices import CompletionState
from learning_plans.views.colleagues import own_opinion
from learning_plans.views.credit import verdicts_on
from learning_plans.views.evidence import may_prove
from pd_tracker.access import Capability
from pd_tracker.sheets.table import Table
from pd_tracker.web.addresses import row_keys, searched
from pd_tracker.web.views import CapabilityMixin, TablePage
from teachers.actions.viewing import note_export, note_view
from teachers.changes import Trail, read, timeline
from teachers.forms.records import ReasonForm
from teachers.models import Assignment, Employment, ExternalId, Leave, Licence, Pairing, Teacher
from teachers.querysets.people import ids_of, reaches, teachers_for
from teachers.views.history import HistoryPage
from teachers.views.parts import KeptFormPage
from teachers.views.person import person_context, visible_person


class PersonRecord(TablePage):
    """Everything one person has completed."""

    capability = Capability.COMPLETIONS_VIEW
    template_name = "learning_plans/records/person.html"
    table = tables.RECORD
    filterset_class = RecordFilter
    ordering = "-completed_on"
    row_url_name = "learning_plans:completion"

    def get_queryset(self) -> QuerySet[Completion]:
        self.teacher = visible_person(self.request.user, self.kwargs["pk"])
        return Completion.objects.visible_to(self.request.user).filter(teacher=self.teacher)

    def get_table(self) -> Table:
        return replace(self.table, key=f"record-{self.teacher.staff_id}")

    def download(self, rows: QuerySet[Completion], wanted: str) -> Any:
        note_export(reader=self.request.user, teachers=Teacher.objects.filter(pk=self.teacher.pk), part="record")
        return super().download(rows, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            **person_context(self.request, self.teacher, part="record"),
            may_record=reaches(self.request.user, Capability.COMPLETIONS_EDIT, self.teacher),
        )


class PersonHistory(HistoryPage):
    """Every change of everything about one person, for who may see the person and their history."""

    template_name = "learning_plans/records/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.teacher = visible_person(self.request.user, kwargs.pop("pk"))
        get_object_or_404(teachers_for(self.request.user, Capability.HISTORY_VIEW), pk=self.teacher.pk)
        return super().get_context_data(**kwargs, **person_context(self.request, self.teacher, part="history"))

    def trails(self) -> Sequence[Trail]:
        ids = ids_of(self.teacher)
        teacher = {"teacher_id__in": ids}
        plans = Plan.objects.filter(**teacher)
        items = PlanItem.history.filter(plan__in=plans)
        licences, completions = Licence.objects.filter(**teacher), Completion.objects.filter(**teacher)
        wanted: dict[Capability, list[Trail]] = {
            Capability.PEOPLE_PERSONAL_VIEW: [
                Trail(Teacher.history.filter(id__in=ids)),
                Trail(ExternalId.history.filter(**teacher), ("system", "value")),
                Trail(Assignment.history.filter(**teacher), ("school", "subject", "started_on")),
                Trail(Pairing.history.filter(**teacher), ("coach", "started_on")),
            ],
            Capability.EMPLOYMENT_REASON_VIEW: [
                Trail(Employment.history.filter(**teacher), ("position", "started_on")),
                Trail(Leave.history.filter(**teacher), ("kind", "started_on")),
            ],
            Capability.LICENCES_VIEW: [
                Trail(Licence.history.filter(**teacher), ("licence_type", "valid_from")),
                Trail(Waiver.history.filter(licence__in=licences), ("licence", "amount")),
                Trail(LicenceFact.history.filter(licence__in=licences), ("licence", "name")),
            ],
            Capability.COMPLETIONS_VIEW: [
                Trail(Completion.history.filter(**teacher), ("course", "completed_on")),
                Trail(CreditLine.history.filter(completion__in=completions), ("unit", "category")),
                Trail(Enrollment.history.filter(**teacher), ("session",)),
            ],
            Capability.COMPLETIONS_EDIT: [
                Trail(Evidence.history.filter(completion__in=completions), ("filename", "link")),
            ],
            Capability.PLANS_VIEW: [Trail(items.filter(is_required=True), ("course", "task"))],
            # The words of a draft, or of a plan apart from evaluation, stay in what it said before.
            Capability.PLANS_VIEW_DRAFTS: [
                Trail(Plan.history.filter(**teacher), ("school_year",)),
                Trail(Goal.history.filter(plan__in=plans), ("title",)),
                Trail(PlanReview.history.filter(plan__in=plans), ("planned_on",)),
                Trail(items.filter(is_required=False), ("course", "task")),
            ],
        }
        user = self.request.user
        return [trail for needed, trails in wanted.items() if reaches(user, needed, self.teacher) for trail in trails]


def own_or_theirs(teacher: Teacher, *, is_own: bool) -> tuple[Any, str]:
    """The record a completion stands in."""
    if is_own:
        return _("My record"), reverse("learning_plans:my_record")
    return teacher, reverse("learning_plans:person_record", args=[teacher.pk])


class CompletionPage(CapabilityMixin, DetailView):
    """A completion like a certificate: who, what, with whom, when, how long, for what credit, vouched for by whom."""

    capability = Capability.COMPLETIONS_VIEW
    template_name = "learning_plans/records/completion.html"

    def get_queryset(self) -> QuerySet[Completion]:
        related = ("teacher__district", "course__provider", "session", "approved_by", "recorded_by")
        return Completion.objects.visible_to(self.request.user).select_related(*related)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, completion = self.request.user, self.object
        teacher = completion.teacher
        note_view(reader=user, teacher=teacher, part="completion")
        is_own = teacher.user_id == user.pk
        evidence = Evidence.objects.visible_to(user).standing().filter(completion=completion)
        return super().get_context_data(
            **kwargs,
            teacher=teacher,
            is_own=is_own,
            evidence=evidence.select_related("added_by"),
            may_see_evidence=is_own or reaches(user, Capability.COMPLETIONS_EDIT, teacher),
            may_prove=may_prove(user, completion),
            **(own_opinion(completion) if is_own else {}),
            breadcrumbs=[own_or_theirs(teacher, is_own=is_own)],
            number=f"{completion.completed_on.year}-{completion.pk:06d}",
            **self.certificate(),
            credit=completion.credit_lines.order_by("unit", "category"),
            may_edit=not is_own and reaches(user, Capability.COMPLETIONS_EDIT, teacher),
            verdicts=verdicts_on(user, completion),
            changes=self.changes() if reaches(user, Capability.HISTORY_VIEW, teacher) else [],
            is_pending=completion.state == CompletionState.PENDING,
            is_voided=completion.state == CompletionState.VOIDED,
        )

    def certificate(self) -> dict[str, Any]:
        """What is approved has a number under which anybody can check it."""
        if self.object.state != CompletionState.APPROVED:
            return {}
        course, district = self.object.course, self.object.teacher.district
        certificate = certificate_of(self.object, at=timezone.now())
        check = reverse("learning_plans:certificate", args=[str(certificate)])
        return {
            "certificate": certificate,
            "check_url": self.request.build_absolute_uri(check),
            # What names no provider, the district has given itself.
            "provider": course.provider or district.name,
            "provider_number": course.provider.number if course.provider else district.state_id,
            "content": " · ".join(filter(None, (self.object.category, course.focus_areas))),
        }

    def changes(self) -> Any:
        trails = (
            Trail(Completion.history.filter(id=self.object.pk)),
            Trail(CreditLine.history.filter(completion_id=self.object.pk), ("unit", "category")),
        )
        return read(trails, timeline(trails)[:50])


class CompletionFormPage(KeptFormPage):
    """A completion with its lines of credit; both forms keep what was typed when one of them is refused."""

    capability = Capability.COMPLETIONS_EDIT
    form_class = CompletionForm
    template_name = "learning_plans/records/form.html"

    def instance(self) -> Completion:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        courses = Course.objects.visible_to(self.request.user)
        return super().get_form_kwargs() | {"instance": self.instance(), "courses": courses}

    def credit_forms(self) -> Any:
        lines = self.instance().credit_lines.order_by("pk") if self.instance().pk else CreditLine.objects.none()
        initial = list(lines.values("amount", "unit", "category"))
        return CreditForms(self.request.POST or None, initial=initial, prefix="credit")

    def form_valid(self, form: CompletionForm) -> HttpResponse:
        self.credit = self.credit_forms()
        if not self.credit.is_valid():
            return self.form_invalid(form)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        credit = getattr(self, "credit", None) or self.credit_forms()
        teacher = self.instance().teacher
        crumbs = [(teacher, reverse("learning_plans:person_record", args=[teacher.pk]))]
        return super().get_context_data(**kwargs, credit=credit, teacher=teacher, breadcrumbs=crumbs)


class RecordCompletion(CompletionFormPage):
    """First whose completion it is, found by name or staff id; then what was completed."""

    title = gettext_lazy("Record a completion")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs) if request.GET.get("teacher") else self.choose()

    def choose(self) -> HttpResponse:
        search = searched(self.request.GET, "search")
        people = teachers_for(self.request.user, Capability.COMPLETIONS_EDIT).with_post(on=self.request.user.today)
        found = people.named(search)[:25] if search else []
        context = {"title": self.title, "search": search, "found": found, "view": self}
        return self.response_class(self.request, ["learning_plans/records/choose.html"], context)

    def instance(self) -> Completion:
        if not hasattr(self, "completion"):
            people = teachers_for(self.request.user, Capability.COMPLETIONS_EDIT)
            teacher = get_object_or_404(people, pk__in=row_keys([self.request.GET.get("teacher", "")]))
            self.completion = Completion(teacher=teacher, state=CompletionState.APPROVED.value)
        return self.completion

    def save(self, form: CompletionForm) -> None:
        actions.record_completion(
            completion=form.instance,
            credit=credit_given(self.credit),
            actor=self.request.user,
            at=timezone.now(),
            on=self.request.user.today,
        )

    def said(self) -> str:
        return _("Recorded. %(name)s can see it now.") % {"name": self.instance().teacher}

    def back(self) -> str:
        if self.instance().pk:
            return reverse("learning_plans:completion", args=[self.instance().pk])
        return reverse("learning_plans:person_record", args=[self.instance().teacher.pk])


def editable(request: HttpRequest, pk: int) -> Completion:
    """The completion, locked where it is about to be written."""
    rows = Completion.objects.filter(teacher__in=teachers_for(request.user, Capability.COMPLETIONS_EDIT))
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    return get_object_or_404(rows.select_related("teacher", "course"), pk=pk)


class CorrectCompletion(CompletionFormPage):
    title = gettext_lazy("Correct this completion")

    def instance(self) -> Completion:
        if not hasattr(self, "completion"):
            self.completion = editable(self.request, self.kwargs["pk"])
        return self.completion

    def save(self, form: CompletionForm) -> None:
        actions.correct_completion(
            completion=form.instance,
            credit=credit_given(self.credit),
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            on=self.request.user.today,
        )

    def said(self) -> str:
        return _("Corrected. The history keeps what it said before.")

    def back(self) -> str:
        return reverse("learning_plans:completion", args=[self.kwargs["pk"]])


class VoidCompletion(KeptFormPage):
    """Voids a completion, or brings a voided one back; both ask why."""

    capability = Capability.COMPLETIONS_EDIT
    form_class = ReasonForm
    template_name = "teachers/confirm.html"

    def completion(self) -> Completion:
        if not hasattr(self, "found"):
            self.found = editable(self.request, self.kwargs["pk"])
            self.was_voided = self.found.state == CompletionState.VOIDED
        return self.found

    def save(self, form: ReasonForm) -> None:
        act = actions.restore_completion if self.was_voided else actions.void_completion
        act(completion=self.found, actor=self.request.user, reason=form.cleaned_data["reason"])

    def get_form_kwargs(self) -> dict[str, Any]:
        self.completion()
        return super().get_form_kwargs()

    def said(self) -> str:
        return _("Restored. It counts again.") if self.was_voided else _("Voided. It counts nowhere anymore.")

    def back(self) -> str:
        return reverse("learning_plans:completion", args=[self.kwargs["pk"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        completion = self.completion()
        words = (
            _("“%(completion)s” of %(name)s will count again as it did before.")
            if self.was_voided
            else _("“%(completion)s” of %(name)s will count nowhere. It stays readable, with your reason.")
        )
        return super().get_context_data(
            **kwargs,
            title=_("Restore this completion?") if self.was_voided else _("Void this completion?"),
            words=words % {"completion": completion, "name": completion.teacher},
            action_label=_("Restore") if self.was_voided else _("Void"),
            grave=not self.was_voided,
        )


class ApproveCompletion(CapabilityMixin, View):
    capability = Capability.COMPLETIONS_EDIT
    http_method_names = ("post",)

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        completion = editable(request, pk)
        try:
            actions.approve_completion(completion=completion, actor=request.user, at=timezone.now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Approved. It counts from now on."))
        return redirect("learning_plans:completion", pk)


urlpatterns = [
    path("people/<int:pk>/record/", PersonRecord.as_view(), name="person_record"),
    path("people/<int:pk>/history/", PersonHistory.as_view(), name="person_history"),
    path("completions/new/", RecordCompletion.as_view(), name="record_completion"),
    path("completions/<int:pk>/", CompletionPage.as_view(), name="completion"),
    path("completions/<int:pk>/correct/", CorrectCompletion.as_view(), name="correct_completion"),
    path("completions/<int:pk>/void/", VoidCompletion.as_view(), name="void_completion"),
    path("completions/<int:pk>/approve/", ApproveCompletion.as_view(), name="approve_completion"),
]
