"""Rules for required training, the people they hold for, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import AudienceName, DueRuleName, DutyName, MemberStateName, RepeatsName
from learning_plans.tables import TEACHER_ID
from pd_tracker.sheets.table import Column, Kind, Table


def duties_in_words(duties: Iterable[str]) -> str:
    return ", ".join(str(DutyName(duty).label) for duty in duties)


RULES = Table(
    key="assignment_rules",
    title=_("Rules for required training"),
    columns=(
        Column("name", _("Rule")),
        Column("course", _("Course"), source="course__title"),
        Column("course_code", _("Course code"), Kind.ID, source="course__code"),
        Column("is_required", _("Required"), Kind.YES_NO),
        Column("audience", _("For whom"), show=lambda value: AudienceName(value).label),
        Column("school", _("School"), source="school__name"),
        Column("subject", _("Subject")),
        Column("duties", _("Employed as, or with the role of"), show=duties_in_words, sortable=False),
        Column("repeats", _("Repeats"), show=lambda value: RepeatsName(value).label),
        Column("every_years", _("Years"), Kind.INTEGER, help=_("After how many it comes back.")),
        Column("cycle_from", _("First cycle begins"), Kind.DATE),
        Column("early_days", _("Counts early, in days"), Kind.INTEGER),
        Column("due_rule", _("Due"), show=lambda value: DueRuleName(value).label),
        Column("due_on", _("Day"), Kind.DATE),
        Column("due_days", _("Days"), Kind.INTEGER),
        Column("held", _("Holds for"), Kind.INTEGER, source="held_count"),
        Column("done", _("Done"), Kind.INTEGER, source="done_count"),
        Column("overdue", _("Overdue"), Kind.INTEGER, source="overdue_count"),
        Column("exempt", _("Exempt"), Kind.INTEGER, source="exempt_count"),
        Column("checked_on", _("Last checked"), Kind.DATE),
        Column("ended_at", _("Ended"), Kind.MOMENT),
    ),
)

# On a page a few columns are enough; a file and a program get them all.
LISTED = ("name", "course", "repeats", "audience", "school", "held", "done", "overdue", "exempt", "ended_at")
RULES_LISTED = Table(
    key=RULES.key, title=RULES.title, columns=tuple(column for column in RULES.columns if column.key in LISTED)
)

MEMBERS = Table(
    key="rule_members",
    title=_("People of this rule"),
    columns=(
        Column("name", _("Name"), source="listed_name"),
        Column("staff_id", _("Staff id"), Kind.ID, source="teacher__staff_id"),
        Column("school", _("School"), source="school_name"),
        Column("state", _("State"), show=lambda value: MemberStateName(value).label),
        Column("due_on", _("Due"), Kind.DATE),
        Column("done_on", _("Last completed"), Kind.DATE),
        Column("valid_until", _("Valid until"), Kind.DATE, help=_("The last day on which the training still counts.")),
        Column("joined_on", _("Joined"), Kind.DATE),
        Column("left_on", _("Left"), Kind.DATE),
        Column("exemption_reason", _("Reason for the exemption"), sortable=False),
    ),
)

MEMBER = MEMBERS.also(
    TEACHER_ID,
    Column("rule_id", _("Rule"), Kind.INTEGER, help=_("The id under /assignment-rules/."), sortable=False),
    Column("item_id", _("Plan item"), Kind.INTEGER, help=_("The id under /plan-items/."), sortable=False),
)

ROUNDS = Table(
    key="rounds",
    title=_("Rounds before this one"),
    columns=(
        Column("round", _("Until"), Kind.DATE, sortable=False),
        Column("held", _("Held for"), Kind.INTEGER, sortable=False),
        Column("covered", _("Trained"), Kind.INTEGER, sortable=False),
        Column("not_covered", _("Not trained"), Kind.INTEGER, sortable=False),
        Column("exempt", _("Exempt"), Kind.INTEGER, sortable=False),
        Column("share", _("Trained, of those not exempt"), Kind.PERCENT, sortable=False),
    ),
    note=_("How things stood on the last day of each round, as far as it is recorded by now."),
)

OVERDUE_BY_SCHOOL = Table(
    key="overdue_by_school",
    title=_("By school"),
    columns=(
        Column("school", _("School"), sortable=False),
        Column("people", _("People"), Kind.INTEGER, sortable=False),
        Column("things", _("Things overdue"), Kind.INTEGER, sortable=False),
    ),
)

FORESEEN = Table(
    key="foreseen",
    title=_("The first people it would hold for today"),
    columns=(
        Column("name", _("Name"), sortable=False),
        Column("staff_id", _("Staff id"), Kind.ID, sortable=False),
        Column("school", _("School"), sortable=False),
        Column("hired_on", _("Hired"), Kind.DATE, sortable=False),
        Column("due_on", _("Due"), Kind.DATE, sortable=False),
        Column("reason", _("Why"), sortable=False),
    ),
)

OVERDUE = Table(
    key="overdue",
    title=_("Overdue training"),
    columns=(
        Column("name", _("Name"), source="listed_name"),
        Column("staff_id", _("Staff id"), Kind.ID, source="plan__teacher__staff_id"),
        Column("school", _("School"), source="school_name"),
        Column("course", _("Course or task"), source="what"),
        Column("due_on", _("Due"), Kind.DATE),
        Column("rule", _("Rule"), source="rule_name"),
        Column("reminded_at", _("Last reminder"), Kind.MOMENT),
    ),
)
