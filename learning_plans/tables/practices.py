"""What colleagues share, say about courses and ask for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning_plans.tables import COURSE_ID, TEACHER_ID
from pd_tracker.sheets.table import Column, Kind, Table

WISHES = Column("wishes", _("Asked for by"), Kind.INTEGER, source="wish_count", help=_("People who ask for a session."))

PRACTICES = Table(
    key="practices",
    title=_("Practices"),
    columns=(
        Column("title", _("What was tried")),
        Column("focus_area", _("Focus area")),
        Column("competency", _("Competency"), source="competency__name"),
        Column("course", _("Learned in"), source="course__title"),
        Column("given_name", _("Given name"), source="teacher__given_name"),
        Column("family_name", _("Family name"), source="teacher__family_name"),
        Column("shared_at", _("Shared"), Kind.MOMENT),
        Column("tried_by", _("Others who try it"), Kind.INTEGER),
    ),
)

PRACTICE = PRACTICES.also(
    Column("how", _("How it was done"), sortable=False),
    Column("outcome", _("What happened"), sortable=False),
    Column("evidence_url", _("To look at"), sortable=False),
    Column("course_code", _("Course code"), Kind.ID, source="course__code", sortable=False),
    Column("written_at", _("Written"), Kind.MOMENT),
    Column("withdrawn_at", _("Taken back"), Kind.MOMENT, sortable=False),
)

OPINIONS = Table(
    key="opinions",
    title=_("Opinions"),
    columns=(
        Column("completion_id", _("Completion"), Kind.INTEGER, help=_("The id under /completions/."), sortable=False),
        Column("course_code", _("Course code"), Kind.ID, source="completion__course__code", sortable=False),
        Column("stars", _("Would you recommend it, from 1 to 5"), Kind.INTEGER, sortable=False),
        Column("given_at", _("Given"), Kind.MOMENT, sortable=False),
    ),
)

COURSE_WISHES = Table(
    key="course_wishes",
    title=_("Asked for"),
    columns=(
        TEACHER_ID,
        Column("staff_id", _("Staff id"), Kind.ID, source="teacher__staff_id"),
        COURSE_ID,
        Column("course_code", _("Course code"), Kind.ID, source="course__code"),
        Column("course", _("Course"), source="course__title"),
        Column("wished_at", _("Asked"), Kind.MOMENT),
    ),
)

SPREAD = Table(
    key="spread",
    title=_("By focus area"),
    columns=(
        Column("area", _("Focus area"), sortable=False),
        Column("people", _("People"), sortable=False),
        Column("schools", _("Schools"), sortable=False),
    ),
)

SPREAD_SCHOOLS = Table(
    key="spread_schools",
    title=_("By school"),
    columns=(
        Column("school", _("School"), sortable=False),
        Column("people", _("People who share or try something"), sortable=False),
    ),
)
