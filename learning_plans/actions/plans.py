"""Writing to personal plans: goals, items, training that somebody assigns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from learning_plans.actions.plan_life import NOT_NOW, begin_change, withdraw_requests
from learning_plans.models import Course, Goal, Plan, PlanItem
from learning_plans.rules.assigning import due_day
from learning_plans.rules.choices import DueRule, PlanState
from learning_plans.rules.plan_life import Part, may_change_item
from pd_tracker.audit.actions import record
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.actions.keeping import keep
from teachers.models import SchoolYear, Teacher, User


@dataclass(slots=True)
class Assigned:
    """What one act of assigning did, so that the page can say it and undo it."""

    items: list[PlanItem] = field(default_factory=list)
    already_had: list[Teacher] = field(default_factory=list)

    def __str__(self) -> str:
        added = ngettext("Assigned to %(count)d person.", "Assigned to %(count)d people.", len(self.items))
        words = added % {"count": len(self.items)}
        if self.already_had:
            had = ngettext(
                "%(count)d already has it in their plan.",
                "%(count)d already have it in their plan.",
                len(self.already_had),
            )
            words = f"{words} {had % {'count': len(self.already_had)}}"
        return words


def plans_of(teachers: Collection[Teacher], *, year: SchoolYear, actor: User | None) -> dict[int, Plan]:
    """The year's plan of each teacher, made where it is missing."""
    wanted = {teacher.pk: teacher for teacher in teachers}
    plans = {plan.teacher_id: plan for plan in Plan.objects.filter(teacher__in=wanted, school_year=year)}
    missing = [
        Plan(teacher=teacher, school_year=year, state=PlanState.DRAFT.value)
        for key, teacher in wanted.items()
        if key not in plans
    ]
    made = bulk_create_with_history(missing, Plan, batch_size=500, default_user=actor)
    return plans | {plan.teacher_id: plan for plan in made}


def school_year_holding(day: date, *, district_id: int) -> SchoolYear:
    year: SchoolYear | None = SchoolYear.objects.filter(district=district_id).holding(day).first()
    if year is None:
        raise ValidationError(_("The school year of today is not set up yet. Ask HR to load the newest roster."))
    return year


@transaction.atomic
def assign_training(
    *,
    teachers: Collection[Teacher],
    course: Course,
    due_on: date | None,
    note: str,
    is_required: bool,
    coach: User,
    on: date,
    due_after_hire: int | None = None,
) -> Assigned:
    """One course for several teachers, into the plan of the year that `on` lies in; each is told.

    It is due on one day for all, or so many days after each was hired.
    """
    _refuse_days(due_on, due_after_hire, on=on)
    result = Assigned()
    if not teachers:
        return result
    year = school_year_holding(on, district_id=course.district_id)
    plans = plans_of(teachers, year=year, actor=coach)
    in_plan = _with_course(plans.values(), course)
    result.already_had = [teacher for teacher in teachers if teacher.pk in in_plan]
    own_days = {} if due_after_hire is None else days_after_hire(teachers, due_after_hire, on=on)
    same = {"course": course, "note": note, "is_required": is_required, "assigned_by": coach}
    items = [
        PlanItem(plan=plans[teacher.pk], due_on=own_days.get(teacher.pk, due_on), **same)
        for teacher in teachers
        if teacher.pk not in in_plan
    ]
    result.items = _assign(items, course=course, coach=coach)
    return result


def _refuse_days(due_on: date | None, due_after_hire: int | None, *, on: date) -> None:
    if due_on is not None and due_after_hire is not None:
        raise ValidationError({"due_after_hire": _("Give a day or a number of days, not both.")})
    if due_on is not None and due_on < on:
        raise ValidationError({"due_on": _("Choose today or a later day.")})


def _with_course(plans: Iterable[Plan], course: Course) -> set[int]:
    """The teachers who have the course in one of these plans."""
    items = PlanItem.objects.standing().filter(plan__in=plans, course=course)
    return set(items.values_list("plan__teacher", flat=True))


def _assign(items: Collection[PlanItem], *, course: Course, coach: User) -> list[PlanItem]:
    made = bulk_create_with_history(items, PlanItem, batch_size=500, default_user=coach)
    withdraw_requests([item.plan for item in made if item.plan.state == PlanState.IN_REVIEW], actor=coach)
    for item in made:
        record(actor=coach, verb="training.assigned", subject=item, teacher=item.plan.teacher_id)
    _tell_teachers(made, Notice.Kind.TRAINING_ASSIGNED, course=course.title, by=coach.name)
    return list(made)


def days_after_hire(teachers: Collection[Teacher], days: int, *, on: date) -> dict[int, date | None]:
    people: QuerySet[Any] = Teacher.objects.filter(pk__in=[teacher.pk for teacher in teachers]).with_post(on=on)
    hired = people.order_by().values_list("pk", "hired_on")
    rule = DueRule.AFTER_HIRE
    return {
        pk: due_day(rule=rule, due_on=None, due_days=days, hired_on=hired_on, joined_on=on, on=on)
        for pk, hired_on in hired
    }


