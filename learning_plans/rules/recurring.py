"""Training that comes back: which round holds a day, and how one person stands to it."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from learning_plans.rules.assigning import TIME_FOR_LATE
from learning_plans.rules.choices import DueRule, MemberState, Repeats
from learning_plans.rules.progress import DUE_SOON

DAY = timedelta(days=1)
IN_ROUNDS = frozenset({Repeats.SCHOOL_YEAR, Repeats.CYCLE})
ASKING = frozenset({MemberState.OPEN, MemberState.DUE_SOON, MemberState.OVERDUE})


class Days(Protocol):
    """First and last day of a school year."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When training is asked for again.

    Parameters
    ----------
    due_rule, due_on, due_days
        Of rounds, the due day in each: the month and day of `due_on`, or so many days after the round starts. Of what
        is counted from a completion, the first due day, which may hang on the day of being hired.
    every_years
        Length of a cycle, or for how long a completion is good.
    cycle_from
        First day of the first cycle.
    early_days
        How long before a round starts, or before a completion runs out, training counts for what comes next.
    """

    repeats: Repeats
    due_rule: DueRule
    due_on: date | None = None
    due_days: int | None = None
    every_years: int | None = None
    cycle_from: date | None = None
    early_days: int = 0


@dataclass(frozen=True, slots=True)
class Round:
    """A school year or a cycle. Completions from `opens_on` on count for it."""

    opens_on: date
    starts_on: date
    due_on: date
    ends_on: date
    next_opens_on: date
    next_ends_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands to a rule that recurs; `counts_from` is the first day on which training settles it."""

    state: MemberState
    due_on: date
    counts_from: date
    done_on: date | None
    valid_until: date | None


def years_after(day: date, years: int) -> date:
    """The same day in another year; 29 February becomes 28 February where there is none."""
    year = day.year + years
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) and not isleap(year) else day.replace(year=year)


def round_holding(on: date, recurrence: Recurrence, years: Sequence[Days]) -> Round | None:
    """The round that runs on a day; before the first cycle, that one. `years` reach to the one after the day."""
    for (starts_on, ends_on), (next_starts_on, next_ends_on) in pairwise(_stretches(recurrence, years, on=on)):
        if starts_on <= on <= ends_on or recurrence.repeats is Repeats.CYCLE:
            early = timedelta(days=recurrence.early_days)
            return Round(
                opens_on=starts_on - early,
                starts_on=starts_on,
                due_on=_due_in(starts_on, recurrence),
                ends_on=ends_on,
                next_opens_on=next_starts_on - early,
                next_ends_on=next_ends_on,
            )
    return None


def _stretches(recurrence: Recurrence, years: Sequence[Days], *, on: date) -> list[tuple[date, date]]:
    """Without gaps: days between two school years belong to the one before them."""
    if recurrence.repeats is Repeats.SCHOOL_YEAR:
        last = [later.starts_on - DAY for later in years[1:]]
        return [
            (year.starts_on, end) for year, end in zip(years, [*last, *[y.ends_on for y in years[-1:]]], strict=True)
        ]
    length, begin = recurrence.every_years or 1, recurrence.cycle_from or on
    number = max(0, (on.year - begin.year) // length)
    if number and years_after(begin, number * length) > on:
        number -= 1
    starts = [years_after(begin, (number + ahead) * length) for ahead in range(3)]
    return [(first, following - DAY) for first, following in pairwise(starts)]


def _due_in(starts_on: date, recurrence: Recurrence) -> date:
    """The first such day of the calendar from the start on, or so many days after it."""
    if recurrence.due_on is None:
        return starts_on + timedelta(days=recurrence.due_days or 0)
    day = years_after(recurrence.due_on, starts_on.year - recurrence.due_on.year)
    return day if day >= starts_on else years_after(recurrence.due_on, starts_on.year + 1 - recurrence.due_on.year)


def standing(
    recurrence: Recurrence,
    *,
    completed: Iterable[date],
    hired_on: date | None,
    joined_on: date,
    on: date,
    round_of_day: Round | None = None,
    is_required: bool = True,
    is_exempt: bool = False,
) -> Standing:
    """How somebody stands on a day. Nobody is late from the start: a due day before they joined becomes 30 days later.

    Parameters
    ----------
    completed
        Days of approved completions of the course.
    round_of_day
        From `round_holding`; for rules in rounds only.
    """
    last = max((day for day in completed if day <= on), default=None)
    if round_of_day is not None:
        due_on, counts_from = in_time(round_of_day.due_on, joined_on=joined_on), round_of_day.opens_on
        valid_until = good_until(last, round_of_day)
        is_done = valid_until is not None
    else:
        length = recurrence.every_years or 1
        runs_out = years_after(last, length) if last is not None else None
        if last is not None and runs_out is not None and runs_out >= joined_on:
            due_on, counts_from = runs_out, last + DAY
        else:
            due_on = in_time(first_due(recurrence, hired_on=hired_on, joined_on=joined_on), joined_on=joined_on)
            counts_from = _first_still_good(joined_on, length)
        valid_until = runs_out
        is_done = due_on == runs_out and on < due_on - timedelta(days=recurrence.early_days)
    state = MemberState.EXEMPT if is_exempt else open_state(due_on, is_required=is_required, on=on)
    state = MemberState.DONE if is_done else state
    return Standing(state, due_on, counts_from, last, valid_until)


def open_state(due_on: date, *, is_required: bool, on: date) -> MemberState:
    """Of what is not done; the due day itself is not overdue."""
    if due_on < on:
        return MemberState.OVERDUE if is_required else MemberState.OPEN
    return MemberState.DUE_SOON if due_on - on <= DUE_SOON else MemberState.OPEN


def in_time(due_on: date, *, joined_on: date) -> date:
    return due_on if due_on >= joined_on else joined_on + TIME_FOR_LATE


def first_due(recurrence: Recurrence, *, hired_on: date | None, joined_on: date) -> date:
    """When training counted from a completion falls due for who has none; unknown hiring counts as joining."""
    if recurrence.due_on is not None:
        return recurrence.due_on
    begin = hired_on if recurrence.due_rule is DueRule.AFTER_HIRE and hired_on else joined_on
    return begin + timedelta(days=recurrence.due_days or 0)


def good_until(last: date | None, found: Round) -> date | None:
    """Until when the last completion counts; none when it does not count for this round."""
    if last is None or last < found.opens_on:
        return None
    return found.next_ends_on if last >= found.next_opens_on else found.ends_on


def settled_from(recurrence: Recurrence, round_of_day: Round | None, *, on: date) -> date:
    """The first day whose completion leaves nothing to do on a day."""
    if round_of_day is not None:
        return round_of_day.opens_on
    return _first_still_good(on + timedelta(days=recurrence.early_days + 1), recurrence.every_years or 1)


def _first_still_good(day: date, length: int) -> date:
    """The first day whose completion has not run out before another day."""
    first = years_after(day, -length)
    return first if years_after(first, length) >= day else first + DAY
