"""Keeping rules true: newcomers get the training into their plan, leavers lose what is still open.

Each batch of people is one transaction under a lock on the rule. A run that dies midway, or two at once, leave
nothing half done and do nothing twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from learning_plans.actions.plans import plans_of, school_year_holding
from learning_plans.models import AssignmentRule, Completion, Course, Plan, PlanItem, RuleMember
from learning_plans.querysets.assigning import audience_of
from learning_plans.querysets.recurring import round_of
from learning_plans.rules import recurring
from learning_plans.rules.assigning import due_day
from learning_plans.rules.batches import BATCH, batches
from learning_plans.rules.choices import DueRule, PlanState
from pd_tracker.audit.actions import record_each
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.models import Teacher, User

NEVER = date.min  # what nobody was asked for before


@dataclass(slots=True)
class Held:
    joined: int = 0
    left: int = 0
    assigned: int = 0


def hold_rule(
    *,
    rule: AssignmentRule,
    on: date,
    at: datetime,
    actor: User | None = None,
    told: Callable[[int], None] = lambda count: None,
) -> Held:
    """Makes a rule true on a day, and says how many it changed. `actor` is nobody when the day's work does it."""
    school_year_holding(on, district_id=rule.district_id)  # without one, nobody has a plan to put it into
    held = Held()
    people = audience_of(rule, on=on).order_by().values("pk")
    live = rule.members.live()
    if Course.objects.on_offer(on=on).filter(pk=rule.course_id).exists():
        newcomers = audience_of(rule, on=on).exclude(pk__in=live.values("teacher")).order_by("pk")
        for keys in batches(newcomers.values_list("pk", flat=True)):
            held.joined += join(rule, keys, actor=actor, on=on)
            told(held.joined)
    for keys in batches(live.exclude(teacher__in=people).values_list("pk", flat=True)):
        leave(rule, keys, actor=actor, at=at, on=on)
        held.left += len(keys)
    if is_asking(rule, on=on):
        for keys in batches(live.with_another_day(on=on).values_list("pk", flat=True)):
            set_days(rule, keys, actor=actor, on=on)
        for keys in batches(live.in_need_of_an_item(on=on).values_list("pk", flat=True)):
            held.assigned += give(rule, keys, actor=actor, at=at, on=on)
            told(held.joined + held.assigned)
    rule.checked_on = on
    rule.save_without_historical_record(update_fields=["checked_on"])  # type: ignore[attr-defined]
    return held


def taken(rule_id: int) -> AssignmentRule:
    """The rule as it stands, held until the transaction ends."""
    rule: AssignmentRule = AssignmentRule.objects.select_for_update().get(pk=rule_id)
    return rule


@transaction.atomic
def join(rule: AssignmentRule, teacher_ids: Collection[int], *, actor: User | None, on: date) -> int:
    """Who comes back after having been exempt is exempt again."""
    if taken(rule.pk).ended_at is not None:
        return 0
    known = RuleMember.objects.filter(rule=rule, teacher__in=teacher_ids).order_by("joined_on", "pk")
    there = set(known.live().values_list("teacher", flat=True))
    before = {member.teacher_id: member for member in known}
    members = []
    for teacher_id in teacher_ids:
        if teacher_id in there:
            continue
        member = RuleMember(rule=rule, teacher_id=teacher_id, joined_on=on)
        if (last := before.get(teacher_id)) is not None and last.exempted_at is not None:
            member.exempted_at, member.exempted_by_id = last.exempted_at, last.exempted_by_id
            member.exemption_reason = last.exemption_reason
        members.append(member)
    bulk_create_with_history(members, RuleMember, batch_size=BATCH, default_user=actor)
    return len(members)


