"""Who works here, since when, where and until when: one row for each person, employment and assignment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pd_tracker.imports.fields import Field, choice, day, decimal, email, integer, text
from pd_tracker.imports.importer import Importer
from teachers.imports.people import RosterPlanner
from teachers.imports.separations import POSITIONS, SEPARATION_REASONS, SEPARATION_TYPES
from teachers.models.choices import PositionName, SeparationReasonName, SeparationTypeName

PERSON = (
    Field(
        "staff_id",
        _("Staff id"),
        text(40),
        required=True,
        help=_("The id that HR knows a person by. Keep leading zeros by formatting the column as text."),
        example="004217",
        also=("employee_id", "employee_number", "staff_number", "teacher_id", "emp_id", "person_id"),
    ),
    Field(
        "given_name",
        _("Given name"),
        text(100),
        required=True,
        example="Maria",
        also=("first_name", "first", "forename"),
    ),
    Field(
        "family_name",
        _("Family name"),
        text(100),
        required=True,
        example="Okafor",
        also=("last_name", "last", "surname"),
    ),
    Field("email", _("Email"), email, example="maria.okafor@district.example", also=("email_address", "work_email")),
)
EMPLOYMENT = (
    Field(
        "position",
        _("Position"),
        choice(PositionName, POSITIONS),
        help=_("classroom teacher, substitute, aide or other. Empty means classroom teacher for somebody new."),
        example="classroom teacher",
        also=("job_title", "job_class", "assignment_type"),
    ),
    Field(
        "fte",
        _("FTE"),
        decimal(places=3, low=0, high=2),
        help=_("From 0 to 2. Empty means 1 for somebody new."),
        example=1,
        also=("full_time_equivalent", "fte_percent"),
    ),
    Field(
        "employment_start",
        _("First day of employment"),
        day,
        required=True,
        help=_("It names the employment: give the same day on every row that is about it."),
        example="2019-08-19",
        also=("hire_date", "start_date", "date_hired", "hired_on"),
    ),
    Field(
        "employment_end",
        _("Last day of employment"),
        day,
        help=_("Empty while the person works here. Only a last day ends an employment; a reason alone does not."),
        also=("end_date", "exit_date", "termination_date", "separation_date", "last_day"),
    ),
    Field(
        "separation_type",
        _("Kind of separation"),
        choice(SeparationTypeName, SEPARATION_TYPES),
        help=_("voluntary, involuntary, mutual agreement or other."),
    ),
    Field(
        "separation_reason",
        _("Reason for leaving"),
        choice(SeparationReasonName, SEPARATION_REASONS),
        help=_("CEDS codes or names, or plain words: retirement, resignation, non-renewal, layoff, death, unknown …"),
        also=("exit_reason", "termination_reason", "reason"),
    ),
)
ASSIGNMENT = (
    Field(
        "school_id",
        _("School id"),
        text(30),
        help=_("As in the file of schools, which is loaded first."),
        example="0123",
        also=("school_code", "school_number", "site", "site_id", "site_code", "building_id", "campus_id"),
    ),
    Field("subject", _("Subject"), text(80), example="Mathematics", also=("subject_area", "department")),
    Field("grades", _("Grades"), text(80), example="4-5", also=("grade", "grade_level", "grade_levels")),
    Field(
        "assignment_start",
        _("First day of assignment"),
        day,
        help=_("Empty means the first day of the employment."),
        example="2021-08-16",
        also=("assignment_start_date",),
    ),
    Field(
        "assignment_end",
        _("Last day of assignment"),
        day,
        help=_("Empty while it lasts."),
        also=("assignment_end_date",),
    ),
)
OPTIONAL = (
    Field("birth_year", _("Birth year"), integer(low=1900, high=2100), help=_("May be left out."), example=1985),
    Field(
        "experience_years",
        _("Years of experience at hire"),
        decimal(places=1, low=0, high=80),
        help=_("Years taught before this employment. May be left out."),
        example=6,
        also=("years_experience", "prior_experience"),
    ),
)

IMPORTER = Importer(
    kind="roster",
    title=_("Roster"),
    words=_("One row for each person, employment and assignment; several rows for one person are normal."),
    planner=RosterPlanner,
    is_extract=True,
    fields=PERSON + EMPLOYMENT + ASSIGNMENT + OPTIONAL,
)
