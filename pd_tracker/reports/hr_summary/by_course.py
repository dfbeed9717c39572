"""The sheet By course: what was run, who came, and how many hours it made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.learning import ACTIVITY_NAMES, EVIDENCE_NAMES, CourseFacts, CourseRow
from pd_tracker.sheets.table import Column, Kind, Table

COLUMNS = (
    Column("code", _("Course code"), Kind.ID),
    Column("title", _("Title")),
    Column("provider", _("Provider")),
    Column("activity_type", _("Type")),
    Column("category", _("Category")),
    Column("evidence_tier", _("Evidence tier")),
    Column("sessions", _("Sessions"), Kind.INTEGER),
    Column("registered", _("Registered"), Kind.INTEGER),
    Column("waitlisted", _("Waitlisted"), Kind.INTEGER),
    Column("attended", _("Attended"), Kind.INTEGER),
    Column("completed", _("Completed"), Kind.INTEGER),
    Column("no_show", _("No-show"), Kind.INTEGER),
    Column("hours_each", _("Hours each"), Kind.HOURS, decimals=2),
    Column("total_hours", _("Total hours"), Kind.HOURS, decimals=2),
    Column("cost", _("Cost per seat ($)"), Kind.MONEY, decimals=2),
)
Courses = Sequence[tuple[CourseRow, CourseFacts]]


def table(courses: Courses) -> Table:
    return Table(
        key="by_course",
        title=_("By course"),
        columns=COLUMNS,
        rows=[row(course, facts) for course, facts in courses],
        totals=totals(courses) if courses else None,
        note="" if courses else _("No course was run or completed in this year."),
    )


def row(course: CourseRow, facts: CourseFacts) -> Sequence[Any]:
    kind, evidence = ACTIVITY_NAMES[course.activity_type], EVIDENCE_NAMES[course.evidence_tier]
    named = (course.code, course.title, course.provider, kind, course.category, evidence)
    return (*named, *figures(facts), course.minutes / 60, facts.minutes / 60, course.cost)


def figures(facts: CourseFacts) -> tuple[int, ...]:
    return facts.sessions, facts.registered, facts.waitlisted, facts.attended, facts.completed, facts.no_show


def totals(courses: Courses) -> Sequence[Any]:
    counts = (sum(column) for column in zip(*(figures(facts) for _course, facts in courses), strict=True))
    return (_("Total"), *(None,) * 5, *counts, None, minutes(courses) / 60, None)


def minutes(courses: Courses) -> int:
    return sum(facts.minutes for _course, facts in courses)
