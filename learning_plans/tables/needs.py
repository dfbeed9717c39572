"""What teachers could grow in: frameworks, needs, self-assessments, priorities."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import NeedAnswerName
from learning_plans.tables import TEACHER_ID
from pd_tracker.sheets.table import Column, Kind, Table

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
