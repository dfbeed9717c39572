"""How practices spread: who shares or tries something, counted up to each month; small groups are not told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

FEWEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody shared a practice, or took one up, while at a school."""

    area: str
    person: int
    school: str
    on: date


@dataclass(frozen=True, slots=True)
class Spread:
    """One area: people and schools up to the end of each month; None where there are fewer than five people."""

    area: str
    people: tuple[int | None, ...]
    schools: tuple[int | None, ...]


def spread(taken: Iterable[Taken], months: Sequence[date]) -> list[Spread]:
    """The area that most people share or try comes first."""
    by_area: dict[str, list[Taken]] = {}
    for one in taken:
        by_area.setdefault(one.area, []).append(one)
    made = [_of_area(area, rows, months) for area, rows in by_area.items()]
    return sorted(made, key=lambda one: (-(one.people[-1] or 0) if one.people else 0, one.area))


def _of_area(area: str, rows: Sequence[Taken], months: Sequence[date]) -> Spread:
    until = [[one for one in rows if (one.on.year, one.on.month) <= (month.year, month.month)] for month in months]
    people = [shown(len({one.person for one in found})) for found in until]
    schools = [len({one.school for one in found if one.school}) for found in until]
    told = [count if known is not None else None for known, count in zip(people, schools, strict=True)]
    return Spread(area, tuple(people), tuple(told))


def by_school(taken: Iterable[Taken]) -> list[tuple[str, int | None]]:
    people: dict[str, set[int]] = {}
    for one in taken:
        people.setdefault(one.school, set()).add(one.person)
    return [(school, shown(len(found))) for school, found in sorted(people.items()) if school]


def shown(count: int) -> int | None:
    return count if count >= FEWEST_SHOWN else None


def months_until(day: date, count: int) -> list[date]:
    """The first days of the last months, oldest first, that of the day included."""
    last = day.year * 12 + day.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - count + 1, last + 1)]
