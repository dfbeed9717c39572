"""The explicit list of reports. They bring numpy with them, so they are loaded when somebody asks for one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.module_loading import import_string

from pd_tracker.access import Reader
from pd_tracker.reports.declared import Report
from pd_tracker.reports.parameters import ParameterForm
from pd_tracker.reports.result import ReportResult

CATALOGUE = {
    "participation": "pd_tracker.reports.participation.REPORT",
    "retention": "pd_tracker.reports.retention.REPORT",
    "survival": "pd_tracker.reports.survival.REPORT",
    "exits": "pd_tracker.reports.exits.REPORT",
    "pd_retention": "pd_tracker.reports.pd_retention.report.REPORT",
    "pd_kpi": "pd_tracker.reports.pd_kpi.REPORT",
    "event_study": "pd_tracker.reports.event_study.REPORT",
    "courses_forest": "pd_tracker.reports.courses_forest.REPORT",
    "equity_outcomes": "pd_tracker.reports.equity_outcomes.REPORT",
    "equity_access": "pd_tracker.reports.equity_access.REPORT",
    "trial": "pd_tracker.reports.trial.REPORT",
}


def report(name: str) -> Report:
    """The report of that name; KeyError for any other name."""
    found: Report = import_string(CATALOGUE[name])
    return found


def reports_for(reader: Reader) -> list[Report]:
    """The reports a reader may open, in the order of the catalogue."""
    return [made for made in map(report, CATALOGUE) if reader.may(made.capability)]


def run(name: str, reader: Reader, *, on: date, given: Mapping[str, str]) -> ReportResult:
    """A report with parameters as people write them; BadParameters when they cannot be read."""
    made = report(name)
    form = ParameterForm(made.parameters, reader, given)
    return made.build(reader, on=on, parameters=form.chosen)
