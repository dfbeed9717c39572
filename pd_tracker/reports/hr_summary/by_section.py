"""The sheet By course and section: what was run, who came, and how many hours it made at what cost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.sections import ACTIVITY_NAMES, EVIDENCE_NAMES, UNIT_NAMES, Section, SectionFacts
from pd_tracker.sheets.table import Column, Kind, Table

COLUMNS = (
    Column("code", _("Course code"), Kind.ID),
    Column("section", _("Section"), Kind.ID),
    Column("title", _("Title")),
    Column("provider", _("Provider")),
    Column("provider_number", _("Provider number"), Kind.ID),
    Column("starts_at", _("Start"), Kind.MOMENT),
    Column("ends_at", _("End"), Kind.MOMENT),
    Column("location", _("Place")),
    Column("activity_type", _("Type")),
    Column("category", _("Category")),
    Column("focus_areas", _("Focus areas")),
    Column("standards", _("Competencies of the framework")),
    Column("evidence_tier", _("Evidence tier")),
    Column("capacity", _("Seats"), Kind.INTEGER),
    Column("registered", _("Registered"), Kind.INTEGER),
    Column("waitlisted", _("Waitlisted"), Kind.INTEGER),
    Column("attended", _("Attended"), Kind.INTEGER),
    Column("completed", _("Completed"), Kind.INTEGER),
    Column("no_show", _("No-show"), Kind.INTEGER),
    Column("units", _("Credit in")),
    Column("hours_each", _("Hours each"), Kind.HOURS, decimals=2),
    Column("total_hours", _("Total hours"), Kind.HOURS, decimals=2),
    Column("opinions", _("Course: people who answered (in steps of 5)"), Kind.INTEGER),
    Column("opinion", _("Course: would recommend it (1 to 5)"), Kind.DECIMAL, decimals=2),
    Column("cost_each", _("Cost per seat ($)"), Kind.MONEY, decimals=2),
    Column("cost", _("Cost ($)"), Kind.MONEY, decimals=2),
    Column("cost_per_completion", _("Cost per completion ($)"), Kind.MONEY, decimals=2),
    Column("funds", _("Funds")),
)
COUNTED = COLUMNS.index(next(column for column in COLUMNS if column.key == "registered"))
Sections = Sequence[Section]


def table(sections: Sections) -> Table:
    return Table(
        key="by_section",
        title=_("By course and section"),
        columns=COLUMNS,
        rows=[row(section) for section in sections],
        totals=totals(sections) if sections else None,
        note="" if sections else _("No course was run or completed in this year."),
    )


def row(section: Section) -> Sequence[Any]:
    course, held, facts, opinions = section.course, section.row, section.facts, section.opinions
    return (
        course.code,
        held.section if held else None,
        course.title,
        course.provider,
        course.provider_number,
        *((timezone.localtime(held.starts_at), timezone.localtime(held.ends_at)) if held else (None, None)),
        held.location if held else None,
        ACTIVITY_NAMES[course.activity_type],
        course.category,
        course.focus_areas,
        section.standards,
        EVIDENCE_NAMES[course.evidence_tier],
        held.capacity if held else None,
        *counts(facts),
        "; ".join(sorted(str(UNIT_NAMES[unit]) for unit in facts.units)),
        course.minutes / 60,
        facts.minutes / 60,
        *((opinions.shown_count, opinions.shown_mean) if opinions else (None, None)),
        course.cost,
        section.cost,
        cost_per_completion(section),
        "; ".join(sorted(facts.funds)),
    )


def counts(facts: SectionFacts) -> tuple[int, ...]:
    return facts.registered, facts.waitlisted, facts.attended, facts.completed, facts.no_show


def cost_per_completion(section: Section) -> Decimal | None:
    return section.cost / section.facts.completed if section.cost is not None and section.facts.completed else None


def totals(sections: Sections) -> Sequence[Any]:
    counted = (sum(column) for column in zip(*(counts(section.facts) for section in sections), strict=True))
    cost = sum((section.cost for section in sections if section.cost is not None), Decimal(0))
    figures = (*counted, None, None, minutes(sections) / 60, None, None, None, cost, None, None)
    return (_("Total"), *(None,) * (COUNTED - 1), *figures)


def minutes(sections: Sections) -> int:
    return sum(section.facts.minutes for section in sections)
