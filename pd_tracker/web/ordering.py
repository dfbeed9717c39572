"""In which order a list stands: by one column of its table and, among equal values, by key. Every row has one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Field, Model, Q, QuerySet

from pd_tracker.sheets.table import Column, Table


@dataclass(frozen=True, slots=True)
class Order:
    column: Column
    is_descending: bool = False

    @classmethod
    def asked(cls, words: str, table: Table) -> Self | None:
        """`words` are a column's key, with "-" before it for the reverse; None for anything else."""
        key = words.removeprefix("-")
        found = next((column for column in table.columns if column.sortable and column.key == key), None)
        return cls(found, words.startswith("-")) if found else None

    def __str__(self) -> str:
        return f"-{self.column.key}" if self.is_descending else self.column.key

    def sort(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Nothing comes last. Where nothing cannot be, the words are left out: an index does not know them."""
        field, last = F(self.column.lookup), True if may_be_null(rows, self.column.lookup) else None
        term = field.desc(nulls_last=last) if self.is_descending else field.asc(nulls_last=last)
        return rows.order_by(term, "-pk" if self.is_descending else "pk")

    def after(self, rows: QuerySet[Any], *, value: Any, pk: int) -> QuerySet[Any]:
        """The rows that stand behind the one with this value and key; an index finds the first of them at once."""
        name, beyond = self.column.lookup, "lt" if self.is_descending else "gt"
        later = Q(**{f"pk__{beyond}": pk})
        if value is None:
            return rows.filter(later, **{f"{name}__isnull": True})
        behind = Q(**{f"{name}__{beyond}e": value}) & (Q(**{f"{name}__{beyond}": value}) | later)
        if may_be_null(rows, name):
            behind |= Q(**{f"{name}__isnull": True})
        return rows.filter(behind)

    def field(self, rows: QuerySet[Any]) -> Field[Any, Any]:
        """What reads a value of the column back from text."""
        found: Field[Any, Any] = F(self.column.lookup).resolve_expression(rows.query).output_field
        return found


def may_be_null(rows: QuerySet[Any], lookup: str) -> bool:
    """What is worked out may be nothing; a stored field says so itself, and so does each step on the way to it."""
    if lookup in rows.query.annotations:
        return True
    model: type[Model] = rows.model
    for name in lookup.split("__"):
        try:
            field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if field.null:
            return True
        model = field.related_model or model
    return False
