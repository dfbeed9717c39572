"""The lists of coaching: visits, cycles and notes for programs, and where the time goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import CoachingActivityName, SharingName
from learning_plans.rules.coaching import FEWEST_COUNTED
from learning_plans.tables import TEACHER_ID, hours
from pd_tracker.sheets.table import Column, Kind, Table

COACH = Column("coach", _("Coach"), source="coach__name")
STAFF_ID = Column("staff_id", _("Staff id"), Kind.ID, source="teacher__staff_id")

CYCLES = Table(
    key="coaching_cycles",
    title=_("Coaching cycles"),
    columns=(
        TEACHER_ID,
        STAFF_ID,
        COACH,
        Column("focus", _("What we work on")),
        Column("goal_id", _("Goal"), Kind.INTEGER, help=_("The id among the goals of the plan."), sortable=False),
        Column("started_on", _("First day"), Kind.DATE),
        Column("ended_on", _("Last day"), Kind.DATE),
        Column("outcome", _("What came of it"), sortable=False),
    ),
)

ACTIVITY = Column("activity", _("What it was"), show=lambda value: CoachingActivityName(value).label)

VISITS = Table(
    key="visits",
    title=_("Visits"),
    columns=(
        TEACHER_ID,
        STAFF_ID,
        COACH,
        Column("cycle_id", _("Cycle"), Kind.INTEGER, help=_("The id under /coaching-cycles/."), sortable=False),
        Column("visited_on", _("Day"), Kind.DATE),
        Column("minutes", _("Minutes"), Kind.INTEGER),
        ACTIVITY,
        Column("focus_tags", _("Focus")),
        Column("next_step", _("Next step"), sortable=False),
        Column("next_step_on", _("Next step by"), Kind.DATE),
        Column("logged_at", _("Logged"), Kind.MOMENT),
    ),
)

NOTES = Table(
    key="coaching_notes",
    title=_("Coaching notes"),
    columns=(
        Column("visit_id", _("Visit"), Kind.INTEGER, help=_("The id under /visits/."), sortable=False),
        replace(TEACHER_ID, source="visit__teacher_id"),
        Column("author", _("Author"), source="author__name"),
        Column("sharing", _("Who can read this"), show=lambda value: SharingName(value).label),
        Column("written_at", _("Written"), Kind.MOMENT),
        Column("changed_at", _("Changed"), Kind.MOMENT),
        Column("shared_at", _("Shared"), Kind.MOMENT),
    ),
)

VISIT_COUNT = Column("visits", _("Visits"), Kind.INTEGER)
TIME_SPENT = Column("hours", _("Hours"), Kind.HOURS)

OWN_TIME = Table(
    key="coaching_time",
    title=_("My coaching time by month"),
    columns=(
        Column("month", _("Month")),
        Column("activity", ACTIVITY.label),
        VISIT_COUNT,
        TIME_SPENT,
    ),
)

COUNTED_TIME = Table(
    key="coaching_counts",
    title=_("Coaching time by coach"),
    columns=(COACH, Column("activity", ACTIVITY.label), VISIT_COUNT, TIME_SPENT),
    note=_("Lines with fewer than five teachers show no figures, and there are no sums that would give them away."),
)


def own_time(rows: Iterable[dict[str, Any]]) -> Table:
    lines = [
        (date_format(row["month"], "F Y"), label(row["activity"]), row["visits"], hours(row["minutes_spent"]))
        for row in rows
    ]
    total = ("", "", sum(line[2] for line in lines), sum((line[3] for line in lines), hours(0)))
    return Table(OWN_TIME.key, OWN_TIME.title, OWN_TIME.columns, lines, total if lines else None)


def counted_time(rows: Iterable[dict[str, Any]]) -> Table:
    """Who coaches whom stays with them: a leader gets figures of groups only."""
    return COUNTED_TIME.with_rows([(row["coach__name"], label(row["activity"]), *figures(row)) for row in rows])


def figures(row: dict[str, Any]) -> tuple[Any, Any]:
    if row["people"] < FEWEST_COUNTED:
        return None, None
    return row["visits"], hours(row["minutes_spent"])


def label(activity: str) -> Any:
    return CoachingActivityName(activity).label
