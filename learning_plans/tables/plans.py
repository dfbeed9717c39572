"""Plans with their goals, items and reviews."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import GoalStateName, PlanStateName
from learning_plans.tables import COURSE_ID, TEACHER_ID
from pd_tracker.sheets.table import Column, Kind, Table

PLAN = Column("plan_id", _("Plan"), Kind.INTEGER, help=_("The id under /plans/."), sortable=False)
TEACHER = replace(TEACHER_ID, source="plan__teacher_id")
STAFF_ID = Column("staff_id", _("Staff id"), Kind.ID, source="plan__teacher__staff_id")
SCHOOL_YEAR = Column("school_year", _("School year"), source="plan__school_year__label")

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
        PLAN,
        TEACHER,
        STAFF_ID,
        SCHOOL_YEAR,
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
        PLAN,
        TEACHER,
        STAFF_ID,
        SCHOOL_YEAR,
        Column("title", _("Goal")),
        Column("reason", _("Why this goal"), sortable=False),
        Column("measure", _("How we will know"), sortable=False),
        Column("competency", _("Competency"), Kind.ID, source="competency__code"),
        Column("kpi", _("KPI"), Kind.ID, source="kpi__code"),
        Column("state", _("State"), show=lambda value: GoalStateName(value).label),
        Column("created_at", _("Created"), Kind.MOMENT),
    ),
)

REVIEWS = Table(
    key="reviews",
    title=_("Reviews"),
    columns=(
        PLAN,
        TEACHER,
        STAFF_ID,
        SCHOOL_YEAR,
        Column("planned_on", _("Planned for"), Kind.DATE),
        Column("held_on", _("Held on"), Kind.DATE),
        Column("decision", _("What was decided"), sortable=False),
    ),
)
