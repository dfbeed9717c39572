"""What changed, when, by whom and why: one reading of the history of many kinds of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import ForeignKey, IntegerField, Model, OuterRef, QuerySet, Subquery, Value
from django.utils.translation import gettext_lazy as _

from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import NOTHING, in_words

# Which person, plan or completion a row hangs on is said by the page; what the machine keeps is no news.
STRUCTURAL = {"id", "teacher", "plan", "completion", "district", "recorded_at", "created_at", "assigned_at"}
ACTS = {"+": _("Added"), "~": _("Changed"), "-": _("Removed")}


@dataclass(frozen=True, slots=True)
class Trail:
    """History of one kind of row, and the fields that say which row it was."""

    rows: QuerySet[Any]  # of the historical model
    named_by: tuple[str, ...] = ()
    with_values: bool = True  # else only who changed which fields, and when

    @property
    def tracked(self) -> type[Model]:
        tracked: type[Model] = self.rows.model.instance_type
        return tracked


@dataclass(frozen=True, slots=True)
class Difference:
    label: Any
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    by: Any
    what: Any
    act: Any
    name: str
    reason: str
    differences: list[Difference] = field(default_factory=list)


def timeline(trails: Sequence[Trail]) -> QuerySet[Any]:
    """All lines of all trails, newest first, as (moment, number of the trail, number of the line)."""
    parts = [
        trail.rows.order_by()
        .annotate(trail=Value(number, output_field=IntegerField()))
        .values_list("history_date", "trail", "history_id")
        for number, trail in enumerate(trails)
    ]
    first, *others = parts
    lines: QuerySet[Any] = first.union(*others, all=True)
    return lines.order_by("-history_date", "-history_id")


def read(trails: Sequence[Trail], lines: Iterable[tuple[datetime, int, int]]) -> list[Change]:
    """The lines in words; asks a fixed number of questions for each kind of row, however many lines there are."""
    lines = list(lines)
    wanted: dict[int, set[int]] = defaultdict(set)
    for _at, number, history_id in lines:
        wanted[number].add(history_id)
    pairs = {number: with_previous(trails[number], keys) for number, keys in wanted.items()}
    names = Names([row for found in pairs.values() for pair in found.values() for row in pair if row is not None])
    return [change(trails[number], *pairs[number][history_id], names=names) for _at, number, history_id in lines]


def with_previous(trail: Trail, keys: set[int]) -> dict[int, tuple[Any, Any]]:
    """Each line with the one before it of the same row."""
    manager = trail.rows.model._default_manager
    before = manager.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    rows = manager.filter(history_id__in=keys).select_related("history_user")
    found = {row.history_id: row for row in rows.annotate(before=Subquery(before.values("history_id")[:1]))}
    earlier = manager.in_bulk([row.before for row in found.values() if row.before is not None])
    return {key: (row, earlier.get(row.before)) for key, row in found.items()}


def change(trail: Trail, row: Any, before: Any, *, names: Names) -> Change:
    found = differences(row, before, names=names) if row.history_type != "-" else []
    known = Change(
        at=row.history_date,
        by=row.history_user,
        what=trail.tracked._meta.verbose_name,
        act=ACTS[row.history_type],
        name=" · ".join(word for word in (names.of(row, name) for name in trail.named_by) if word != NOTHING),
        reason=row.history_change_reason or "",
        differences=found,
    )
    if trail.with_values:
        return known
    return replace(known, name="", reason="", differences=[replace(each, old="", new="") for each in found])


def differences(row: Any, before: Any, *, names: Names) -> list[Difference]:
    found = []
    for each in row.tracked_fields:
        if each.name in STRUCTURAL:
            continue
        old, new = names.of(before, each.name) if before else NOTHING, names.of(row, each.name)
        if old != new:
            found.append(Difference(each.verbose_name, old, new))
    return found


class Names:
    """Values in words. Rows that others point at are read together, once for each kind."""

    def __init__(self, rows: Iterable[Any]) -> None:
        keys: dict[type[Model], set[Any]] = defaultdict(set)
        for row in rows:
            for each in row.tracked_fields:
                if isinstance(each, ForeignKey) and each.name not in STRUCTURAL:
                    keys[each.related_model].add(getattr(row, each.attname))
        self.found = {
            # The names of some rows need the rows they belong to.
            model: model._default_manager.select_related().in_bulk(found - {None})
            for model, found in keys.items()
        }

    def of(self, row: Any, name: str) -> str:
        each = row._meta.get_field(name)
        value = getattr(row, each.attname)
        if value is None or value == "":
            return NOTHING
        if isinstance(each, ForeignKey):
            return str(self.found.get(each.related_model, {}).get(value, value))
        if isinstance(value, list):
            return ", ".join(map(str, value)) or NOTHING
        if each.choices:
            return str(dict(each.flatchoices).get(value, value))
        return in_words(value, kind_of(value))


def kind_of(value: Any) -> Kind:
    for type_, kind in ((bool, Kind.YES_NO), (datetime, Kind.MOMENT), (date, Kind.DATE)):
        if isinstance(value, type_):
            return kind
    return Kind.TEXT
