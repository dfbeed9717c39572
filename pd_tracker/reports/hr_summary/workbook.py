"""All sheets of one HR summary, ready to be written in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from pd_tracker.access import Reader
from pd_tracker.audit.actions import record
from pd_tracker.reports.facts.calendar import district_of, newest_roster
from pd_tracker.reports.facts.hr.doubts import doubts
from pd_tracker.reports.facts.hr.learning import courses, credit, learning, plans
from pd_tracker.reports.facts.hr.places import places
from pd_tracker.reports.facts.hr.roster import coaches, licenses, roster
from pd_tracker.reports.hr_summary import about, by_course, by_school, by_teacher, exceptions, transcript
from pd_tracker.reports.hr_summary.checks import Checks
from pd_tracker.reports.hr_summary.form import Asked
from pd_tracker.sheets.table import Table
from teachers.actions.viewing import note_export


@dataclass(frozen=True)
class Summary:
    """The sheets; their rows are read once, in order, and counted on the way."""

    asked: Asked
    sheets: tuple[Table, ...]
    checks: Checks

    @property
    def name(self) -> str:
        return f"hr-summary-{self.asked.year.label}"

    def note_export(self, by: Reader) -> None:
        """To be called when the sheets were written: who took how much."""
        record(actor=by, verb="hr_summary.exported", filters=self.asked.parameters, rows=self.checks.rows)
        note_export(reader=by, teachers=self.asked.scope.people(), part="hr_summary")


def summary(asked: Asked, *, made_at: datetime) -> Summary:
    """The workbook for a question; `made_at` is a moment in the district's time."""
    scope, checks = asked.scope, Checks()
    listed = by_teacher.People(roster(scope), learning(scope), plans(scope), licenses(scope), coaches(scope))
    schools = by_school.schools(places(scope), listed, asked.year)
    given = courses(scope)
    checks.teacher_minutes, checks.school_minutes = listed.minutes, schools.minutes
    checks.course_minutes = by_course.minutes(given)
    sheets = [
        by_teacher.table(listed),
        by_school.table(schools),
        by_course.table(given),
        transcript.table(credit(scope), asked.year.label, checks),
        exceptions.table(doubts(scope, listed.roster, listed.licenses), checks),
    ]
    run = run_of(asked, schools, made_at=made_at)
    every = [*sheets, about.table(run, checks, sheets)]
    return Summary(asked, tuple(checks.counting(sheet) for sheet in every), checks)


def run_of(asked: Asked, schools: by_school.Schools, *, made_at: datetime) -> about.Run:
    district = district_of(asked.scope.user)
    judged = schools.places.judged
    return about.Run(
        asked=asked,
        district=district.name if district else "",
        newest_roster=newest_roster(district),
        judged=judged.label if judged else "",
        made_at=made_at,
        made_by=named(asked.scope.user),
    )


def named(reader: Reader) -> str:
    email = getattr(reader, "email", "")
    return f"{reader} <{email}>" if email else _("The operator at the command line")
