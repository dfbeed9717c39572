"""From what was saved to a file in a reader's reach."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from pd_tracker.access import Reader
from pd_tracker.audit.actions import record
from pd_tracker.reports.exports.columns import ColumnFile
from pd_tracker.reports.exports.florida import FloridaFile
from pd_tracker.reports.facts.hr.standings import bring_up_to_date
from pd_tracker.reports.hr_summary.form import Asked, HrSummaryForm
from pd_tracker.reports.models import NamedExport
from pd_tracker.reports.rules.exports import ExportKind, Schedule, last_month_end
from teachers.actions.viewing import note_export

if TYPE_CHECKING:
    from pd_tracker.reports.hr_summary.workbook import Summary


class Made(Protocol):
    """Ready to be written; its rows are counted while that is done."""

    @property
    def name(self) -> str: ...

    @property
    def rows(self) -> dict[str, int]: ...

    def write(self, out: BinaryIO) -> None: ...


class WorkbookFile:
    def __init__(self, made: Summary) -> None:
        self.made = made

    @property
    def name(self) -> str:
        return f"{self.made.name}.xlsx"

    @property
    def rows(self) -> dict[str, int]:
        return self.made.checks.rows

    def write(self, out: BinaryIO) -> None:
        self.made.write(out)


def asked_by(export: NamedExport, reader: Reader, *, due_on: date | None) -> Asked:
    """The question as this reader may ask it; BadParameters where they may not. A month's file shows its last day."""
    given = dict(export.filters)
    if due_on is not None and export.schedule == Schedule.MONTH_END and not {"on", "year"} & given.keys():
        given["on"] = last_month_end(due_on).isoformat()
    return HrSummaryForm(reader, given).asked


def made(kind: str, asked: Asked, options: dict[str, Any], *, at: datetime) -> Made:
    bring_up_to_date(asked.scope, at=at)
    match ExportKind(kind):
        case ExportKind.FLORIDA:
            return FloridaFile(asked, options)
        case ExportKind.COLUMNS:
            return ColumnFile(asked, options)
        case ExportKind.WORKBOOK:
            from pd_tracker.reports.hr_summary.workbook import summary

            return WorkbookFile(summary(asked, made_at=at))


def note(export: NamedExport, asked: Asked, rows: dict[str, int], *, by: Reader) -> None:
    """Who was handed how much of whom."""
    record(actor=by, verb="export.made", subject=export, kind=export.kind, filters=asked.parameters, rows=rows)
    note_export(reader=by, teachers=asked.scope.people(), part="hr_summary")