@transaction.atomic
def give(rule: AssignmentRule, member_ids: Collection[int], *, actor: User | None, at: datetime, on: date) -> int:
    """Into the plan of the running year; who has the course there keeps that item, and what stayed open in the plan
    of a year that is over goes on with its due day."""
    if taken(rule.pk).ended_at is not None:
        return 0
    needy = RuleMember.objects.filter(pk__in=member_ids).in_need_of_an_item(on=on)
    members = list(needy.select_related("teacher", "item"))
    plans = open_plans(rule, members, actor=actor, on=on)
    members = [member for member in members if member.teacher_id in plans]
    carried = carried_over(members, at=at, actor=actor)
    in_plans = courses_in(plans.values(), rule)
    standing = {item.plan_id: item for item in in_plans if not (rule.is_recurring and item.is_done)}
    _require(rule, standing.values(), actor=actor)
    asked, rounds = asked_of(rule, members, on=on), {item.plan_id: item.round for item in in_plans}
    missing = [
        PlanItem(
            plan=plans[member.teacher_id],
            course_id=rule.course_id,
            due_on=carried[member.teacher_id].due_on if goes_on else asked[member.teacher_id].due_on,
            counts_from=asked[member.teacher_id].counts_from,
            round=rounds.get(plans[member.teacher_id].pk, 0) + 1,
            note=rule.note,
            is_required=rule.is_required,
        )
        for member in members
        for goes_on in [member.teacher_id in carried and not rule.is_recurring]
        if plans[member.teacher_id].pk not in standing
    ]
    made = bulk_create_with_history(missing, PlanItem, batch_size=BATCH, default_user=actor)
    standing |= {item.plan_id: item for item in made}
    for member in members:
        member.item = standing[plans[member.teacher_id].pk]
    bulk_update_with_history(members, RuleMember, ["item"], batch_size=BATCH, default_user=actor)
    keys = [item.pk for item in made]
    record_each(actor=actor, verb="training.assigned", model=PlanItem, keys=keys, rule=rule.pk)
    known = {teacher_id: item.due_on for teacher_id, item in carried.items()}
    news = [item.pk for item in made if known.get(item.plan.teacher_id, NEVER) != item.due_on]
    _tell(news, Notice.Kind.TRAINING_ASSIGNED, rule)
    return len(made)


def carried_over(members: Collection[RuleMember], *, at: datetime, actor: User | None) -> dict[int, PlanItem]:
    """By teacher, what stayed open in the plan of a year that is over; what a rule had put there leaves it."""
    kept = {member.teacher_id: member.item for member in members if member.item and not member.item.withdrawn_at}
    is_open = PlanItem.objects.with_facts().filter(pk__in=[item.pk for item in kept.values()], is_done=False)
    still = set(is_open.values_list("pk", flat=True))
    carried = {teacher_id: item for teacher_id, item in kept.items() if item.pk in still}
    _withdraw([item for item in carried.values() if item.assigned_by_id is None], actor=actor, at=at)
    return carried


def courses_in(plans: Iterable[Plan], rule: AssignmentRule) -> list[PlanItem]:
    """The rule's course in these plans, in the order it was asked for."""
    items = PlanItem.objects.standing().with_facts().filter(plan__in=plans, course=rule.course_id)
    return list(items.order_by("round", "pk"))


@transaction.atomic
def set_days(rule: AssignmentRule, member_ids: Collection[int], *, actor: User | None, on: date) -> int:
    """A completion was recorded late, or voided: what the rule asks for falls due on another day than the item says.

    What another rule asks for with the same item stays as it is, or the two would move it to and fro every day.
    """
    if taken(rule.pk).ended_at is not None:
        return 0
    members = list(RuleMember.objects.filter(pk__in=member_ids).with_another_day(on=on).select_related("item"))
    asked, items = asked_of(rule, members, on=on), []
    live = RuleMember.objects.live().filter(item__in=[member.item_id for member in members]).exclude(rule=rule)
    shared = set(live.values_list("item", flat=True))
    for member in members:
        if member.item is not None and member.item_id not in shared:
            found = asked[member.teacher_id]
            member.item.due_on, member.item.counts_from = found.due_on, found.counts_from
            items.append(member.item)
    bulk_update_with_history(items, PlanItem, ["due_on", "counts_from"], batch_size=BATCH, default_user=actor)
    record_each(actor=actor, verb="plan_item.saved", model=PlanItem, keys=[item.pk for item in items], rule=rule.pk)
    return len(items)


@transaction.atomic
def leave(
    rule: AssignmentRule,
    member_ids: Collection[int],
    *,
    actor: User | None,
    at: datetime,
    on: date,
    withdraw: bool = True,
) -> int:
    """How many open items were taken out. What is done stays, and so does what another rule or a person asked for."""
    taken(rule.pk)
    members = list(RuleMember.objects.live().filter(pk__in=member_ids))
    for member in members:
        member.left_on = on
    bulk_update_with_history(members, RuleMember, ["left_on"], batch_size=BATCH, default_user=actor)
    losing = [member for member in members if withdraw or member.exempted_at is not None]
    others = RuleMember.objects.live().filter(item=OuterRef("pk"), rule__ended_at=None)
    items = list(own_open_items(losing).filter(~Exists(others)))
    _withdraw(items, actor=actor, at=at)
    _tell([item.pk for item in items], Notice.Kind.TRAINING_WITHDRAWN, rule)
    return len(items)


