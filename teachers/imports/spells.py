"""The rows of one person, gathered into spells of employment and checked against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from pd_tracker.imports.rows import Line
from teachers.imports.district import unlike
from teachers.rules.periods import periods_overlap

PERSON = ("given_name", "family_name", "email", "birth_year", "experience_years")
SEPARATION = ("separation_type", "separation_reason")
OF_SPELL = ("employment_end", *SEPARATION)
MOST_FTE = Decimal(2)


@dataclass(slots=True)
class Spell:
    """All rows with the same first day of employment, and the last day they give it."""

    started_on: date
    lines: list[Line]
    ended_on: date | None = None

    def first(self, key: str) -> Any:
        return next((line[key] for line in self.lines if line[key] is not None), None)

    def holds(self, start: date, end: date | None) -> bool:
        if start < self.started_on:
            return False
        return self.ended_on is None or (start <= self.ended_on and (end is None or end <= self.ended_on))


def gathered(lines: Iterable[Line]) -> dict[date, Spell]:
    spells: dict[date, Spell] = {}
    for line in lines:
        spells.setdefault(line["employment_start"], Spell(line["employment_start"], [])).lines.append(line)
    return spells


def first_said(lines: Iterable[Line], keys: Iterable[str]) -> dict[str, Any]:
    """Each value from the first row that gives one; only fields that the file has a column for."""
    said: dict[str, Any] = {}
    for line in lines:
        for key in keys:
            if key in line and said.get(key) is None:
                said[key] = line[key]
    return said


def contradictions(lines: Iterable[Line], keys: Iterable[str]) -> Iterator[tuple[Line, str, str]]:
    """Rows that say something else than an earlier row about the same thing. An empty cell says nothing."""
    first: dict[str, Line] = {}
    for line in lines:
        for key in keys:
            if line[key] is not None and line[key] != first.setdefault(key, line)[key]:
                yield line, key, unlike(first[key].row, first[key][key])


def overlap(spell: Spell, others: Mapping[date, date | None]) -> str:
    """The other employment, by first and last day, that shares a day with this one, in words."""
    for start, end in others.items():
        if start != spell.started_on and periods_overlap(spell.started_on, spell.ended_on, start, end):
            days = {"start": start, "end": end}
            if end is None:
                return _("the employment since %(start)s has no last day; give it one in a row of its own") % days
            return _("this overlaps the employment from %(start)s to %(end)s") % days
    return ""


def wrong_days(line: Line) -> Iterator[tuple[str, str]]:
    start, end = line["employment_start"], line["employment_end"]
    if end and end < start:
        yield "employment_end", _("the last day is before the first day, %(day)s") % {"day": start}
    start, end = line["assignment_start"], line["assignment_end"]
    if start and end and end < start:
        yield "assignment_end", _("the last day is before the first day, %(day)s") % {"day": start}
    for key in ("subject", "grades", "assignment_start", "assignment_end"):
        if line[key] is not None and line["school_id"] is None:
            yield "school_id", _("%(field)s is filled, so say at which school") % {"field": key}
            break


def latest_post(spell: Spell) -> tuple[dict[str, Any], tuple[Line, ...]]:
    """Position and FTE of the newest rows of a spell, and the rows whose different FTE were added up.

    Rows for the same days that carry the same FTE repeat the person's whole FTE; different ones are its parts, and so
    are halves or thirds of one post at several schools.
    """
    newest = max(line["assignment_start"] or spell.started_on for line in spell.lines)
    running = [
        line
        for line in spell.lines
        if (line["assignment_end"] or date.max) >= newest or line["assignment_start"] == newest
    ]
    values: dict[str, Any] = {}
    positions = [line["position"] for line in reversed(running) if line["position"]]
    if positions:
        values["position"] = positions[0]
    parts = [line["fte"] for line in running if line["fte"] is not None]
    if parts:
        shares_one_post = sum(parts) <= 1 and len({line["school_id"] for line in running}) > 1
        differ = len(set(parts)) > 1
        values["fte"] = sum(parts) if differ or shares_one_post else parts[0]
        return values, tuple(running) if differ and values["fte"] not in parts else ()
    return values, ()
