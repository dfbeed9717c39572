"""The lists of the learning side, each for page and file alike."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import (
    ActivityTypeName,
    CompletionSourceName,
    CompletionStateName,
    CourseStateName,
    EnrollmentStateName,
    EvidenceTierName,
    PlanStateName,
    SeatPolicyName,
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

TEACHER_ID = Column("teacher_id", _("Teacher"), Kind.INTEGER, help=_("The id under /teachers/."), sortable=False)
COURSE_ID = Column("course_id", _("Course"), Kind.INTEGER, help=_("The id under /courses/."), sortable=False)

COMPLETION = COMPLETIONS.also(
    TEACHER_ID,
    COURSE_ID,
    Column("minutes", _("Minutes"), Kind.INTEGER),
    Column("fund", _("Fund")),
    Column("external_key", _("Key in the source system"), Kind.ID),
    Column("void_reason", _("Reason for voiding"), sortable=False),
    Column("approved_at", _("Approved"), Kind.MOMENT),
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

COURSE = COURSES.also(
    Column("minutes", _("Minutes"), Kind.INTEGER),
    Column("focus_areas", _("Focus areas"), sortable=False),
    Column("state", _("State"), show=lambda value: CourseStateName(value).label),
    Column("approved_from", _("Approved from"), Kind.DATE),
    Column("approved_until", _("Approved until"), Kind.DATE),
)

SESSIONS = Table(
    key="sessions",
    title=_("Sessions"),
    columns=(
        COURSE_ID,
        Column("course_code", _("Course code"), Kind.ID, source="course__code"),
        Column("course", _("Course"), source="course__title"),
        Column("section", _("Section")),
        Column("starts_at", _("Starts"), Kind.MOMENT),
        Column("ends_at", _("Ends"), Kind.MOMENT),
        Column("time_zone", _("Time zone")),
        Column("location", _("Room or link")),
        Column("capacity", _("Seats"), Kind.INTEGER),
        Column("taken", _("Seats taken"), Kind.INTEGER, sortable=False),
        Column("is_canceled", _("Canceled"), Kind.YES_NO),
        Column("seat_policy", _("How seats are given"), show=lambda value: SeatPolicyName(value).label),
        Column("draw_on", _("Seats are drawn on"), Kind.DATE),
    ),
)

DRAWN = Table(
    key="drawn",
    title=_("The order drawn"),
    columns=(
        Column("drawn_place", _("Place"), Kind.INTEGER, sortable=False),
        Column("staff_id", _("Staff id"), Kind.ID, source="teacher__staff_id", sortable=False),
        Column("family_name", _("Family name"), source="teacher__family_name", sortable=False),
        Column("given_name", _("Given name"), source="teacher__given_name", sortable=False),
        Column("state", _("Now"), show=lambda value: EnrollmentStateName(value).label, sortable=False),
    ),
)

DUE_WHEN = _("No contact for two weeks, or the day of the next step has come.")
CONTACT_IS = _("Your last visit; before the first, the last time you assigned or planned something.")

CASELOAD = Table(
    key="caseload",
    title=_("Caseload"),
    columns=(
        Column("name", _("Name"), source="listed_name"),
        Column("staff_id", _("Staff id"), Kind.ID),
        Column("school", _("School"), source="school_name"),
        Column("subject", _("Subject")),
        Column("due", _("Due a visit"), Kind.YES_NO, source="is_due", help=DUE_WHEN),
        Column("last_contact", _("Last contact"), Kind.DATE, source="last_contact_on", help=CONTACT_IS),
        Column("next_step", _("Next step"), sortable=False),
        Column("next_step_on", _("Next step by"), Kind.DATE),
        Column("plan", _("Plan"), source="plan_state", show=lambda value: PlanStateName(value).label),
        Column("done", _("Done"), Kind.INTEGER, source="done_count"),
        Column("due_soon", _("Due soon"), Kind.INTEGER, source="due_soon_count"),
        Column("overdue", _("Overdue"), Kind.INTEGER, source="overdue_count"),
        Column("hours", _("Hours this year"), Kind.HOURS, source="minutes_this_year", show=hours),
    ),
)
