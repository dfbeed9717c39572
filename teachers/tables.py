"""The lists of the people side, each for page and file alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pd_tracker.sheets.table import Column, Kind, Table
from teachers.models.choices import (
    KpiLevelName,
    PositionName,
    RoleName,
    SchoolLevelName,
    SeparationReasonName,
    TermName,
)
from teachers.querysets.directory import Status


class StatusName(TextChoices):
    EMPLOYED = Status.EMPLOYED.value, _("Employed")
    ON_LEAVE = Status.ON_LEAVE.value, _("On leave")
    STARTING = Status.STARTING.value, _("Starts later")
    LEFT = Status.LEFT.value, _("Left")
    UNKNOWN = Status.UNKNOWN.value, _("No employment entered")


def word(choices: type[TextChoices]) -> Callable[[str], Any]:
    labels = dict(choices.choices)
    return lambda value: labels.get(value, value)


def role_words(values: Any) -> str:
    return ", ".join(str(word(RoleName)(value)) for value in values or ())


PEOPLE = Table(
    key="people",
    title=_("People"),
    columns=(
        Column("family_name", _("Family name")),
        Column("given_name", _("Given name")),
        Column("staff_id", _("Staff id"), Kind.ID),
        Column("school", _("School"), source="school_name"),
        Column("subject", _("Subject")),
        Column("position", _("Position"), show=word(PositionName)),
        Column("fte", _("FTE"), Kind.DECIMAL),
        Column("started_on", _("Employed since"), Kind.DATE),
        Column("left_on", _("Last day"), Kind.DATE),
        Column("separation_reason", _("Reason for leaving"), show=word(SeparationReasonName)),
        Column("status", _("Status"), show=word(StatusName)),
    ),
)

# What a program gets of a person besides: keys to find them elsewhere, and what HR knows.
PERSON = PEOPLE.also(
    Column("preferred_name", _("Preferred name")),
    Column("email", _("Email"), source="own_email"),
    Column("birth_year", _("Birth year"), Kind.INTEGER, source="own_birth_year"),
    Column("experience_years", _("Years of experience at hire"), Kind.DECIMAL, source="own_experience_years"),
    Column(
        "school_id", _("School"), Kind.INTEGER, source="school_key", help=_("Its id under /schools/."), sortable=False
    ),
)

PARTS: dict[str, Any] = {
    "employment": _("Employment"),
    "licences": _("Licenses"),
    "plan": _("Plan"),
    "record": _("Record"),
    "growth": _("Where they could grow"),
    "caseload": _("Caseload"),
    "hr_summary": _("HR summary"),
    "history": _("History of changes"),
    "people": _("List of people"),
    "completion": _("A completion"),
    "kpis": _("KPI values"),
}

SEEN = Table(
    key="who_has_seen_me",
    title=_("Who has seen me"),
    columns=(
        Column("at", _("When"), Kind.MOMENT),
        Column("name", _("Who"), source="actor__name"),
        Column("roles", _("Role"), source="detail__roles", show=role_words, sortable=False),
        Column(
            "what",
            _("What"),
            source="verb",
            show=lambda verb: _("Downloaded") if verb.endswith("exported") else _("Opened"),
            sortable=False,
        ),
        Column("part", _("Which part"), source="detail__part", show=lambda part: PARTS.get(part, part), sortable=False),
    ),
)

ROLES = Table(
    key="roles",
    title=_("Roles"),
    columns=(
        Column("name", _("Name"), source="user__name"),
        Column("email", _("Email"), source="user__email"),
        Column("role", _("Role"), show=word(RoleName)),
        Column("school", _("Where"), source="place"),
        Column("starts_on", _("From"), Kind.DATE),
        Column("ends_on", _("Until"), Kind.DATE),
        Column("granted_by", _("Given by"), source="granted_by__name"),
        Column("may_sign_in", _("May sign in"), Kind.YES_NO, source="user__is_active"),
    ),
)

SCHOOLS = Table(
    key="schools",
    title=_("Schools"),
    columns=(
        Column("name", _("School")),
        Column("school_id", _("School id"), Kind.ID),
        Column("level", _("Level"), show=word(SchoolLevelName)),
        Column("grade_low", _("Lowest grade")),
        Column("grade_high", _("Highest grade")),
        Column("people", _("People now"), Kind.INTEGER, source="people_now"),
        Column("opened_on", _("Opened"), Kind.DATE),
        Column("closed_on", _("Last day"), Kind.DATE),
    ),
)

PROFILES = Table(
    key="school_years",
    title=_("Year by year"),
    columns=(
        Column("year", _("School year"), source="school_year__label"),
        Column("title_i", _("Title I"), Kind.YES_NO),
        Column("frpm_percent", _("Free or reduced-price meals (%)"), Kind.DECIMAL),
        Column("enrollment", _("Enrollment"), Kind.INTEGER),
    ),
)

KPI_VALUES = Table(
    key="kpi_values",
    title=_("KPI values"),
    columns=(
        Column("kpi", _("KPI"), source="kpi__code"),
        Column("school_year", _("School year"), source="school_year__label"),
        Column("term", _("Term"), show=word(TermName)),
        Column("level", _("Level"), show=word(KpiLevelName)),
        Column("teacher_id", _("Teacher"), Kind.INTEGER, help=_("The id under /teachers/."), sortable=False),
        Column("staff_id", _("Staff id"), Kind.ID, source="teacher__staff_id"),
        Column("school_id", _("School"), Kind.INTEGER, help=_("The id under /schools/."), sortable=False),
        Column("section", _("Section")),
        Column("subject", _("Subject")),
        Column("grades", _("Grades")),
        Column("student_group", _("Student group")),
        Column("value", _("Value"), Kind.DECIMAL),
        Column("n", _("Students"), Kind.INTEGER),
        Column("sd", _("Spread of students (SD)"), Kind.DECIMAL),
        Column("suppressed_at_source", _("Hidden at source"), Kind.YES_NO),
    ),
)
