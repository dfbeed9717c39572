"""The sheet About: how the workbook was made, what its words mean, and whether its sheets agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.doubts import UNAPPROVED_DAYS
from pd_tracker.reports.hr_summary.checks import Checks
from pd_tracker.reports.hr_summary.form import Asked
from pd_tracker.sheets.table import Column, Table

COLUMNS = (
    Column("part", _("Part")),
    Column("item", _("Item")),
    Column("value", _("Value")),
)
MADE, ROWS, HOURS, MEANING = _("How it was made"), _("Rows"), _("Hours"), _("What the words mean")

DEFINITIONS = (
    (_("People listed"), _(
        "Everybody employed on any day of the school year, or with learning dated in it, unless the filters leave them "
        "out. Position, site and status are those of the day described: the site is the running assignment with most "
        "FTE, else the last one that ended. With a day chosen as “As of”, learning after it is in no number."
    )),
    (_("PD hours"), _(
        "Minutes / 60 of approved, unvoided completions dated in the school year. Hours waiting for approval stand in "
        "a column of their own and are in no total."
    )),
    (_("Teachers"), _(
        "Members of the snapshot: people employed as classroom teachers with an assignment above 0 FTE, and not on "
        "leave, on the census day, at the school where they then had most FTE. The filters for position and for people "
        "who left do not change them."
    )),
    (_("Participants and participation rate"), _(
        "Teachers of the snapshot with at least one approved completion in the school year; the rate divides them by "
        "all teachers of the snapshot."
    )),
    (_("Hours per FTE"), _("PD hours of the teachers of the snapshot, divided by the sum of their FTE on census day.")),
    (_("Median hours"), _("Half of the teachers of the snapshot have fewer hours, half have more.")),
    (_("Stayers, movers, leavers"), _(
        "What became of the teachers of one snapshot by the next: teaching at the same school or its successor; "
        "teaching at another school; on leave with a right to return; employed but no longer teaching; no longer in "
        "this district. Shown for the newest year, not after the chosen one, whose next census day the newest roster "
        "covers. Stayed in the district counts stayers, movers inside the district and people on leave."
    )),
    (_("Plan items"), _(
        "Overdue is a required item whose due day has passed without an approved completion; due soon is an open item "
        "due within 30 days; the due day itself is not overdue."
    )),
    (_("Registered, attended, completed"), _(
        "Registered: everybody who had a seat in a session of the school year, whatever came of it. Attended: those "
        "of them who came. Completed: approved completions in the school year, with or without a session."
    )),
    (_("Transcript detail"), _(
        "One row per line of credit; minutes and hours stand on the first line of each completion, so that the column "
        "may be added up. A completion without credit has one row. Completions that wait for approval or were voided "
        "are listed with their state."
    )),
    (_("Exceptions"), format_lazy(_(
        "Records to look at, not errors: possible duplicates, people employed on the day described without a site or "
        "(classroom teachers, once licenses are kept) without a valid license, more than 24 hours for a shorter course "
        "or more than twice its length, overlapping sessions, credit dated after the last day of work, and completions "
        "that wait for approval for more than {days} days."
    ), days=UNAPPROVED_DAYS)),
    (_("Licenses"), _(
        "By teacher shows of each person the license begun by the day described that runs longest; an extension by law "
        "counts. Renewals lists every license of an employed person that has ended or ends within 365 days and was not "
        "renewed by the day described; the last day itself is not overdue."
    )),
    (_("Standing of a license"), _(
        "What the renewal rules of the license say, as it was last worked out: required, counted, pending and not "
        "counted credit in the unit of the rules, rounded down. Expected by this day is what would be there if credit "
        "came evenly over the period. Where another day is described for which no standing is kept, these cells are "
        "empty."
    )),
    (_("Required trainings"), _(
        "What rules for required training ask of people who are not exempt, as it stands today. Owed is what is not "
        "done yet; overdue is the part of it whose due day has passed."
    )),
    (_("Hours of the contract"), _(
        "What the district's own contract asks of a person in the school year that holds the day described, and what "
        "counts for it so far. Empty for people of whom no contract asks hours on that day."
    )),
    (_("Cost"), _(
        "Cost per seat as the catalog says it. By course and section multiplies it by the seats that were taken, or by "
        "the completions where these are more; By teacher, By school and By funding source count the seat of each "
        "approved completion. Courses without a known cost add nothing and are counted beside it."
    )),
    (_("Course feedback"), _(
        "Of the whole course and all its years, once five people have answered: the number in steps of five, the mean "
        "in steps of a half, so that nobody's answer can be read from it."
    )),
    (_("Not in this workbook"), _(
        "Budgets and grants with their report lines, follow-up and evaluation methods, and ESSA attributes are left "
        "out: they are not kept here. Proofs themselves come with the statement of a license. What a coach last did is "
        "not for a personnel file, and feedback by school would tell of too few people."
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What a run says of itself besides its sheets."""

    asked: Asked
    district: str
    made_at: datetime
    made_by: str
    newest_roster: date | None
    judged: str


def table(run: Run, checks: Checks, sheets: Sequence[Table]) -> Table:
    return Table(key="about", title=_("About"), columns=COLUMNS, rows=rows(run, checks, sheets))


def rows(run: Run, checks: Checks, sheets: Sequence[Table]) -> Iterator[Sequence[Any]]:
    """Read last: the counts are those of the sheets already written."""
    yield from ((MADE, *pair) for pair in made(run))
    yield from ((ROWS, sheet.title, checks.rows.get(sheet.key, 0)) for sheet in sheets)
    yield from ((HOURS, *pair) for pair in hours(checks))
    yield from ((MEANING, *pair) for pair in DEFINITIONS)


def made(run: Run) -> Iterable[tuple[Any, Any]]:
    asked = run.asked
    return (
        (_("Workbook"), _("HR summary")),
        (_("District"), run.district or _("No district is on record.")),
        (_("Made on"), f"{run.made_at:%Y-%m-%d %H:%M %Z}"),
        (_("Made by"), run.made_by),
        (_("School year"), asked.year.label),
        (_("First day"), asked.year.starts_on),
        (_("Last day"), asked.year.ends_on),
        (_("Day described"), asked.on),
        *asked.in_words,
        (_("Census day (snapshot)"), asked.year.census_on),
        (_("Newest roster made on"), run.newest_roster or _("No roster is loaded, so no snapshot can be taken.")),
        (_("Stayers, movers, leavers of"), run.judged or _("No year yet: the next census day is not loaded.")),
    )


def hours(checks: Checks) -> Iterable[tuple[Any, Any]]:
    return (
        (_("By teacher"), checks.teacher_minutes / 60),
        (_("By school"), checks.school_minutes / 60),
        (_("By course and section"), checks.section_minutes / 60),
        (_("By funding source"), checks.fund_minutes / 60),
        (_("Transcript detail, approved"), checks.transcript_minutes / 60),
        (_("All five agree"), _("Yes") if checks.agree else _(
            "No. Records changed while the workbook was being made; make it again."
        )),
    )  # fmt: skip
