"""Completions that wait: what each would change, what proves it, and deciding about many at once."""

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
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from learning_plans.actions import pending as actions
from learning_plans.credit.pending import Effect, effects_of
from learning_plans.filters.pending import PendingFilter
from learning_plans.forms.pending import DecideForm
from learning_plans.models import Completion, Evidence
from learning_plans.querysets.pending import LONG, waiting_for, with_waiting
from learning_plans.tables import pending as tables
from pd_tracker.access import Capability
from pd_tracker.sheets.table import Table
from pd_tracker.web.addresses import row_keys
from pd_tracker.web.downloads import FORMATS, table_download
from pd_tracker.web.views import CapabilityMixin, TablePage, require, say_errors
from teachers.actions.viewing import note_export, note_view
from teachers.forms.kept import take_errors
from teachers.models import Teacher
from teachers.querysets.people import teachers_for

DECIDED = "decided_completions"
NO_LICENSE = "–"


class Pending(TablePage):
    capability = Capability.COMPLETIONS_EDIT
    template_name = "learning_plans/pending/list.html"
    filterset_class = PendingFilter
    ordering = "waits"  # the moment it was recorded: the oldest first
    row_url_name = "learning_plans:decide_one"

    @cached_property
    def is_file(self) -> bool:
        return self.request.GET.get("format", "") in FORMATS

    def get_table(self) -> Table:
        return tables.pending(at=timezone.now(), is_file=self.is_file)

    def get_queryset(self) -> QuerySet[Completion]:
        user = self.request.user
        return with_waiting(waiting_for(user), on=user.today)

    def download(self, rows: QuerySet[Completion], wanted: str) -> Any:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("teacher"))
        note_export(reader=self.request.user, teachers=people, part="record")
        table = self.get_table()
        raw = list(rows.values_list("pk", *table.lookups))
        return table_download(self.with_effects(table, [row[0] for row in raw], [row[1:] for row in raw]), wanted)

    def with_effects(self, table: Table, keys: Sequence[int], raw: Sequence[Any]) -> Table:
        """Each row with what it would change for each license."""
        found = effects_of(Completion.objects.filter(pk__in=keys), on=self.request.user.today)
        words = {key: "; ".join(each.words for each in effects) or NO_LICENSE for key, effects in found.items()}
        shown = zip(keys, table.shown(raw), strict=True)
        columns = (*table.columns, tables.EFFECT)
        return replace(table, columns=columns, rows=[(*row, words[key]) for key, row in shown])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        table, keys = context["table"], context["row_keys"]
        plain = replace(table, columns=tuple(replace(column, show=None) for column in table.columns))
        long = self.get_queryset().filter(recorded_at__lt=timezone.now() - LONG).count()
        return context | {"table": self.with_effects(plain, keys, list(table.rows)), "long": long}


class Decide(CapabilityMixin, FormView):
    """The chosen ones once more, with what proves them; then all are approved, or returned with one reason."""

    capability = Capability.COMPLETIONS_EDIT
    template_name = "learning_plans/pending/decide.html"
    form_class = DecideForm

    def asked(self) -> list[int]:
        return row_keys(self.request.GET.getlist("completion"))

    @cached_property
    def chosen(self) -> QuerySet[Completion]:
        return waiting_for(self.request.user).filter(pk__in=self.asked())

    def back(self) -> str:
        kept = self.request.GET.get("back", "")
        return reverse("learning_plans:pending") + (f"?{kept}" if kept else "")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.chosen.exists():
            messages.error(request, _("Choose at least one completion that still waits."))
            return redirect(self.back())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: DecideForm) -> HttpResponse:
        user, given = self.request.user, form.cleaned_data
        act = actions.Act(given["act"])
        try:
            decided = actions.decide_all(
                completions=self.chosen, act=act, reason=given["reason"], actor=user, at=timezone.now()
            )
        except ValidationError as error:
            take_errors(form, error)
            return self.form_invalid(form)
        self.request.session[DECIDED] = {
            "act": act.value,
            "done": [each.completion.pk for each in decided if not each.problem],
            "refused": [[each.completion.pk, each.problem] for each in decided if each.problem],
        }
        return redirect("learning_plans:decided")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(
            self.chosen.select_related("teacher", "course__provider", "recorded_by").order_by("recorded_at", "pk")
        )
        for each in {row.teacher_id: row.teacher for row in rows}.values():
            note_view(reader=self.request.user, teacher=each, part="completion")
        return super().get_context_data(
            **kwargs,
            items=items_of(rows, request=self.request),
            count=len(rows),
            cancel_url=self.back(),
            breadcrumbs=[(_("Waiting for approval"), self.back())],
        )


