"""Rows of values → the XML of a sheet, a block at a time.

`values.excel_value` says what a value becomes, and `careful_cells` writes it. That is too slow for a million cells, so
the values of one column in a block are first judged together: when all are plain (text that needs no cleaning, finite
numbers, days in Excel's calendar), they are put into a template of the whole row, made of letters and style numbers.
Otherwise each goes the careful way, and the template has room for its cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import IO, Any
from xml.sax.saxutils import escape  # writes only; nothing is parsed

from pd_tracker.sheets.table import Column, Kind

from .cells import shown_as
from .values import EXACT_DIGITS, FIRST_SAFE_DAY, MAX_TEXT_UNITS, excel_value

BLOCK_ROWS = 500
MOST_BYTES = 2**30  # of one sheet: a part beyond 2 GiB needs a kind of archive that Excel offers to repair
BEFORE_EXCEL = date(1899, 12, 30).toordinal()
FIRST_SAFE = FIRST_SAFE_DAY.toordinal() - BEFORE_EXCEL
SECONDS_OF_DAY = 86_400

BETWEEN = "|"  # stands between the texts of a column while they are judged
NO_VALUE = type(None)
ANSWERS = {answer: excel_value(answer, Kind.YES_NO) for answer in (True, False)}
A_DAY, A_MOMENT = FIRST_SAFE_DAY, datetime.combine(FIRST_SAFE_DAY, datetime.min.time())

StyleNumber = Callable[[str], int]
Values = Sequence[Any]
# A part of the template of a row, and for each of its places the contents, one per row.
Cells = tuple[str, list[Values]]


class SheetRows:
    """Writes rows below one another into the open part of a sheet."""

    def __init__(self, part: IO[bytes]) -> None:
        self.part = part
        self.count = 0
        self.bytes = 0

    def write(self, rows: Iterable[Values], columns: Sequence[ColumnCells], *, most: int) -> int:
        """As many rows as the sheet takes; gives their count."""
        remaining, begun = iter(rows), self.count
        while self.bytes < MOST_BYTES:
            block = list(islice(remaining, min(BLOCK_ROWS, begun + most - self.count)))
            if not block:
                break
            self.write_block(block, columns)
        return self.count - begun

    def write_block(self, block: Sequence[Values], columns: Sequence[ColumnCells]) -> None:
        numbers = [str(number) for number in range(self.count + 1, self.count + 1 + len(block))]
        template = ['<row r="%s">']
        filling: list[Values] = [numbers]
        for column, values in zip(columns, zip(*block, strict=True), strict=True):
            slot, fills = column.cells(values, numbers)
            template.append(slot)
            filling += fills
        template.append("</row>")
        xml = "".join(map("".join(template).__mod__, zip(*filling, strict=True))).encode()
        self.part.write(xml)
        self.count += len(block)
        self.bytes += len(xml)

    def skip(self) -> None:
        self.count += 1


class ColumnCells:
    """The cells of one column; `style` gives the number of the style that shows a number format."""

    def __init__(self, column: Column, letter: str, style: StyleNumber) -> None:
        self.column, self.kind = column, column.kind
        self.begin = f'<c r="{letter}%s"'
        self.style = style

    def cells(self, values: Values, numbers: Sequence[str]) -> Cells:
        plain: Values | None = None
        cell = ""
        kinds = set(map(type, values)) - {NO_VALUE}
        if not kinds:
            return "", []
        if kinds == {str}:
            plain, cell = plain_texts(values), self.text_cell("", "%s")
        elif kinds == {bool} and self.kind is not Kind.ID:
            plain, cell = [ANSWERS.get(value, "") for value in values], self.text_cell("", "%s")
        elif self.kind is not Kind.ID:
            plain, sample = self.plain_figures(values, kinds)
            cell = self.figure_cell(sample, "%s")
        return self.careful_cells(values, numbers) if plain is None else filled(cell, plain, numbers)

    def careful_cells(self, values: Values, numbers: Sequence[str]) -> Cells:
        """One by one, but a value that stands in many rows (the name of a state) is made once."""
        made = {key: self.careful_cell(value) for key, value in {id(value): value for value in values}.items()}
        cells = [made[id(value)] for value in values]
        return "%s", [[cell and cell.replace("%s", number, 1) for cell, number in zip(cells, numbers, strict=True)]]

    def careful_cell(self, value: Any) -> str:
        """Its place has still to be put in; "" for no cell."""
        content = excel_value(value, self.kind)
        if content is None:
            return ""
        if isinstance(content, str):
            return self.text_cell(content, escape(content))
        return self.figure_cell(content, figure_of(content))

    def text_cell(self, content: str, inside: str) -> str:
        space = "" if content == content.strip() else ' xml:space="preserve"'
        return f'{self.begin}{self.styled(content)} t="inlineStr"><is><t{space}>{inside}</t></is></c>'

    def figure_cell(self, content: Any, inside: str) -> str:
        return f"{self.begin}{self.styled(content)}><v>{inside}</v></c>"

    def plain_figures(self, values: Values, kinds: set[type]) -> tuple[Values | None, Any]:
        """The numbers that Excel keeps for values of one sort, and one such value."""
        if kinds <= {int, float}:
            return plain_numbers(values), 0
        if kinds == {Decimal}:
            return plain_decimals(values), 0
        if kinds == {date} or (kinds == {datetime} and self.kind is Kind.DATE):
            return plain_days(values), A_DAY
        if kinds == {datetime}:
            return plain_moments(values), A_MOMENT
        return None, None

    def styled(self, content: Any) -> str:
        number = self.style(shown_as(content, self.column))
        return f' s="{number}"' if number else ""


def filled(cell: str, contents: Values, numbers: Sequence[str]) -> Cells:
    """A cell for each content, none where it is None or ""."""
    if None not in contents and "" not in contents:
        return cell, [numbers, contents]
    begin, middle, end = cell.split("%s")
    return "%s", [
        [
            "" if content is None or content == "" else f"{begin}{number}{middle}{content}{end}"
            for content, number in zip(contents, numbers, strict=True)
        ]
    ]


def figure_of(content: Any) -> str:
    from openpyxl.utils.datetime import to_excel

    if isinstance(content, int):
        return str(content)
    return repr(float(content if isinstance(content, (float, Decimal)) else to_excel(content))).removesuffix(".0")


def plain_texts(values: Values) -> list[str] | None:
    """The texts ready for XML, "" for nothing; None when one of them needs cleaning, cutting or its outer blanks."""
    joined = BETWEEN.join([value or "" for value in values])
    if not joined.isprintable() or "_x" in joined or joined.count(BETWEEN) != len(values) - 1:
        return None
    fenced = BETWEEN + joined + BETWEEN
    if " |" in fenced or "| " in fenced:
        return None
    if len(joined) * 2 > MAX_TEXT_UNITS and max(map(len, joined.split(BETWEEN))) * 2 > MAX_TEXT_UNITS:
        return None
    return escape(joined).split(BETWEEN)


def plain_numbers(values: Values) -> Values | None:
    known = [value for value in values if value is not None]
    are_exact = min(known) > -EXACT_DIGITS and max(known) < EXACT_DIGITS
    return values if are_exact and isfinite(sum(known)) else None  # a NaN or an infinity shows in the sum


def plain_decimals(values: Values) -> Values | None:
    if not all(value.is_finite() for value in values if value is not None):
        return None
    return plain_numbers([None if value is None else float(value) for value in values])


def plain_days(values: Values) -> Values | None:
    days = [None if value is None else value.toordinal() - BEFORE_EXCEL for value in values]
    return days if is_in_calendar(days) else None


def plain_moments(values: Values) -> Values | None:
    moments = [None if value is None else moment(value) for value in values]
    return moments if is_in_calendar(moments) else None


def moment(value: datetime) -> float:
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 10**6
    return value.toordinal() - BEFORE_EXCEL + seconds / SECONDS_OF_DAY


def is_in_calendar(days: Sequence[float | None]) -> bool:
    return min([day for day in days if day is not None]) >= FIRST_SAFE
