"""Files to start from, and the rows that were not taken, in the columns they came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from pd_tracker.imports.fields import Field
from pd_tracker.imports.importer import Importer
from pd_tracker.sheets.reading import CellProblem, Sheet
from pd_tracker.sheets.table import Column, Kind, Table

IDS = frozenset({"school_id", "staff_id", "successor_school_id", "number"})


def template_tables(importer: Importer) -> tuple[Table, Table]:
    """The empty sheet to fill in, and a second one that says how: what stands there is never read as data."""
    columns = tuple(
        Column(field.key, field.key, Kind.ID if field.key in IDS else Kind.TEXT) for field in importer.fields
    )
    return Table(importer.kind, importer.kind, columns), explanation(importer)


def explanation(importer: Importer) -> Table:
    columns = (
        Column("heading", _("Heading")),
        Column("meaning", _("Meaning")),
        Column("needed", _("Needed"), Kind.YES_NO),
        Column("words", _("What belongs there")),
        Column("example", _("Example")),
    )
    rows = [
        (field.key, str(field.label), is_needed(field), str(field.help), field.example) for field in importer.fields
    ]
    return Table("how", _("How to fill this in"), columns, rows, note=importer.words)


def is_needed(field: Field) -> bool:
    return field.required or field.needs_column


def rejected_table(sheet: Sheet, problems: Sequence[Sequence[Any]]) -> Table:
    """The rejected rows with their reasons behind them: correct them, and load the same file again."""
    reasons: dict[int, list[str]] = {}
    for row, field, message in problems:
        if row is not None:
            reasons.setdefault(row, []).append(f"{field}: {message}" if field else message)
    columns = tuple(Column(f"column_{index}", heading) for index, heading in enumerate(sheet.headings))
    reason = Column("reason", _("What to correct"))
    return Table("rejected", _("Rejected rows"), (*columns, reason), rejected_rows(sheet, reasons))


def rejected_rows(sheet: Sheet, reasons: Mapping[int, list[str]]) -> Iterator[tuple[Any, ...]]:
    width = len(sheet.headings)
    for row in sheet.rows:
        if row.place.row in reasons:
            cells = [None if isinstance(cell, CellProblem) else cell for cell in row.cells[:width]]
            cells += [None] * (width - len(cells))
            yield (*cells, "; ".join(reasons[row.place.row]))
