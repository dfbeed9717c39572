"""Months as calendars show them."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

FIRST, LAST = 2000, 2100
SUNDAY = 6


@dataclass(frozen=True, order=True, slots=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def named(cls, text: str) -> Month | None:
        """`2026-11`; none for anything else."""
        year, dash, number = text.partition("-")
        if not (dash and len(text) == 7 and text.isascii() and year.isdecimal() and number.isdecimal()):
            return None
        month = cls(int(year), int(number))
        return month if FIRST <= month.year <= LAST and 1 <= month.number <= 12 else None

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def before(self) -> Month:
        return Month.of(self.first - timedelta(days=1))

    @property
    def weeks(self) -> list[list[date]]:
        """Whole weeks from Sunday on, with the days of the neighbors that fill them."""
        return Calendar(SUNDAY).monthdatescalendar(self.year, self.number)
