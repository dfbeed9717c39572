"""Reading a summary back, as Excel would."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pd_tracker.access import Operator, Reader
from pd_tracker.reports.hr_summary.form import HrSummaryForm
from pd_tracker.reports.hr_summary.workbook import Summary, summary

TODAY = date(2026, 1, 15)
OPERATOR = Operator(today=TODAY)
SHEETS = [
    "Summary", "By teacher", "By school", "By course and section", "By funding source", "Transcript detail",
    "Renewals due and overdue", "Exceptions", "About",
]  # fmt: skip


def summary_of(reader: Reader = OPERATOR, **given: str) -> Summary:
    return summary(HrSummaryForm(reader, given).asked, made_at=timezone.localtime())


def written(made: Summary) -> Any:
    out = io.BytesIO()
    made.write(out)
    return load_workbook(out)


def book(reader: Reader = OPERATOR, **given: str) -> Any:
    return written(summary_of(reader, **given))


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    """Rows by their headings, down to the first empty line."""
    head, *body = sheet.iter_rows(values_only=True)
    found = []
    for row in body:
        if not any(value is not None for value in row):
            break
        found.append(dict(zip(head, row, strict=True)))
    return found


def by(key: str, sheet: Worksheet) -> dict[Any, dict[str, Any]]:
    return {row[key]: row for row in rows(sheet)}


def about(made: Any) -> dict[tuple[str, str], Any]:
    return {(row["Part"], row["Item"]): row["Value"] for row in rows(made["About"])}
