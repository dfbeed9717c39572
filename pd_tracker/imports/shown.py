"""What a kept plan looks like on a page: one tab for each thing that would happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from pd_tracker.imports import tables
from pd_tracker.sheets.table import Table


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    label: str
    count: int
    table: Table


def tabs_of(outcome: Mapping[str, Any]) -> list[Tab]:
    """What needs somebody comes first. Nothing happens without a tab; what does not happen has none."""
    if "totals" not in outcome:
        return []
    return [tab for tab in all_tabs(outcome) if tab.count]


def all_tabs(outcome: Mapping[str, Any]) -> Iterator[Tab]:
    totals, changes = outcome["totals"], outcome["changes"]
    problems, notes = outcome["problems"], outcome["notes"]
    yield tab("problems", _("Problems"), outcome["problem_count"], tables.remarks(_("Problems"), problems), problems)
    for key, label, make in (
        ("ended", _("Ended"), tables.changed),
        ("created", _("Added"), tables.added),
        ("updated", _("Changed"), tables.changed),
    ):
        yield tab(key, label, totals[key], make(label, changes[key]), changes[key])
    yield tab("notes", _("Good to know"), outcome["note_count"], tables.remarks(_("Good to know"), notes), notes)


def tab(key: str, label: str, count: int, table: Table, shown: Sequence[Any]) -> Tab:
    return Tab(key, label, count, replace(table, key=key, note=tables.shortened(len(shown), count)))
