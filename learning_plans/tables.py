"""The lists of the learning side, each for page and file alike."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import (
    ActivityTypeName,
    CompletionSourceName,
    CompletionStateName,
    EvidenceTierName,
    PlanStateName,
)
from pd_tracker.sheets.table import Column, Kind, Table


def hours(minutes: int) -> Decimal:
    return Decimal(minutes) / 60


RECORD = Table(
    key="record",
    title=_("Completions"),
    columns=(
        Column("course", _("Course"), source="course__title"),
        Column("completed_on", _("Completed"), Kind.DATE),
        Column("course_code", _("Course code"), Kind.ID, source="course__code"),
        Column("provider", _("Provider"), source="course__provider__name"),
        Column("category", _("Category")),
        Column("hours", _("Hours"), Kind.HOURS, source="minutes", show=hours),
        Column("state", _("State"), show=lambda value: CompletionStateName(value).label),
        Column("source", _("Source"), show=lambda value: CompletionSourceName(value).label),
    ),
)

COMPLETIONS = Table(
    key="completions",
    title=_("Completions"),
    columns=(
        RECORD.columns[0],
        Column("staff_id", _("Staff id"), Kind.ID, source="teacher__staff_id"),
        Column("family_name", _("Family name"), source="teacher__family_name"),
        Column("given_name", _("Given name"), source="teacher__given_name"),
        *RECORD.columns[1:],
        Column("recorded_at", _("Recorded"), Kind.MOMENT),
    ),
)

COURSES = Table(
    key="courses",
    title=_("Courses"),
    columns=(
        Column("title", _("Course")),
        Column("code", _("Code"), Kind.ID),
        Column("provider", _("Provider"), source="provider__name"),
        Column("activity_type", _("Type"), show=lambda value: ActivityTypeName(value).label),
        Column("category", _("Category")),
        Column("hours", _("Hours"), Kind.HOURS, source="minutes", show=hours),
        Column("evidence_tier", _("Evidence"), show=lambda value: EvidenceTierName(value).label),
        Column("cost", _("Cost per seat ($)"), Kind.MONEY),
    ),
)

CASELOAD = Table(
    key="caseload",
    title=_("Caseload"),
    columns=(
        Column("name", _("Name"), source="listed_name"),
        Column("staff_id", _("Staff id"), Kind.ID),
        Column("school", _("School"), source="school_name"),
        Column("subject", _("Subject")),
        Column("plan", _("Plan"), source="plan_state", show=lambda value: PlanStateName(value).label),
        Column("done", _("Done"), Kind.INTEGER, source="done_count"),
        Column("due_soon", _("Due soon"), Kind.INTEGER, source="due_soon_count"),
        Column("overdue", _("Overdue"), Kind.INTEGER, source="overdue_count"),
        Column("hours", _("Hours this year"), Kind.HOURS, source="minutes_this_year", show=hours),
        Column(
            "last_contact",
            _("Last contact"),
            Kind.DATE,
            source="last_contact_on",
            help=_("The last time you assigned or planned something with this person."),
        ),
    ),
)
