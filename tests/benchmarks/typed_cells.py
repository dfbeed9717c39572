"""Twenty columns of typed cells, without Django, so that a process of its own can write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from pd_tracker.sheets.table import Column, Kind, Table

KINDS = [
    *(Kind.ID, *[Kind.TEXT] * 7),
    *(*[Kind.HOURS] * 4, *[Kind.INTEGER] * 3, Kind.MONEY, Kind.PERCENT),
    *[Kind.DATE] * 3,
]
COLUMNS = tuple(Column(f"column_{place}", f"Column {place}", kind) for place, kind in enumerate(KINDS))
FIRST_DAY = date(2015, 7, 1)


def rows(count: int) -> Iterator[Sequence[Any]]:
    for n in range(count):
        texts = (f"T{n:06d}", f"Family {n % 7919}", f"Given {n % 977}", f"t{n}@big.example", f"School & Yard {n % 80}")
        hours = (n % 4_000 / 60, n % 3_001 / 60, n % 17 / 4, n / 7)
        days = (FIRST_DAY + timedelta(days=n % 4_000), FIRST_DAY, FIRST_DAY + timedelta(days=n % 365))
        yield (
            *texts,
            "Classroom teacher",
            "Math",
            "K-5",
            *hours,
            n,
            n % 7,
            n % 11,
            n % 9_999 / 100,
            n % 97 / 97,
            *days,
        )


def table(made: Any) -> Table:
    return Table("people", "People", COLUMNS, made)
