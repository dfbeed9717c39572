"""Training the law asks for again and again: most people are up to date, some are late, some new."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from learning_plans.actions.holding import hold_rule
from learning_plans.models import AssignmentRule, PlanItem, RuleMember
from learning_plans.rules.choices import DueRule, Repeats
from pd_tracker.access import Role
from pd_tracker.demo.careers import Spell, Training
from pd_tracker.demo.catalogue import ANNUAL, BY_CODE, HARASSMENT, PATHOGENS
from pd_tracker.demo.learning_rows import completion_row, credit_of
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add, moment
from teachers.rules.choices import Position
from teachers.rules.periods import Year

DAY = timedelta(days=1)
SEED = 20_260
FIRST_TIME = {PATHOGENS: (10, 60), HARASSMENT: (20, 175)}  # days after being hired
AGAIN = (660, 728)  # days after the last time
RENEWS = 0.93
YEARS_HELD = 2


def add_mandated(loaded: Loaded) -> None:
    """The rules have held for two years, so that there are rounds to look back at."""
    today = loaded.played.today
    begin = Year(loaded.played.last.start - YEARS_HELD).starts_on
    last = PlanItem.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    _add_training(loaded)
    rules = add(_rules(loaded, begin))
    for rule in rules:
        add(_members(loaded, rule, begin))
        hold_rule(rule=rule, on=today, at=moment(today), actor=rule.made_by)
    PlanItem.objects.filter(pk__gt=last).update(assigned_at=moment(loaded.played.last.starts_on))


def _rules(loaded: Loaded, begin: date) -> list[AssignmentRule]:
    of_all = {"district": loaded.district, "made_at": moment(begin), "made_by": loaded.user(Role.HR)}
    everybody = [position.value for position in Position]
    renewed = {"repeats": Repeats.COMPLETION.value, "every_years": 2, "due_rule": DueRule.AFTER_HIRE.value}
    return [
        AssignmentRule(
            **of_all, name="Child abuse reporting, every school year", course=loaded.courses[ANNUAL],
            repeats=Repeats.SCHOOL_YEAR.value, due_rule=DueRule.FIXED.value, due_on=date(begin.year, 10, 15),
            early_days=30, note="State law asks this of everybody who works with children.",
        ),
        AssignmentRule(
            **of_all, **renewed, name="Bloodborne pathogens, every two years", course=loaded.courses[PATHOGENS],
            due_days=60, duties=everybody,
        ),
        AssignmentRule(
            **of_all, **renewed, name="Preventing sexual harassment, every two years",
            course=loaded.courses[HARASSMENT], due_days=180,
            note="Within 180 days of being hired, then every two years.",
        ),
    ]  # fmt: skip


def _members(loaded: Loaded, rule: AssignmentRule, begin: date) -> Iterator[RuleMember]:
    """Whoever worked here since the rule began; who left, left it the day after."""
    today = loaded.played.today
    for career in loaded.played.careers:
        for spell in career.spells:
            joined_on, has_left = max(begin, spell.start), spell.end is not None and spell.end < today
            if joined_on <= today and (spell.end is None or spell.end >= begin):
                left_on = spell.end + DAY if has_left and spell.end is not None else None
                yield RuleMember(rule=rule, teacher=loaded.teacher(career), joined_on=joined_on, left_on=left_on)


def _add_training(loaded: Loaded) -> None:
    """From numbers of its own, so that everything else of the district stays as it is."""
    rng = Random(SEED)
    completions = [
        completion_row(loaded, loaded.teacher(career), training, None)
        for career in loaded.played.careers
        for spell in career.spells
        for code in FIRST_TIME
        for training in _trained(code, spell, until=loaded.played.today, rng=rng)
        if training.on >= loaded.played.first.starts_on
    ]
    add(completions, with_history=False)
    add((line for completion in completions for line in credit_of(completion)), with_history=False)


def _trained(code: str, spell: Spell, *, until: date, rng: Random) -> Iterator[Training]:
    last = min(spell.end or until, until)
    on = spell.start + rng.randint(*FIRST_TIME[code]) * DAY
    while on <= last:
        yield Training(code, on, BY_CODE[code].minutes)
        if rng.random() >= RENEWS:
            return
        on += rng.randint(*AGAIN) * DAY
