"""All sheets of one HR summary, ready to be written in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import gettext as _

from pd_tracker.access import Reader
from pd_tracker.audit.actions import record
from pd_tracker.reports.facts.calendar import district_of, newest_roster
from pd_tracker.reports.facts.hr.contract import contract_hours
from pd_tracker.reports.facts.hr.doubts import doubts
from pd_tracker.reports.facts.hr.fates import fates, proven
from pd_tracker.reports.facts.hr.funds import cost_by_person, spent
from pd_tracker.reports.facts.hr.learning import changed_on, credit, learning, plans
from pd_tracker.reports.facts.hr.places import places
from pd_tracker.reports.facts.hr.renewals import notices, renewals
from pd_tracker.reports.facts.hr.required import required
from pd_tracker.reports.facts.hr.roster import coaches, licenses, other_ids, roster
from pd_tracker.reports.facts.hr.scope import Scope
from pd_tracker.reports.facts.hr.sections import sections
from pd_tracker.reports.facts.hr.standings import standings, waivers
from pd_tracker.reports.files import data_words
from pd_tracker.reports.hr_summary import (
    about,
    by_fund,
    by_school,
    by_section,
    by_teacher,
    exceptions,
    overview,
    transcript,
)
from pd_tracker.reports.hr_summary import renewals as due
from pd_tracker.reports.hr_summary.checks import Checks
from pd_tracker.reports.hr_summary.form import Asked
from pd_tracker.sheets.charts import Chart
from pd_tracker.sheets.table import Table
from pd_tracker.sheets.writing import write_workbook
from teachers.actions.viewing import note_export


@dataclass(frozen=True)
class Summary:
    """The sheets; their rows are read once, in order, and counted on the way."""

    asked: Asked
    sheets: tuple[Table, ...]
    checks: Checks
    charts: tuple[Chart, ...] = ()

    @property
    def name(self) -> str:
        return f"hr-summary-{self.asked.year.label}"

    def write(self, out: BinaryIO) -> None:
        title = _("HR summary %(year)s") % {"year": self.asked.year.label}
        write_workbook(self.sheets, out, charts={overview.KEY: self.charts}, words=data_words(), title=title)

    def note_export(self, by: Reader) -> None:
        """To be called when the sheets were written: who took how much."""
        record(actor=by, verb="hr_summary.exported", filters=self.asked.parameters, rows=self.checks.rows)
        note_export(reader=by, teachers=self.asked.scope.people(), part="hr_summary")


def summary(asked: Asked, *, made_at: datetime) -> Summary:
    """The workbook for a question; `made_at` is a moment in the district's time."""
    scope, checks = asked.scope, Checks()
    funds = spent(scope)
    listed = people(scope, cost_by_person(funds))
    to_renew = renewals(scope, listed.roster)
    schools = by_school.schools(places(scope), listed, asked.year, to_renew)
    run_sections = sections(scope)
    seen = overview.Overview(listed, schools, to_renew, funds)
    checks.teacher_minutes, checks.school_minutes = listed.minutes, schools.minutes
    checks.section_minutes, checks.fund_minutes = by_section.minutes(run_sections), by_fund.together(funds).minutes
    sheets = [
        seen.table,
        by_teacher.table(listed),
        by_school.table(schools),
        by_section.table(run_sections),
        by_fund.table(funds, listed.roster, asked.year.label),
        transcript.table(lines_of_credit(asked, with_reasons=asked.with_reasons), asked.year.label, checks),
        due.table(due.Due(to_renew, listed.roster, listed.standings, waivers(scope), notices(scope))),
        exceptions.table(doubts(scope, listed.roster, listed.licenses), checks),
    ]
    run = run_of(asked, schools, made_at=made_at)
    every = [*sheets, about.table(run, checks, sheets)]
    return Summary(asked, tuple(map(checks.counting, every)), checks, tuple(seen.charts))


def lines_of_credit(asked: Asked, *, with_reasons: bool) -> transcript.Credit:
    scope = asked.scope
    decided = fates(scope) if with_reasons else None
    return transcript.Credit(credit(scope), changed_on(scope), proven(scope), decided)


def people(scope: Scope, costs: Mapping[int, Decimal]) -> by_teacher.People:
    return by_teacher.People(
        roster=roster(scope),
        learning=learning(scope),
        plans=plans(scope),
        licenses=licenses(scope),
        coaches=coaches(scope),
        required=required(scope),
        costs=costs,
        other_ids=other_ids(scope),
        standings=standings(scope),
        contracts=contract_hours(scope),
    )


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