@transaction.atomic
def withdraw_items(*, items: Collection[PlanItem], actor: User, at: datetime) -> int:
    """Takes items out of plans; the rows stay, with the moment they were withdrawn."""
    standing = [item for item in items if item.withdrawn_at is None]
    for item in standing:
        item.withdrawn_at = at
        record(actor=actor, verb="plan_item.withdrawn", subject=item, teacher=item.plan.teacher_id)
    if standing:
        withdraw_requests([item.plan for item in standing], actor=actor)
        bulk_update_with_history(standing, PlanItem, ["withdrawn_at"], batch_size=500, default_user=actor)
        _tell_teachers(standing, Notice.Kind.TRAINING_WITHDRAWN, by=actor.name)
    return len(standing)


@transaction.atomic
def take_out(*, item: PlanItem, actor: User, at: datetime) -> None:
    """One item, by whoever may change it; it can be put back."""
    begin_item_change(item, actor=actor)
    withdraw_items(items=[item], actor=actor, at=at)


@transaction.atomic
def restore_item(*, item: PlanItem, actor: User) -> PlanItem:
    begin_item_change(item, actor=actor)
    item.withdrawn_at = None
    return keep(item, actor=actor, verb="plan_item.restored", teacher=item.plan.teacher_id)


@transaction.atomic
def save_item(*, item: PlanItem, teacher: Teacher, actor: User, on: date) -> PlanItem:
    write_item(item, teacher, actor=actor, on=on)
    tell_of_change(teacher, actor=actor, what=str(item))
    return item


def write_item(item: PlanItem, teacher: Teacher, *, actor: User, on: date) -> None:
    """Called inside a transaction by whoever then tells the teacher."""
    before = None if item._state.adding else PlanItem.objects.get(pk=item.pk)
    if item.due_on is not None and item.due_on < on and (before is None or before.due_on != item.due_on):
        raise ValidationError({"due_on": _("Choose today or a later day.")})
    if before is None:
        item.plan, item.assigned_by = plan_written(item, teacher, actor=actor, on=on), actor
    elif _is_of_a_rule(before) and (before.due_on, before.is_required) != (item.due_on, item.is_required):
        words = _("A rule asks for this. Whoever made the rule changes the day, or exempts the person.")
        raise ValidationError({"due_on": words})
    begin_item_change(before or item, actor=actor)
    item.is_required = item.is_required and Part.GUIDE in parts_writing(teacher, actor)
    if item.goal is not None and item.goal.plan_id != item.plan_id:
        raise ValidationError({"goal": _("Choose a goal of this plan.")})
    keep(item, actor=actor, verb="plan_item.saved", teacher=item.plan.teacher_id)


def _is_of_a_rule(item: PlanItem) -> bool:
    return item.rule_members.live().filter(exempted_at=None, rule__ended_at=None).exists()


def begin_item_change(item: PlanItem, *, actor: User) -> None:
    plan = begin_change(item.plan, actor=actor)
    parts = parts_writing(plan.teacher, actor)
    if not item._state.adding and not may_change_item(PlanState(plan.state), parts, item, user_id=actor.pk):
        raise ValidationError(_("This is not yours to change. Talk to your coach about it."))


def parts_writing(teacher: Teacher, actor: User) -> frozenset[Part]:
    """Doors let in owners and those who look after them; what each may do in which state is asked under the lock."""
    return frozenset({Part.OWNER if teacher.user_id == actor.pk else Part.GUIDE})


def plan_running(teacher: Teacher, *, actor: User, on: date) -> Plan:
    """The teacher's plan of the school year that holds the day, made when there is none."""
    year = school_year_holding(on, district_id=teacher.district_id)
    return plans_of([teacher], year=year, actor=actor)[teacher.pk]


@transaction.atomic
def mark_task(*, item: PlanItem, done_on: date | None, actor: User) -> PlanItem:
    """Done on a day, or not done after all."""
    if item.plan.state == PlanState.CLOSED:
        raise ValidationError(str(NOT_NOW[PlanState.CLOSED]))
    item.task_done_on = done_on
    verb = "plan_item.task_done" if done_on else "plan_item.task_reopened"
    return keep(item, actor=actor, verb=verb, teacher=item.plan.teacher_id)


def plan_written(row: Goal | PlanItem, teacher: Teacher, *, actor: User, on: date) -> Plan:
    return row.plan if row.plan_id else plan_running(teacher, actor=actor, on=on)


def _tell_teachers(items: Collection[PlanItem], kind: Notice.Kind, **facts: str) -> None:
    user_ids = (
        Teacher.objects.filter(plans__items__in=items, user__isnull=False).values_list("user", flat=True).distinct()
    )
    tell(user_ids, kind=kind, url=reverse("learning_plans:my_plan"), **facts)


def tell_of_change(teacher: Teacher, *, actor: User, what: str, url: str = "") -> None:
    if teacher.user_id is not None and teacher.user_id != actor.pk:
        url = url or reverse("learning_plans:my_plan")
        tell([teacher.user_id], kind=Notice.Kind.PLAN_CHANGED, url=url, by=actor.name, what=what)
