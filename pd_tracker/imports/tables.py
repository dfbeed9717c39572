"""The history of imports, and what one of them would change or has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pd_tracker.imports.catalogue import importers
from pd_tracker.imports.models import ImportRun
from pd_tracker.sheets.table import Column, Kind, Table


def kind_title(kind: str) -> str:
    importer = importers().get(kind)
    return str(importer.title) if importer else kind


def counted(totals: Mapping[str, int]) -> str:
    """What is not zero, in words: "Add 12, change 40, end 3"."""
    words = (
        (_("add %(n)s"), totals.get("created", 0)),
        (_("change %(n)s"), totals.get("updated", 0)),
        (_("end %(n)s"), totals.get("ended", 0)),
    )
    said = ", ".join(phrase % {"n": f"{count:,}"} for phrase, count in words if count)
    return said[:1].upper() + said[1:] if said else _("Change nothing")


def total_of(key: str) -> Column:
    labels = {
        "created": gettext_lazy("Created"),
        "updated": gettext_lazy("Updated"),
        "unchanged": gettext_lazy("Unchanged"),
        "ended": gettext_lazy("Ended"),
        "rejected": gettext_lazy("Rejected"),
    }
    return Column(key, labels[key], Kind.INTEGER, source=f"outcome__totals__{key}", sortable=False)


RUNS = Table(
    key="imports",
    title=gettext_lazy("Imports"),
    columns=(
        Column("filename", gettext_lazy("File")),
        Column("kind", gettext_lazy("What it holds"), show=kind_title),
        Column("state", gettext_lazy("State"), show=lambda value: ImportRun.State(value).label),
        *map(total_of, ("created", "updated", "unchanged", "ended", "rejected")),
        Column("uploaded_at", gettext_lazy("Uploaded"), Kind.MOMENT),
        Column("uploaded_by", gettext_lazy("By"), source="uploaded_by__name"),
    ),
)

ROW = Column("row", gettext_lazy("Row"), Kind.INTEGER, sortable=False)
RECORD = Column("subject", gettext_lazy("Record"), sortable=False)
FIELD = Column("field", gettext_lazy("Field"), sortable=False)


def added(title: Any, changes: Sequence[Sequence[Any]]) -> Table:
    columns = (RECORD, ROW, Column("values", gettext_lazy("With"), sortable=False))
    rows = [
        (subject, row, "; ".join(f"{name}: {new}" for name, _old, new in edits if new))
        for row, subject, edits in changes
    ]
    return Table("added", title, columns, rows)


def changed(title: Any, changes: Sequence[Sequence[Any]]) -> Table:
    """A line for each value that changes, old beside new."""
    columns = (
        RECORD,
        ROW,
        FIELD,
        Column("old", gettext_lazy("Before"), sortable=False),
        Column("new", gettext_lazy("After"), sortable=False),
    )
    rows = [(subject, row, *edit) for row, subject, edits in changes for edit in edits]
    return Table("changed", title, columns, rows)


def remarks(title: Any, found: Sequence[Sequence[Any]]) -> Table:
    columns = (Column("message", gettext_lazy("What to know"), sortable=False), ROW, FIELD)
    return Table("remarks", title, columns, [(message, row, field) for row, field, message in found])


def shortened(shown: int, count: int) -> str:
    """Says so when only the first ones are kept."""
    if count <= shown:
        return ""
    words = ngettext("The first one of %(count)s is listed.", "The first %(shown)s of %(count)s are listed.", shown)
    return words % {"shown": f"{shown:,}", "count": f"{count:,}"}
