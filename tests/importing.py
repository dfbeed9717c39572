"""Loading small files in tests, as text or as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from openpyxl import Workbook

from pd_tracker.access import Operator, Reader
from pd_tracker.imports.catalogue import importers
from pd_tracker.imports.importer import Asked, Options
from pd_tracker.imports.plan import Plan
from pd_tracker.imports.running import Applied, Source, apply_file, make_plan
from pd_tracker.sheets.reading import Sheet, open_sheet

TODAY = date(2025, 11, 3)
NOW = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
OPERATOR = Operator(today=TODAY)

Rows = Sequence[dict[str, Any]]


def as_csv(rows: Rows) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(dict.fromkeys(key for row in rows for key in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_workbook(rows: Sequence[Sequence[Any]], *, before: Sequence[Sequence[Any]] = ()) -> bytes:
    """The rows on the second sheet; on the first one a title, as real workbooks have it."""
    book = Workbook()
    book.active.append(["Report of the district office"])
    sheet = book.create_sheet("Data")
    for row in [*before, *rows]:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def source(content: bytes | Rows, filename: str = "file.csv") -> Source:
    return Source(io.BytesIO(content if isinstance(content, bytes) else as_csv(content)), filename)


def opened(file: Source, wanted: set[str]) -> Sheet:
    return open_sheet(file.file, file.filename, wanted)


def options(**said: Any) -> Options:
    return Options(**{"as_of": TODAY, "today": TODAY} | said)


def planned(kind: str, content: bytes | Rows, *, actor: Reader = OPERATOR, **said: Any) -> Plan:
    plan, _planner = make_plan(source(content), importers()[kind], Asked(actor, options(**said)))
    return plan


def loaded(
    kind: str, content: bytes | Rows, *, actor: Reader = OPERATOR, ends_confirmed: bool = False, **said: Any
) -> Applied:
    return apply_file(source(content), importers()[kind], actor, options(**said), at=NOW, ends_confirmed=ends_confirmed)


def totals(plan: Plan) -> dict[str, int]:
    """Only what is not zero."""
    return {name: count for name, count in plan.totals().items() if count}


def problems(plan: Plan) -> dict[tuple[int | None, str | None], str]:
    return {(problem.row, problem.field): problem.message for problem in plan.problems}
