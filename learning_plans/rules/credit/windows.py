"""From which day to which day a license's credit is counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from learning_plans.rules.credit.decision import Step, Window
from learning_plans.rules.credit.facts import Facts, as_day
from learning_plans.rules.credit.pack import Cycle, Pack, When

A_YEAR = 366
YEAR_BEGINS = (7, 1)


def years_later(day: date, years: int) -> date:
    """The anniversary; that of 29 February is 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def year_of(day: date) -> int:
    """The year from 1 July to 30 June that holds the day, named by its first calendar year."""
    return day.year if (day.month, day.day) >= YEAR_BEGINS else day.year - 1


def school_year(day: date) -> Window:
    begin = year_of(day)
    return Window(date(begin, *YEAR_BEGINS), date(begin + 1, 6, 30))


def window_of(pack: Pack, facts: Facts) -> tuple[Window | None, list[Step]]:
    """The window with what moved its end; none when nobody knows from when it runs."""
    first, last = facts.licence.valid_from, facts.licence.valid_until
    if pack.cycle is Cycle.SCHOOL_YEAR and not (first and last and (last - first).days < A_YEAR):
        return school_year(facts.as_of), []
    if first is not None and last is None:
        last = years_later(first, pack.years) - timedelta(days=1)
    if last is not None and first is None:
        first = years_later(last + timedelta(days=1), -pack.years)
    if first is None or last is None or last < first:
        return None, [Step("no_window", {})]
    return _extended(pack, facts, Window(first, last))


def _extended(pack: Pack, facts: Facts, window: Window) -> tuple[Window, list[Step]]:
    steps = []
    for extension in pack.extensions:
        if holds(extension.when, facts, window):
            last = years_later(window.last, extension.years)
            steps.append(Step("extended", {"rule": extension.key, "before": window.last, "after": last}))
            window = Window(window.first, last)
    granted = facts.facts.get("extended_until")
    if granted:
        last = as_day(granted, "facts.extended_until")
        if last > window.last:
            steps.append(Step("extended", {"rule": "granted", "before": window.last, "after": last}))
            window = Window(window.first, last)
    return window, steps


def holds(when: When, facts: Facts, window: Window | None) -> bool:
    licence = facts.licence
    return (
        (not when.types or licence.type in when.types)
        and (not when.endorsements or not set(when.endorsements).isdisjoint(licence.endorsements))
        and set(when.without_endorsements).isdisjoint(licence.endorsements)
        and (not when.positions or bool(positions_on(facts) & set(when.positions)))
        and _fact_holds(when, facts.facts)
        and not (when.without_fact and facts.facts.get(when.without_fact))
        and _window_holds(when, window)
    )


def _fact_holds(when: When, facts: Mapping[str, Any]) -> bool:
    if not when.fact:
        return True
    value = facts.get(when.fact)
    if when.fact_below is None:
        return bool(value)
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value < when.fact_below


def _window_holds(when: When, window: Window | None) -> bool:
    if when.window_from_since is not None and (window is None or window.first < when.window_from_since):
        return False
    if when.window_from_before is not None and (window is None or window.first >= when.window_from_before):
        return False
    if when.window_until_since is not None and (window is None or window.last < when.window_until_since):
        return False
    return when.active_on is None or (window is not None and window.holds(when.active_on))


def positions_on(facts: Facts) -> set[str]:
    day = facts.as_of
    return {spell.position for spell in facts.employment if spell.first <= day and (spell.last or day) >= day}