def own_open_items(members: Collection[RuleMember]) -> QuerySet[PlanItem]:
    """What is not done of these people's items; only those that the rule made itself, and nobody else assigned."""
    keys = [member.item_id for member in members if member.item_id is not None]
    found: QuerySet[PlanItem] = PlanItem.objects.standing().with_facts().filter(pk__in=keys, is_done=False)
    return found.filter(assigned_by=None)


def open_plans(
    rule: AssignmentRule, members: Collection[RuleMember], *, actor: User | None, on: date
) -> dict[int, Plan]:
    """By teacher; whose plan is closed gets the training with the next one."""
    year = school_year_holding(on, district_id=rule.district_id)
    plans = plans_of([member.teacher for member in members], year=year, actor=actor)
    return {key: plan for key, plan in plans.items() if plan.state != PlanState.CLOSED}


@dataclass(frozen=True, slots=True)
class Asked:
    """By when, and from which day on training counts for it; without one, from the first day of the plan's year."""

    due_on: date | None
    counts_from: date | None = None


def asked_of(rule: AssignmentRule, members: Collection[RuleMember], *, on: date) -> dict[int, Asked]:
    """By teacher, what the rule asks of each on a day."""
    joined = {member.teacher_id: member.joined_on for member in members}
    people: QuerySet[Any] = Teacher.objects.filter(pk__in=joined).with_post(on=on).order_by()
    hired = dict(people.values_list("pk", "hired_on"))
    if rule.is_recurring:
        return _asked_again(rule, joined, hired, on=on)
    about = {"rule": DueRule(rule.due_rule), "due_on": rule.due_on, "due_days": rule.due_days}
    return {
        teacher_id: Asked(due_day(**about, hired_on=hired_on, joined_on=joined[teacher_id], on=on))  # type: ignore[arg-type]
        for teacher_id, hired_on in hired.items()
    }


def _asked_again(
    rule: AssignmentRule, joined: dict[int, date], hired: dict[int, date | None], *, on: date
) -> dict[int, Asked]:
    completed = Completion.objects.counted().filter(teacher__in=joined, course=rule.course_id)
    done = defaultdict(list)
    for teacher_id, day in completed.order_by().values_list("teacher", "completed_on"):
        done[teacher_id].append(day)
    found, held = {}, round_of(rule, on=on)
    for teacher_id, hired_on in hired.items():
        about = {"hired_on": hired_on, "joined_on": joined[teacher_id], "on": on, "round_of_day": held}
        stands = recurring.standing(rule.recurrence, completed=done[teacher_id], **about)  # type: ignore[arg-type]
        found[teacher_id] = Asked(stands.due_on, stands.counts_from)
    return found


def is_asking(rule: AssignmentRule, *, on: date) -> bool:
    """Before training begins to count for the first cycle, there is nothing to do."""
    held = round_of(rule, on=on)
    return held is None or held.opens_on <= on


def _require(rule: AssignmentRule, items: Iterable[PlanItem], *, actor: User | None) -> None:
    """A course somebody was only recommended becomes required by a rule that requires it."""
    raised = [item for item in items if rule.is_required and not item.is_required]
    for item in raised:
        item.is_required = True
    bulk_update_with_history(raised, PlanItem, ["is_required"], batch_size=BATCH, default_user=actor)


def _withdraw(items: Collection[PlanItem], *, actor: User | None, at: datetime) -> None:
    for item in items:
        item.withdrawn_at = at
    bulk_update_with_history(items, PlanItem, ["withdrawn_at"], batch_size=BATCH, default_user=actor)
    record_each(actor=actor, verb="plan_item.withdrawn", model=PlanItem, keys=[item.pk for item in items])


def _tell(item_ids: Collection[int], kind: Notice.Kind, rule: AssignmentRule) -> None:
    users = Teacher.objects.filter(plans__items__in=item_ids, user__isnull=False).values_list("user", flat=True)
    url = reverse("learning_plans:my_plan")
    tell(users.distinct(), kind=kind, url=url, rule=rule.name, course=rule.course.title)
