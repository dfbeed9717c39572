"""A delimited file of chosen columns of one of the workbook's tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from pd_tracker.reports.facts.hr.funds import cost_by_person, spent
from pd_tracker.reports.facts.hr.scope import Scope
from pd_tracker.reports.hr_summary import by_teacher, transcript
from pd_tracker.reports.hr_summary.checks import Checks
from pd_tracker.reports.hr_summary.form import Asked
from pd_tracker.sheets.table import Column, Table
from pd_tracker.sheets.writing import write_delimited

SHOWN_ROWS = 10
DECIDED = frozenset(column.key for column in transcript.OF_LICENSES)
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
DAY_FORMATS = {"iso": "", "us": "%m/%d/%Y", "plain": "%Y%m%d", "us_plain": "%m%d%Y"}


@dataclass(frozen=True)
class Source:
    """A table whose columns are the same every year; `made` reads its rows, at least for the columns named."""

    title: Any
    columns: tuple[Column, ...]
    made: Callable[[Asked, Collection[str]], Table]

    def labels(self) -> dict[str, Any]:
        return {column.key: column.label for column in self.columns}


def teachers(asked: Asked, keys: Collection[str]) -> Table:
    scope: Scope = asked.scope
    from pd_tracker.reports.hr_summary.workbook import people

    return by_teacher.table(people(scope, cost_by_person(spent(scope))))


def credits(asked: Asked, keys: Collection[str]) -> Table:
    """Every license is decided about only where one of the columns asks for that."""
    from pd_tracker.reports.hr_summary.workbook import lines_of_credit

    with_reasons = not DECIDED.isdisjoint(keys)
    return transcript.table(lines_of_credit(asked, with_reasons=with_reasons), asked.year.label, Checks())


SOURCES = {
    "by_teacher": Source(
        _("By teacher"), (*by_teacher.PERSON, by_teacher.HOURS, *by_teacher.AFTER_CATEGORIES), teachers
    ),
    "transcript": Source(_("Transcript detail"), (*transcript.COLUMNS, *transcript.OF_LICENSES), credits),
}


@dataclass
class ColumnFile:
    asked: Asked
    options: dict[str, Any]
    rows: dict[str, int] = field(default_factory=lambda: {"rows": 0})

    @property
    def name(self) -> str:
        ending = "txt" if self.options["delimiter"] in {"tab", "bar"} else "csv"
        return f"{self.options['table'].replace('_', '-')}-{self.asked.year.label}.{ending}"

    @property
    def content_type(self) -> str:
        return "text/plain; charset=utf-8" if self.name.endswith("txt") else "text/csv; charset=utf-8"

    def write(self, out: BinaryIO) -> None:
        write_delimited(
            self.table(),
            out,
            delimiter=DELIMITERS[self.options["delimiter"]],
            day_format=DAY_FORMATS[self.options["days"]],
            is_marked=self.options["mark"],
        )

    def table(self) -> Table:
        """The chosen columns in the chosen order under the chosen names; a column that is no more is left out."""
        whole = SOURCES[self.options["table"]].made(self.asked, [key for key, _head in self.options["columns"]])
        places = {column.key: place for place, column in enumerate(whole.columns)}
        chosen = [(places[key], head) for key, head in self.options["columns"] if key in places]
        columns = tuple(
            replace(whole.columns[place], label=head or whole.columns[place].label) for place, head in chosen
        )
        rows = self.counted(whole.rows, [(place, whole.columns[place].decimals) for place, _head in chosen])
        return Table(whole.key, whole.title, columns, rows)

    def counted(
        self, rows: Iterable[Sequence[Any]], places: Sequence[tuple[int, int | None]]
    ) -> Iterator[Sequence[Any]]:
        for row in rows:
            self.rows["rows"] += 1
            yield [rounded(row[place], decimals) for place, decimals in places]

    def first_rows(self) -> Table:
        made = self.table()
        return made.with_rows(list(islice(made.rows, SHOWN_ROWS)))


def rounded(value: Any, decimals: int | None) -> Any:
    """With the decimals that the column declares, so that every line has as many."""
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return Decimal(f"{value:.{decimals}f}") if is_number and decimals is not None else value
