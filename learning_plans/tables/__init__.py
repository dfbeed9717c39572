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
    GoalStateName,
    NeedAnswerName,
    PlanStateName,
    SeatPolicyName,
)
from pd_tracker.sheets.table import Column, Kind, Table
from teachers.models.choices import PositionName, SchoolLevelName


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

FRAMEWORKS = Table(
    key="frameworks",
    title=_("Frameworks"),
    columns=(
        Column("name", _("Framework")),
        Column("version", _("Version")),
        Column("publisher", _("Published by")),
        Column("parts", _("Parts"), Kind.INTEGER, source="part_count"),
        Column("is_default", _("Used by default"), Kind.YES_NO),
        Column("is_retired", _("Retired"), Kind.YES_NO),
    ),
)

COMPETENCIES = Table(
    key="competencies",
    title=_("Competencies"),
    columns=(
        Column("framework", _("Framework"), source="framework__name"),
        Column("version", _("Version"), source="framework__version"),
        Column("code", _("Code"), Kind.ID),
        Column("name", _("Name")),
        Column("description", _("Description"), sortable=False),
        Column("parent_code", _("Part of"), Kind.ID, source="parent__code"),
        Column("is_retired", _("Retired"), Kind.YES_NO),
    ),
)

PRIORITIES = Table(
    key="priorities",
    title=_("Priorities"),
    columns=(
        Column("competency", _("Competency"), source="competency__name"),
        Column("competency_code", _("Code"), Kind.ID, source="competency__code"),
        Column("school", _("School"), source="school__name", help=_("Empty: the whole district.")),
        Column("reason", _("Why"), sortable=False),
        Column("started_on", _("First day"), Kind.DATE),
        Column("ended_on", _("Last day"), Kind.DATE),
    ),
)

NEEDS = Table(
    key="needs",
    title=_("Needs"),
    columns=(
        TEACHER_ID,
        Column("staff_id", _("Staff id"), Kind.ID, source="teacher__staff_id"),
        Column("competency_id", _("Competency"), Kind.INTEGER, help=_("The id under /competencies/."), sortable=False),
        Column("competency_code", _("Code"), Kind.ID, source="competency__code"),
        Column("competency", _("Name"), source="competency__name"),
        Column("answer", _("Answer"), show=lambda value: NeedAnswerName(value).label),
        Column("comment", _("Comment"), sortable=False),
        Column("put_off_until", _("Put off until"), Kind.DATE),
        Column("answered_at", _("Answered"), Kind.MOMENT),
    ),
)

