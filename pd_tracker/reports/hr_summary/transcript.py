"""The sheet Transcript detail: one row per line of credit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.fates import Fate
from pd_tracker.reports.facts.hr.learning import APPROVED, SOURCE_NAMES, STATE_NAMES, UNIT_NAMES, CreditRow
from pd_tracker.reports.hr_summary.checks import Checks
from pd_tracker.sheets.table import Column, Kind, Table

COLUMNS = (
    Column("credit_id", _("Credit id"), Kind.ID),
    Column("staff_id", _("Staff id"), Kind.ID),
    Column("name", _("Name")),
    Column("course_code", _("Course code"), Kind.ID),
    Column("course", _("Course")),
    Column("completed_on", _("Date completed"), Kind.DATE),
    Column("school_year", _("School year"), Kind.ID),
    Column("minutes", _("Raw minutes"), Kind.INTEGER),
    Column("hours", _("Hours"), Kind.HOURS, decimals=2),
    Column("category", _("Category")),
    Column("unit", _("Unit")),
    Column("amount", _("Amount"), Kind.DECIMAL, decimals=3),
    Column("credit_category", _("Credit category")),
    Column("state", _("State")),
    Column("void_reason", _("Reason for voiding")),
    Column("source", _("Source")),
    Column("fund", _("Fund")),
    Column("approved_by", _("Approved by")),
    Column("approved_on", _("Approved on"), Kind.DATE),
    Column("external_key", _("External key"), Kind.ID),
    Column("entered_by", _("Entered by")),
    Column("recorded_on", _("Recorded on"), Kind.DATE),
    Column("changed_on", _("Changed on"), Kind.DATE),
    Column("proof", _("Proof on file"), Kind.YES_NO),
)
OF_LICENSES = (
    Column("counted", _("Counted for the license"), Kind.DECIMAL, decimals=2),
    Column("reason", _("Reason code")),
    Column("why", _("Why")),
)
UNDECIDED = (None, None, None)  # no license in use was valid then


@dataclass(frozen=True)
class Credit:
    """What is known of each line beside itself; `fates` are none where nobody asked for the reasons."""

    lines: Iterable[CreditRow]
    changed: Mapping[int, date]
    proven: Collection[int]
    fates: Mapping[tuple[int, int | None], Fate] | None = None


def table(credit: Credit, school_year: str, checks: Checks) -> Table:
    return Table(
        key="transcript",
        title=_("Transcript detail"),
        columns=COLUMNS if credit.fates is None else (*COLUMNS, *OF_LICENSES),
        rows=rows(credit, school_year, checks),
        note=checks.unless_rows("transcript", _("No completion is dated in this school year.")),
    )


def rows(credit: Credit, school_year: str, checks: Checks) -> Iterator[Sequence[Any]]:
    """Minutes stand on the first line of a completion only, so that the column may be added up."""
    last = None
    for line in credit.lines:
        minutes = line.minutes if line.completion != last else None
        last = line.completion
        if minutes and line.state == APPROVED:
            checks.transcript_minutes += minutes
        known = (credit.changed.get(line.completion), line.completion in credit.proven)
        fate = () if credit.fates is None else credit.fates.get((line.completion, line.line), UNDECIDED)
        yield (*row(line, minutes, school_year), *known, *fate)


def row(line: CreditRow, minutes: int | None, school_year: str) -> Sequence[Any]:
    return (
        str(line.completion) if line.line is None else f"{line.completion}-{line.line}",
        line.staff_id,
        f"{line.family_name}, {line.given_name}",
        line.course_code,
        line.course,
        line.completed_on,
        school_year,
        minutes,
        None if minutes is None else minutes / 60,
        line.category,
        UNIT_NAMES[line.unit] if line.unit else None,
        line.amount,
        line.credit_category,
        STATE_NAMES[line.state],
        line.void_reason,
        SOURCE_NAMES[line.source],
        line.fund,
        line.approved_by,
        line.approved_on,
        line.external_key,
        line.entered_by,
        line.recorded_on,
    )
