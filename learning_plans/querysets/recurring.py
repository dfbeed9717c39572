"""How people stand to their rules on a day, as the database works it out: the query twin of `rules.recurring`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Case, Count, DateField, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from learning_plans.querysets.dates import DaysAfter, YearsAfter
from learning_plans.rules.assigning import TIME_FOR_LATE
from learning_plans.rules.choices import CompletionState, DueRule, MemberState, Repeats
from learning_plans.rules.progress import DUE_SOON
from learning_plans.rules.recurring import IN_ROUNDS, Round, round_holding, settled_from
from teachers.querysets.people import running

if TYPE_CHECKING:
    from learning_plans.models import AssignmentRule
    from learning_plans.querysets.assigning import RuleMemberQuerySet

MOST_PAST_ROUNDS = 5
ROUNDS = [each.value for each in IN_ROUNDS]
ONCE = Q(rule__repeats=Repeats.ONCE.value)
FROM_COMPLETION = Q(rule__repeats=Repeats.COMPLETION.value)
WAS_GOOD_ON_JOINING = FROM_COMPLETION & Q(runs_out_on__gte=F("joined_on"))


def round_of(rule: AssignmentRule, *, on: date) -> Round | None:
    """None for rules that have no rounds."""
    return rounds_of([rule], on=on).get(rule.pk)


def rounds_of(rules: Iterable[AssignmentRule], *, on: date) -> dict[int, Round]:
    """By rule, the round that runs on a day; asks for the school years of each district once."""
    years: dict[int, Any] = {}
    found = {}
    for rule in rules:
        if rule.repeats in ROUNDS:
            if rule.district_id not in years:
                years[rule.district_id] = _years(rule.district_id, on.year - 2, on.year + 1)
            held = round_holding(on, rule.recurrence, years[rule.district_id])
            if held is not None:
                found[rule.pk] = held
    return found


def round_ends_before(rule: AssignmentRule, *, on: date) -> list[date]:
    """Last days of the rounds that are over, newest first; of what is counted from completions, of school years.

    Only those in which the rule held already.
    """
    begun = timezone.localdate(rule.made_at)
    years = _years(rule.district_id, on.year - MOST_PAST_ROUNDS - 1, on.year + 1)
    if rule.repeats == Repeats.CYCLE:
        found, day = [], on
        while (held := round_holding(day, rule.recurrence, years)) and held.starts_on <= day and day >= begun:
            found.append(held.ends_on)
            day = held.starts_on - timedelta(days=1)
        ends = found[1:]
    else:
        starts = [year.starts_on for year in years if year.starts_on <= on]
        ends = [first - timedelta(days=1) for first in reversed(starts)]
    return [end for end in ends if end >= begun][:MOST_PAST_ROUNDS]


def past_rounds(members: RuleMemberQuerySet, rule: AssignmentRule, ends: Iterable[date]) -> list[tuple[Any, ...]]:
    """For each last day: whom the rule held for, who was trained, who was not, who was exempt, and the share."""
    found = []
    for end in ends:
        is_trained = Q(valid_until__gte=end)
        is_exempt = Q(exempted_at__date__lte=end) & (Q(valid_until=None) | Q(valid_until__lt=end))
        counts = members.as_of(end).with_state(on=end, rule=rule).order_by().aggregate(
            held=Count("pk"), trained=Count("pk", filter=is_trained), exempt=Count("pk", filter=is_exempt)
        )  # fmt: skip
        held, trained, exempt = counts["held"], counts["trained"], counts["exempt"]
        asked = held - exempt
        if held:
            found.append((end, held, trained, asked - trained, exempt, trained / asked if asked else None))
    return found


def standing_of(rules: Iterable[AssignmentRule], *, on: date) -> dict[str, Any]:
    """What `with_state` adds, in this order: each may rest on those before it."""
    rules = [rule for rule in rules if rule.is_recurring]
    rounds = rounds_of(rules, on=on)
    settled = {rule.pk: settled_from(rule.recurrence, rounds.get(rule.pk), on=on) for rule in rules}
    completions = apps.get_model("learning_plans", "Completion")._default_manager.filter(
        teacher=OuterRef("teacher"),
        course=OuterRef("rule__course"),
        state=CompletionState.APPROVED.value,
        completed_on__lte=on,
    )
    latest = completions.order_by("-completed_on", "-pk")
    return {
        "done_on": Subquery(latest.values("completed_on")[:1], output_field=DateField()),
        "done_as": Subquery(latest.values("pk")[:1], output_field=IntegerField()),
        "runs_out_on": Case(
            When(FROM_COMPLETION, then=YearsAfter(F("done_on"), F("rule__every_years"))), output_field=DateField()
        ),
        "valid_until": Case(
            When(FROM_COMPLETION, then=F("runs_out_on")),
            *_each_round(rounds, lambda held: held.next_ends_on, lambda held: Q(done_on__gte=held.next_opens_on)),
            *_each_round(rounds, lambda held: held.ends_on, lambda held: Q(done_on__gte=held.opens_on)),
            output_field=DateField(),
        ),
        "first_due_on": Case(
            *_each_round(rounds, lambda held: held.due_on, lambda held: Q()),
            When(rule__due_rule=DueRule.FIXED.value, then=F("rule__due_on")),
            When(rule__due_rule=DueRule.AFTER_HIRE.value, then=DaysAfter(_hired(on), F("rule__due_days"))),
            When(rule__due_rule=DueRule.AFTER_JOINING.value, then=DaysAfter(F("joined_on"), F("rule__due_days"))),
            output_field=DateField(),
        ),
        "due_on": Case(
            When(ONCE, then=Case(When(item__withdrawn_at=None, then=F("item__due_on")))),
            When(WAS_GOOD_ON_JOINING, then=F("runs_out_on")),
            When(first_due_on__gte=F("joined_on"), then=F("first_due_on")),
            default=DaysAfter(F("joined_on"), Value(TIME_FOR_LATE.days)),
            output_field=DateField(),
        ),
        # Compared first: it asks for the last completion once, and most people are up to date.
        "settled_from": Case(*(When(rule=pk, then=_day(day)) for pk, day in settled.items()), output_field=DateField()),
        "state": _state(on),
    }


def _state(on: date) -> Case:
    items = apps.get_model("learning_plans", "PlanItem")._default_manager.filter(pk=OuterRef("item"))
    is_required = Q(item__is_required=True) | (~ONCE & Q(rule__is_required=True))
    return Case(
        When(left_on__lte=on, then=Value(MemberState.LEFT.value)),
        When(ONCE & Exists(items.with_facts().filter(is_done=True)), then=Value(MemberState.DONE.value)),
        When(done_on__gte=F("settled_from"), then=Value(MemberState.DONE.value)),
        When(exempted_at__isnull=False, then=Value(MemberState.EXEMPT.value)),
        When(is_required & Q(due_on__lt=on), then=Value(MemberState.OVERDUE.value)),
        When(due_on__range=(on, on + DUE_SOON), then=Value(MemberState.DUE_SOON.value)),
        default=Value(MemberState.OPEN.value),
    )


def _years(district_id: int, first: int, last: int) -> Any:
    return apps.get_model("teachers", "SchoolYear")._default_manager.all().days_of(district_id, first, last)


def _each_round(rounds: dict[int, Round], then: Callable[[Round], date], condition: Callable[[Round], Q]) -> list[When]:
    return [When(Q(rule=pk) & condition(held), then=_day(then(held))) for pk, held in rounds.items()]


def _day(day: date) -> Value:
    return Value(day, output_field=DateField())


def _hired(on: date) -> Coalesce:
    """As `with_post` finds the first day of the spell that runs."""
    spells = apps.get_model("teachers", "Employment")._default_manager.filter(running(on), teacher=OuterRef("teacher"))
    first = Subquery(spells.order_by("-fte", "pk").values("started_on")[:1], output_field=DateField())
    return Coalesce(first, F("joined_on"))
