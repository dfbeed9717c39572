"""What is counted while the sheets are written, so that the last one can tell of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import lazy

from pd_tracker.sheets.table import Table


@dataclass
class Checks:
    """Rows of each sheet by its key, and the approved minutes each sheet adds up to."""

    rows: dict[str, int] = field(default_factory=dict)
    teacher_minutes: int = 0
    school_minutes: int = 0
    section_minutes: int = 0
    fund_minutes: int = 0
    transcript_minutes: int = 0

    @property
    def agree(self) -> bool:
        sums = self.teacher_minutes, self.school_minutes, self.section_minutes, self.fund_minutes
        return set(sums) == {self.transcript_minutes}

    def counting(self, table: Table) -> Table:
        """The same table; its rows are counted as they are read, or at once where a chart reads them too."""
        if isinstance(table.rows, list):
            self.rows[table.key] = len(table.rows)
            return table
        return table.with_rows(self._counted(table.key, table.rows))

    def unless_rows(self, key: str, sentence: Any) -> Any:
        """The sentence, if the sheet turns out to have no rows; to be read when it was written."""
        return lazy(lambda: "" if self.rows[key] else str(sentence), str)()

    def _counted(self, key: str, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        self.rows[key] = 0
        for row in rows:
            self.rows[key] += 1
            yield row
