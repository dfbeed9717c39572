"""Templates of plans, and plans that are begun from them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import PlanStateName
from pd_tracker.sheets.table import Column, Kind, Table
from teachers.models.choices import PositionName, SchoolLevelName

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
