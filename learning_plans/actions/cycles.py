"""Starting a cycle for a school or the district, and taking a start back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from learning_plans.actions.starting import Outcome, begin_plans, look_ahead
from learning_plans.models import CycleStart, Goal, Plan, PlanDecision, PlanItem, PlanReview
from learning_plans.querysets.plans import PlanQuerySet
from learning_plans.rules.batches import batches
from learning_plans.rules.choices import PlanState
from pd_tracker.access import Capability
from pd_tracker.audit.actions import record, record_each
from pd_tracker.jobs.actions import start as start_job
from pd_tracker.jobs.models import Job
from teachers.actions.years import kept_year
from teachers.models import District, School, SchoolYear, User
from teachers.querysets.people import teachers_for

Told = Callable[[int], None]


@transaction.atomic
def start_cycle(
    *, year: SchoolYear, district: District, school: School | None, actor: User, on: date, at: datetime
) -> CycleStart:
    """Notes who starts what, and has it done in the background."""
    if year.ends_on < on:
        raise ValidationError(_("This school year is over. Choose the running year or the next one."))
    made = CycleStart(
        district=district,
        school_year=kept_year(year, actor=actor),
        school=school,
        day=on,
        started_by=actor,
        started_at=at,
    )
    made.full_clean()
    made.save()
    title = _("Starting plans for %(year)s") % {"year": year.label}
    made.job = _in_background("start_plans", made, owner=actor, title=title)
    made.save(update_fields=["job"])
    record(actor=actor, verb="cycle.started", subject=made)
    return made


def _in_background(name: str, start: CycleStart, *, owner: User, title: str) -> Job:
    arguments = {"start_id": start.pk, "actor_id": owner.pk}
    return start_job(function=f"learning_plans.jobs.{name}", title=title, owner=owner, arguments=arguments)


def run_start(start: CycleStart, *, actor: User, told: Told, total: Told) -> None:
    """Batch by batch, each in a transaction of its own: done again, it goes on with who has no plan yet."""
    teachers = teachers_for(actor, Capability.PLANS_START)
    preview = look_ahead(teachers, year=start.school_year, school=start.school, on=start.day)
    chosen = {line.teacher_id: line.template for line in preview.of(Outcome.STARTS) if line.template is not None}
    before = start.plans.count()
    total(before + len(chosen))
    done = before
    for keys in batches(chosen):
        batch = {key: chosen[key] for key in keys}
        begin_plans(batch, year=start.school_year, actor=actor, on=start.day, start=start)
        done += len(keys)
        told(done)


# --- Taking it back ---------------------------------------------------------------------------------------------


@transaction.atomic
def undo_cycle(*, start: CycleStart, actor: User, at: datetime) -> None:
    """Has the untouched plans of a start removed in the background."""
    start = CycleStart.objects.select_for_update(of=("self",)).select_related("school_year", "job").get(pk=start.pk)
    if start.undone_at is not None:
        raise ValidationError(_("This start was taken back already."))
    if start.job is not None and not start.job.is_over:
        raise ValidationError(_("The plans are still being started. Take it back once that is finished."))
    start.undone_at = at
    title = _("Taking back the plans for %(year)s") % {"year": start.school_year.label}
    start.job = _in_background("undo_start", start, owner=actor, title=title)
    start.save(update_fields=["undone_at", "job"])
    record(actor=actor, verb="cycle.undone", subject=start)


def run_undo(start: CycleStart, *, actor: User, told: Told, total: Told) -> None:
    keys = list(untouched(start).order_by("pk").values_list("pk", flat=True))
    total(len(keys))
    done = 0
    for batch in batches(keys):
        _remove(start, batch, actor=actor)
        done += len(batch)
        told(done)


@transaction.atomic
def _remove(start: CycleStart, keys: Sequence[int], *, actor: User) -> None:
    """Somebody may have written into one of them since they were listed."""
    locked = Plan.objects.select_for_update(of=("self",)).filter(pk__in=keys).values_list("pk", flat=True)
    found = list(untouched(start).filter(pk__in=list(locked)).values_list("pk", flat=True))
    PlanItem.objects.filter(plan__in=found).delete()
    PlanReview.objects.filter(plan__in=found).delete()
    Plan.objects.filter(pk__in=found).delete()
    record_each(actor=actor, verb="plan.start_undone", model=Plan, keys=found, start=start.pk)


def untouched(start: CycleStart) -> PlanQuerySet:
    """Drafts of a start into which nobody has written anything."""
    plan = {"plan": OuterRef("pk")}
    items = PlanItem.objects.filter(**plan)
    touched = Q(assigned_by__isnull=False) | Q(withdrawn_at__isnull=False) | Q(task_done_on__isnull=False)
    touched |= Q(rule_members__isnull=False) | Q(visits__isnull=False)
    changed = PlanItem.history.filter(plan=OuterRef("pk"), history_type="~")
    moved = PlanReview.history.filter(plan=OuterRef("pk"), history_type="~")
    return Plan.objects.filter(
        ~Exists(Goal.objects.filter(**plan)),
        ~Exists(PlanDecision.objects.filter(**plan)),
        ~Exists(PlanReview.objects.filter(**plan, held_on__isnull=False)),
        ~Exists(items.filter(touched)),
        ~Exists(changed),
        ~Exists(moved),
        start=start,
        state=PlanState.DRAFT.value,
    )
