"""A report result as a file: the same for the download and the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pd_tracker.reports.parameters import BadParameters
from pd_tracker.reports.result import ReportResult
from pd_tracker.sheets.charts import Chart, DataWords
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.sheets.writing import write_csv, write_workbook
from pd_tracker.web.cells import cell, in_words

CONTENT_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text": "text/plain; charset=utf-8",
}


def check_format(wanted: str) -> None:
    if wanted not in CONTENT_TYPES:
        raise BadParameters(
            [
                _("There is no format “{name}”; choose one of: {names}.").format(
                    name=wanted, names=", ".join(CONTENT_TYPES)
                )
            ]
        )


def one_table(result: ReportResult, key: str) -> Table:
    """The table of that key, the first without one; BadParameters for a key the result does not have."""
    table = result.table(key) if key else result.tables[0]
    if table is None:
        names = ", ".join(made.key for made in result.tables)
        raise BadParameters([_("This report has no table “{name}”; it has: {names}.").format(name=key, names=names)])
    return table


def write(result: ReportResult, wanted: str, out: BinaryIO, *, table_key: str = "") -> None:
    check_format(wanted)
    table = one_table(result, table_key)
    writers: dict[str, Callable[[], None]] = {
        "json": lambda: _write_text(out, json.dumps(result.to_json(), ensure_ascii=False, indent=2)),
        "csv": lambda: write_csv(table, out),
        "xlsx": lambda: write_workbook(
            sheets(result), out, charts=charts_by_table(result), words=data_words(), title=result.title
        ),
        "text": lambda: _write_text(out, as_text(result)),
    }
    writers[wanted]()


def _write_text(out: BinaryIO, text: str) -> None:
    out.write(f"{text}\n".encode())


def sheets(result: ReportResult) -> list[Table]:
    """Every table, the estimates, and what a reader must know of them."""
    return [*result.tables, *([estimates(result)] if result.estimates else []), about(result)]


def charts_by_table(result: ReportResult) -> dict[str, list[Chart]]:
    """The charts of every table; those of a table that is not there stand beside the first."""
    found: dict[str, list[Chart]] = {}
    for key, chart in result.charts:
        found.setdefault(key if result.table(key) else result.tables[0].key, []).append(chart)
    return found


def data_words() -> DataWords:
    return DataWords(
        sheet=_("Chart data"),
        note=_("Numbers that only the chart “{title}” on sheet “{sheet}” needs."),
        label=_("Label"),
        row=_("Row"),
        above=pgettext("arm of an interval", "above"),
        below=pgettext("arm of an interval", "below"),
        low=_("interval from"),
        high=_("interval to"),
        together=_("For all together"),
    )


def estimates(result: ReportResult) -> Table:
    columns = (
        Column("label", _("Estimate")),
        Column("value", _("Value"), Kind.DECIMAL, decimals=4),
        Column("low", _("Interval from"), Kind.DECIMAL, decimals=4),
        Column("high", _("to"), Kind.DECIMAL, decimals=4),
        Column("n", _("Behind it"), Kind.INTEGER),
        Column("clusters", _("Schools"), Kind.INTEGER),
    )
    rows = [(made.label, made.value, made.low, made.high, made.n, made.clusters) for made in result.estimates]
    return Table("estimates", _("Estimates"), columns, rows)


def about(result: ReportResult) -> Table:
    chosen = ", ".join(f"{name}={value}" for name, value in result.parameters.items())
    rows = [
        (_("Question"), result.question),
        (_("Answer"), result.answer),
        (_("Newest roster made on"), in_words(result.as_of, Kind.DATE)),
        (_("Parameters"), chosen or _("none")),
        *((_("Warning"), sentence) for sentence in result.warnings),
        *((_("What it does not say"), sentence) for sentence in result.caveats),
        *((_("Definition"), sentence) for sentence in result.definitions),
    ]
    return Table("about", _("About"), (Column("what", _("What")), Column("words", _("Words"))), rows)


def as_text(result: ReportResult) -> str:
    """The result for a terminal."""
    parts = [result.title, result.question, "", result.answer]
    for table in result.tables:
        parts += ["", str(table.title), *_lines(table)]
    parts += ["", *(f"! {sentence}" for sentence in result.warnings), *(f"- {text}" for text in result.caveats)]
    return "\n".join(parts)


def _lines(table: Table) -> list[str]:
    head = [str(column.label) for column in table.columns]
    body = [[cell(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    numeric = [column.kind.is_number for column in table.columns]
    return [
        "  ".join(
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in [head, *body]
    ]
