"""Starting a cycle of plans: for whom, what would happen, watching it, what it did; and one person's plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from learning_plans.actions import cycles, starting
from learning_plans.actions.starting import Line, Outcome, Preview
from learning_plans.forms.starting import StartForm, district_of
from learning_plans.models import CycleStart, Plan
from learning_plans.querysets.plans import teachers_written_by
from learning_plans.rules.batches import batches
from learning_plans.tables import templates as tables
from pd_tracker.access import Capability
from pd_tracker.audit.actions import record
from pd_tracker.sheets.table import Table
from pd_tracker.web.downloads import FORMATS, table_download
from pd_tracker.web.views import CapabilityMixin, TablePage, say_errors
from teachers.actions.viewing import note_export
from teachers.models import Teacher
from teachers.querysets.people import teachers_for

SHOWN = 100


class StartCycle(CapabilityMixin, FormView):
    """Chosen by GET, so that a preview has an address; started by POST."""

    capability = Capability.PLANS_START
    template_name = "learning_plans/start.html"
    form_class = StartForm

    @cached_property
    def district(self) -> Any:
        found = district_of(self.request.user)
        if found is None:
            raise Http404
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs() | {"actor": self.request.user, "district": self.district}
        return kwargs | ({"data": self.request.GET} if "year" in self.request.GET else {})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.get_form()
        preview = self.look_ahead(form) if form.is_bound and form.is_valid() else None
        wanted, part = request.GET.get("format", ""), request.GET.get("part", "")
        if preview is not None and wanted in FORMATS and part in set(Outcome):
            return self.download(preview.of(Outcome(part)), wanted)
        return self.render_to_response(self.get_context_data(form=form, preview=preview))

    def look_ahead(self, form: StartForm) -> Preview:
        user = self.request.user
        teachers = teachers_for(user, Capability.PLANS_START)
        given = form.cleaned_data
        return starting.look_ahead(teachers, year=given["year"], school=given["school"], on=user.today)

    def download(self, lines: list[Line], wanted: str) -> HttpResponseBase:
        table = preview_table(lines)
        record(actor=self.request.user, verb="list.exported", list=table.key, format=wanted)
        for keys in batches([line.teacher_id for line in lines]):
            note_export(reader=self.request.user, teachers=Teacher.objects.filter(pk__in=keys), part="plan")
        return table_download(table, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        preview: Preview | None = kwargs.get("preview")
        if preview is not None:
            parts = [(outcome.value, preview.of(outcome)) for outcome in Outcome]
            kwargs["parts"] = [(part, len(lines), preview_table(lines[:SHOWN])) for part, lines in parts]
        starts = CycleStart.objects.visible_to(self.request.user).select_related("school_year", "school", "district")
        kwargs["may_edit_templates"] = self.request.user.may(Capability.TEMPLATES_EDIT)
        return super().get_context_data(**kwargs, shown=SHOWN, starts=starts.annotate(count=Count("plans"))[:10])

    def form_valid(self, form: StartForm) -> HttpResponse:
        user, given = self.request.user, form.cleaned_data
        try:
            start = cycles.start_cycle(
                year=given["year"],
                school=given["school"],
                district=self.district,
                actor=user,
                on=user.today,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return redirect(start)


def preview_table(lines: list[Line]) -> Table:
    because: dict[Any, str] = {each: each.for_whom for each in {line.template for line in lines} if each is not None}
    rows = [
        (line.name, line.staff_id, line.school, str(line.template or ""), because.get(line.template, ""))
        for line in lines
    ]
    return tables.START_PREVIEW.with_rows(rows)


class OfStart(CapabilityMixin):
    capability = Capability.PLANS_START
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def start(self) -> CycleStart:
        starts = CycleStart.objects.visible_to(self.request.user)
        found: CycleStart = get_object_or_404(
            starts.select_related("school_year", "school", "district", "started_by", "job"), pk=self.kwargs["pk"]
        )
        return found


class Started(OfStart, TablePage):
    """What a start did; while it is at work, how far it is."""

    template_name = "learning_plans/started.html"
    table = tables.STARTED
    ordering = "name"
    row_url_name = "learning_plans:plan"

    def get_queryset(self) -> QuerySet[Teacher]:
        user = self.request.user
        plans = Plan.objects.filter(start=self.start, teacher=OuterRef("pk"))
        teachers = teachers_for(user, Capability.PLANS_START).filter(plans__start=self.start)
        return teachers.with_post(on=user.today).annotate(
            template_name=Subquery(plans.values("template__name")[:1]), plan_state=Subquery(plans.values("state")[:1])
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        start, job = self.start, self.start.job
        counts = start.plans.order_by().values_list("template__name").annotate(count=Count("pk")).order_by("-count")
        return super().get_context_data(
            **kwargs,
            start=start,
            job=job,
            is_mine=job is not None and job.owner_id == self.request.user.pk,
            poll_url=job.get_absolute_url() if job else "",
            counts=list(counts),
            total=start.plans.count(),
            removable=cycles.untouched(start).count() if start.undone_at is None else 0,
            breadcrumbs=[(_("Start a cycle"), reverse("learning_plans:start_cycle"))],
        )


class UndoStart(OfStart, View):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            cycles.undo_cycle(start=self.start, actor=request.user, at=timezone.now())
        except ValidationError as error:
            say_errors(request, error.messages)
        return redirect(self.start)


class StartOne(CapabilityMixin, View):
    """The plan of one person, begun by who looks after them, or by themselves."""

    capability = Capability.PLANS_VIEW
    http_method_names = ("post",)

    def post(self, request: HttpRequest, teacher_pk: int) -> HttpResponse:
        teacher = get_object_or_404(teachers_written_by(request.user), pk=teacher_pk)
        try:
            starting.begin_one(teacher=teacher, actor=request.user, on=request.user.today)
        except ValidationError as error:
            say_errors(request, error.messages)
        else:
            messages.success(request, _("The plan has begun, as a draft."))
        if teacher.user_id == request.user.pk:
            return redirect("learning_plans:my_plan")
        return redirect("learning_plans:plan", pk=teacher.pk)