class DecideOne(Decide):
    @cached_property
    def chosen(self) -> QuerySet[Completion]:
        people = teachers_for(self.request.user, Capability.COMPLETIONS_EDIT)
        one = get_object_or_404(Completion.objects.filter(teacher__in=people), pk=self.kwargs["pk"])
        return waiting_for(self.request.user).filter(pk=one.pk)


def items_of(rows: Sequence[Completion], *, request: HttpRequest) -> list[dict[str, Any]]:
    effects = effects_of(rows, on=request.user.today)
    proofs: dict[int, list[Evidence]] = {row.pk: [] for row in rows}
    for proof in Evidence.objects.visible_to(request.user).standing().filter(completion__in=rows):
        proofs[proof.completion_id].append(proof)
    return [item_of(row, effects[row.pk], proofs[row.pk]) for row in rows]


def item_of(row: Completion, effects: list[Effect], proofs: list[Evidence]) -> dict[str, Any]:
    return {"completion": row, "effects": effects, "evidence": proofs}


class DecidedPage(CapabilityMixin, TemplateView):
    """What became of the ones decided last, with the reason of each that was refused."""

    capability = Capability.COMPLETIONS_EDIT
    template_name = "learning_plans/pending/decided.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = self.request.session.get(DECIDED) or {"act": "", "done": [], "refused": []}
        reach = Completion.objects.filter(teacher__in=teachers_for(self.request.user, self.capability))
        keys = [*last["done"], *(pk for pk, _problem in last["refused"])]
        rows = {row.pk: row for row in reach.filter(pk__in=keys).select_related("teacher", "course")}
        return super().get_context_data(
            **kwargs,
            is_approval=last["act"] == actions.Act.APPROVE,
            done=[rows[pk] for pk in last["done"] if pk in rows],
            refused=[(rows[pk], problem) for pk, problem in last["refused"] if pk in rows],
            breadcrumbs=[(_("Waiting for approval"), reverse("learning_plans:pending"))],
        )


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """The decision made last is taken back; all of it waits again."""
    require(request, Capability.COMPLETIONS_EDIT)
    last = request.session.pop(DECIDED, None) or {"done": []}
    reach = teachers_for(request.user, Capability.COMPLETIONS_EDIT)
    rows = Completion.objects.filter(pk__in=last["done"], teacher__in=reach)
    decided = actions.take_back_all(completions=rows, actor=request.user, reason=_("Decision taken back"))
    say_errors(request, [f"{each.completion}: {each.problem}" for each in decided if each.problem])
    count = sum(1 for each in decided if not each.problem)
    messages.success(request, _("Waiting again: %(count)d.") % {"count": count})
    return redirect("learning_plans:pending")


@require_POST
@transaction.atomic
def hand_in_again(request: HttpRequest, pk: int) -> HttpResponse:
    """By the teacher whom it was returned to."""
    require(request, Capability.COMPLETIONS_VIEW)
    rows = Completion.objects.select_for_update(of=("self",)).filter(teacher__user=request.user.pk)
    completion = get_object_or_404(rows.select_related("teacher", "course"), pk=pk)
    try:
        actions.hand_in_again(completion=completion, actor=request.user)
    except ValidationError as error:
        say_errors(request, error.messages)
    else:
        messages.success(request, _("Handed in again. It waits for approval."))
    return redirect("learning_plans:completion", pk)


urlpatterns = [
    path("completions/pending/", Pending.as_view(), name="pending"),
    path("completions/pending/decide/", Decide.as_view(), name="decide"),
    path("completions/pending/decided/", DecidedPage.as_view(), name="decided"),
    path("completions/pending/take-back/", take_back, name="take_back_decision"),
    path("completions/pending/<int:pk>/", DecideOne.as_view(), name="decide_one"),
    path("completions/<int:pk>/hand-in/", hand_in_again, name="hand_in_again"),
]