SELF_ASSESSMENTS = Table(
    key="self_assessments",
    title=_("Self-assessments"),
    columns=(
        TEACHER_ID,
        Column("staff_id", _("Staff id"), Kind.ID, source="teacher__staff_id"),
        Column("framework_id", _("Framework"), Kind.INTEGER, help=_("The id under /frameworks/."), sortable=False),
        Column("started_at", _("Begun"), Kind.MOMENT),
        Column("saved_at", _("Last saved"), Kind.MOMENT),
        Column("finished_at", _("Finished"), Kind.MOMENT),
    ),
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

PLANS = Table(
    key="plans",
    title=_("Plans"),
    columns=(
        TEACHER_ID,
        Column("staff_id", _("Staff id"), Kind.ID, source="teacher__staff_id"),
        Column("school_year", _("School year"), source="school_year__label"),
        Column("state", _("State"), show=lambda value: PlanStateName(value).label),
        Column("created_at", _("Created"), Kind.MOMENT),
    ),
)

PLAN_ITEMS = Table(
    key="plan_items",
    title=_("Plan items"),
    columns=(
        Column("plan_id", _("Plan"), Kind.INTEGER, help=_("The id under /plans/."), sortable=False),
        Column(
            "teacher_id",
            TEACHER_ID.label,
            Kind.INTEGER,
            source="plan__teacher_id",
            help=TEACHER_ID.help,
            sortable=False,
        ),
        Column("staff_id", _("Staff id"), Kind.ID, source="plan__teacher__staff_id"),
        Column("school_year", _("School year"), source="plan__school_year__label"),
        Column("goal_id", _("Goal"), Kind.INTEGER, help=_("The id among the goals of the plan."), sortable=False),
        COURSE_ID,
        Column("course_code", _("Course code"), Kind.ID, source="course__code"),
        Column("course", _("Course"), source="course__title"),
        Column("task", _("Task")),
        Column("note", _("Note"), sortable=False),
        Column("due_on", _("Due"), Kind.DATE),
        Column("is_required", _("Required"), Kind.YES_NO),
        Column("is_done", _("Done"), Kind.YES_NO, sortable=False),
        Column("completed_on", _("Completed"), Kind.DATE, sortable=False),
        Column("task_done_on", _("Done on"), Kind.DATE),
        Column("assigned_at", _("Assigned"), Kind.MOMENT),
        Column("withdrawn_at", _("Withdrawn"), Kind.MOMENT),
    ),
)

DUE_WHEN = _("No contact for two weeks, or the day of the next step has come.")
CONTACT_IS = _("Your last visit; before the first, the last time you assigned or planned something.")
PLAN_LIST = Table(
    key="plan_list",
    title=_("Plans"),
    columns=(
        Column("name", _("Name"), source="listed_name"),
        Column("staff_id", _("Staff id"), Kind.ID),
        Column("school", _("School"), source="school_name"),
        Column("subject", _("Subject")),
        Column(
            "plan",
            _("Plan"),
            source="plan_state",
            show=lambda value: PlanStateName(value).label,
            help=_("Drafts, and plans that are never used for evaluation, are counted above and not shown here."),
        ),
        Column("handed_in", _("Handed in"), Kind.MOMENT, source="handed_in_at"),
    ),
)

GOALS = Table(
    key="goals",
    title=_("Goals"),
    columns=(
        PLAN_ITEMS.columns[0],
        PLAN_ITEMS.columns[1],
        PLAN_ITEMS.columns[2],
        PLAN_ITEMS.columns[3],
        Column("title", _("Goal")),
        Column("reason", _("Why this goal"), sortable=False),
        Column("measure", _("How we will know"), sortable=False),
        Column("competency", _("Competency"), Kind.ID, source="competency__code"),
        Column("kpi", _("KPI"), Kind.ID, source="kpi__code"),
        Column("state", _("State"), show=lambda value: GoalStateName(value).label),
        Column("created_at", _("Created"), Kind.MOMENT),
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

START_PREVIEW = Table(
    key="start_preview",
    title=_("People"),
    columns=(
        Column("name", _("Name"), sortable=False),
        Column("staff_id", _("Staff id"), Kind.ID, sortable=False),
        Column("school", _("School"), sortable=False),
        Column("template", _("Template"), sortable=False),
        Column("because", _("Because"), sortable=False),
    ),
)

STARTED = Table(
    key="started",
    title=_("Started plans"),
    columns=(
        Column("name", _("Name"), source="listed_name"),
        Column("staff_id", _("Staff id"), Kind.ID),
        Column("school", _("School"), source="school_name"),
        Column("template", _("Template"), source="template_name"),
        Column("state", _("State"), source="plan_state", show=lambda value: PlanStateName(value).label),
    ),
)

TEMPLATES = Table(
    key="templates",
    title=_("Templates"),
    columns=(
        Column("name", _("Name")),
        Column("place", _("Order"), Kind.INTEGER),
        Column("position", _("Position"), show=lambda value: PositionName(value).label if value else ""),
        Column("experience_from", _("Years of experience, from"), Kind.INTEGER),
        Column("experience_to", _("Years of experience, to"), Kind.INTEGER),
        Column("school_level", _("School level"), show=lambda value: SchoolLevelName(value).label if value else ""),
        Column("school", _("School"), source="school__name"),
        Column("subject", _("Subject")),
        Column("is_apart", _("Never used for evaluation"), Kind.YES_NO, source="is_apart_from_evaluation"),
        Column("plans", _("Plans"), Kind.INTEGER, source="plan_count"),
        Column("is_retired", _("Retired"), Kind.YES_NO),
    ),
)

TEMPLATE = TEMPLATES.also(
    Column("guidance", _("Words for the teacher"), sortable=False),
    Column("mentor_within_days", _("A mentor within, in days"), Kind.INTEGER),
    Column("goals_within_days", _("Goals within, in days"), Kind.INTEGER),
    Column("weekly_minutes", _("Minutes each week"), Kind.INTEGER),
    Column("review_days", _("Reviews, in days"), sortable=False),
)

REVIEWS = Table(
    key="reviews",
    title=_("Reviews"),
    columns=(
        Column("plan_id", _("Plan"), Kind.INTEGER, help=_("The id under /plans/."), sortable=False),
        Column(
            "teacher_id",
            TEACHER_ID.label,
            Kind.INTEGER,
            source="plan__teacher_id",
            help=TEACHER_ID.help,
            sortable=False,
        ),
        Column("staff_id", _("Staff id"), Kind.ID, source="plan__teacher__staff_id"),
        Column("school_year", _("School year"), source="plan__school_year__label"),
        Column("planned_on", _("Planned for"), Kind.DATE),
        Column("held_on", _("Held on"), Kind.DATE),
        Column("decision", _("What was decided"), sortable=False),
    ),
)
