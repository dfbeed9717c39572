"""What a file would do: counted row by row, shown before anything is written, and comparable with a later look."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

SHOWN_CHANGES = 1_000  # of each kind are kept to be looked at; all are counted
SHOWN_PROBLEMS = 5_000


class Verb(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ENDED = "ended"  # spells of employment, counted apart from the rows


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a row, or about the whole file where there is no row."""

    row: int | None
    field: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One value that changes, in words; nothing old where the record is new."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    row: int | None
    subject: str
    edits: tuple[Edit, ...] = ()


@dataclass(slots=True)
class Plan:
    """Rows read = created + updated + unchanged + rejected. With one rejected row nothing is applied."""

    kind: str
    sheet: str = ""
    ignored: tuple[str, ...] = ()
    counts: Counter[Verb] = field(default_factory=Counter)
    changes: dict[Verb, list[Change]] = field(default_factory=lambda: {verb: [] for verb in Verb})
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    note_count: int = 0
    rejected_rows: set[int] = field(default_factory=set)
    active_staff: int = 0
    unexplained_ends: int = 0
    _digest: Any = field(default_factory=hashlib.sha256, repr=False)

    def settle(self, row: int, verb: Verb, subject: str, edits: Iterable[Edit] = ()) -> None:
        """Says once for every row that is not rejected what becomes of it; `edits` are gone through if need be."""
        if verb is Verb.UNCHANGED:
            self.counts[verb] += 1
        else:
            self._add(verb, row, subject, edits)

    def end(self, subject: str, edits: Iterable[Edit], *, row: int | None = None, explained: bool = False) -> None:
        """An employment that ends. Without a reason given, too many at once need a second confirmation."""
        self._add(Verb.ENDED, row, subject, edits)
        self.unexplained_ends += not explained

    def _add(self, verb: Verb, row: int | None, subject: str, edits: Iterable[Edit]) -> None:
        """Whatever is seen before it is confirmed, and every old value, must be the same then: it is in the digest."""
        self.counts[verb] += 1
        is_shown = len(self.changes[verb]) < SHOWN_CHANGES
        if is_shown or verb is not Verb.CREATED:
            change = Change(row, subject, tuple(edits))
            self._digest.update(repr((verb.value, change)).encode())
            if is_shown:
                self.changes[verb].append(change)
        else:
            self._digest.update(f"{row} {subject}\n".encode())

    def reject(self, row: int, field: str | None, message: object) -> None:
        self.rejected_rows.add(row)
        self.problems.append(Problem(row, field, str(message)))

    def refuse(self, field: str | None, message: object) -> None:
        """Something that no row is to blame for, and that still stands in the way."""
        self.problems.append(Problem(None, field, str(message)))

    def note(self, row: int | None, field: str | None, message: object) -> None:
        """Worth knowing, and no obstacle."""
        self.note_count += 1
        if self.note_count <= SHOWN_CHANGES:
            self.notes.append(Problem(row, field, str(message)))

    def put_in_order(self) -> None:
        """Remarks in the order of the file, however it was gone through; those about the whole file first."""
        for remarks in (self.problems, self.notes):
            remarks.sort(key=lambda remark: remark.row or 0)

    @property
    def rejected(self) -> int:
        return len(self.rejected_rows)

    @property
    def can_apply(self) -> bool:
        return not self.problems

    @property
    def needs_second_confirmation(self) -> bool:
        return self.unexplained_ends * 10 > self.active_staff

    @property
    def fingerprint(self) -> str:
        digest = self._digest.copy()
        digest.update(repr((sorted(self.counts.items()), self.problems)).encode())
        return str(digest.hexdigest())

    def totals(self) -> dict[str, int]:
        return {verb.value: self.counts[verb] for verb in Verb} | {"rejected": self.rejected}

    def as_json(self, *, applied: bool) -> dict[str, Any]:
        problems = [
            {"sheet": self.sheet or None, "row": problem.row, "field": problem.field, "message": problem.message}
            for problem in self.problems
        ]
        return {"kind": self.kind, "applied": applied, **self.totals(), "problems": problems}

    def outcome(self) -> dict[str, Any]:
        """What an import keeps of its plan: enough to look through, however long the file was."""
        return {
            "sheet": self.sheet,
            "ignored": list(self.ignored),
            "totals": self.totals(),
            "changes": {verb.value: [as_row(change) for change in changes] for verb, changes in self.changes.items()},
            "problems": [[each.row, each.field, each.message] for each in self.problems[:SHOWN_PROBLEMS]],
            "problem_count": len(self.problems),
            "notes": [[each.row, each.field, each.message] for each in self.notes],
            "note_count": self.note_count,
            "can_apply": self.can_apply,
            "second_confirmation": self.needs_second_confirmation,
            "active_staff": self.active_staff,
            "unexplained_ends": self.unexplained_ends,
        }


def as_row(change: Change) -> list[Any]:
    return [change.row, change.subject, [[edit.field, edit.old, edit.new] for edit in change.edits]]


def in_words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def edits_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Edit, ...]:
    """The values of `new` that differ from `old`; what `new` does not speak of stays."""
    changed = [(name, old.get(name), value) for name, value in new.items() if old.get(name) != value]
    edits = [Edit(name, in_words(before), in_words(after)) for name, before, after in changed]
    return tuple(edit for edit in edits if edit.old != edit.new)
