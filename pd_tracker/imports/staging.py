"""Many rows at once: into a table of passage, from there into their own by one statement, their history by another.

Everything happens in the caller's transaction. Names of tables and columns come from the models and from nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import CharField, Field, ForeignKey, IntegerField, Model
from simple_history.utils import get_history_model_for_model

Values = Mapping[str, Any]  # by attribute name: `course_id`, not `course`
PASSAGE = "passage"
# Text and whole numbers of these go to the database as they are; preparing each would take longer than writing it.
SIMPLE_FIELDS, SIMPLE_VALUES = (CharField, IntegerField, ForeignKey), frozenset({int, str})


@dataclass(frozen=True, slots=True)
class Note:
    """What the history of a row says beside the row."""

    user_id: int | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Column:
    """What one field holds in every row, as the database takes it."""

    field: Field[Any, Any]
    values: Sequence[Any]
    is_constant: bool

    @property
    def travels(self) -> bool:
        """What is the same in every row is said once, in the statement; only the rest passes through the table."""
        return self.field.primary_key or not self.is_constant

    @property
    def name(self) -> str:
        return quoted(self.field.column)

    @property
    def source(self) -> str:
        return f"s.{self.name}" if self.travels else "%s"

    @property
    def parameters(self) -> tuple[Any, ...]:
        return () if self.travels else (self.values[0],)


def insert(model: type[Model], rows: Sequence[Values], note: Note) -> list[int]:
    """Adds rows with their history; a value that is not given is the field's default. Answers with their keys."""
    keys = reserved_keys(model, len(rows))
    columns = [column(model._meta.pk, keys), *columns_of(model, rows)]
    history = get_history_model_for_model(model)
    tracked = {field.column for field in history.tracked_fields}
    with passage(model, columns) as table:
        copy_into(model, columns, table)
        kept = [each for each in columns if each.field.column in tracked]
        copy_into(history, kept + trail(history, note, "+"), table)
    return keys


def update(model: type[Model], changes: Mapping[int, Values], note: Note) -> None:
    """Changes rows by key, each in the values given for it, and notes those that differ from what is stored."""
    for rows in with_the_same_names(changes).values():
        update_alike(model, rows, note)


def with_the_same_names(changes: Mapping[int, Values]) -> dict[frozenset[str], dict[int, Values]]:
    found: dict[frozenset[str], dict[int, Values]] = {}
    for key, values in changes.items():
        found.setdefault(frozenset(values), {})[key] = values
    return found


def update_alike(model: type[Model], changes: Mapping[int, Values], note: Note) -> None:
    pk, target = model._meta.pk, table_of(model)
    key = quoted(pk.column)
    chosen = columns_of(model, list(changes.values()), only_given=True)
    same, news = "IS" if on_sqlite() else "IS NOT DISTINCT FROM", flat(chosen)
    equal = " AND ".join(f"t.{each.name} {same} {each.source}" for each in chosen)
    new = ", ".join(f"{each.name} = {each.source}" for each in chosen)
    with passage(model, [column(pk, list(changes)), *chosen]) as table, connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} AS s WHERE EXISTS (SELECT 1 FROM {target} AS t WHERE t.{key} = s.{key} AND {equal})",
            news,
        )
        cursor.execute(f"UPDATE {target} AS t SET {new} FROM {table} AS s WHERE t.{key} = s.{key}", news)
        note_changes(model, note, f"{target} AS t JOIN {table} AS s ON t.{key} = s.{key}")


def note_changes(model: type[Model], note: Note, changed_rows: str) -> None:
    history = get_history_model_for_model(model)
    tracked, added = [quoted(field.column) for field in history.tracked_fields], trail(history, note, "~")
    names = ", ".join(tracked + [each.name for each in added])
    sources = ", ".join([f"t.{name}" for name in tracked] + [each.source for each in added])
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table_of(history)} ({names}) SELECT {sources} FROM {changed_rows}", flat(added))


def copy_into(target: type[Model], columns: Sequence[Column], table: str) -> None:
    names, sources = ", ".join(each.name for each in columns), ", ".join(each.source for each in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table_of(target)} ({names}) SELECT {sources} FROM {table} AS s", flat(columns))


# --- Columns ----------------------------------------------------------------------------------------------------


def columns_of(model: type[Model], rows: Sequence[Values], *, only_given: bool = False) -> list[Column]:
    """Every field but the key. Raises KeyError for a name that the model does not have."""
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    names = dict.fromkeys(set().union(*rows))
    given = [column(fields[name], values_of(rows, name, fields[name])) for name in names]
    if only_given:
        return given
    return given + [column(field, [field.get_default()]) for name, field in fields.items() if name not in names]


def values_of(rows: Sequence[Values], name: str, field: Field[Any, Any]) -> list[Any]:
    default = field.get_default()
    return [row.get(name, default) for row in rows]


def column(field: Field[Any, Any], values: Sequence[Any]) -> Column:
    different = set(values)
    if isinstance(field, SIMPLE_FIELDS) and SIMPLE_VALUES.issuperset(map(type, different)):
        return Column(field, values, is_constant=len(different) == 1)
    prepared = {value: field.get_db_prep_save(value, connection) for value in different}
    return Column(field, [prepared[value] for value in values], is_constant=len(different) == 1)


def trail(history: Any, note: Note, kind: str) -> list[Column]:
    said = {
        "history_date": note.at,
        "history_user_id": note.user_id,
        "history_change_reason": note.reason,
        "history_type": kind,
    }
    fields = {field.attname: field for field in history._meta.concrete_fields}
    return [column(fields[name], [value]) for name, value in said.items()]


def flat(columns: Iterable[Column]) -> list[Any]:
    return [parameter for each in columns for parameter in each.parameters]


# --- The two databases ------------------------------------------------------------------------------------------


@contextmanager
def passage(model: type[Model], columns: Sequence[Column]) -> Iterator[str]:
    """A table of the moment with the values of these columns. Where something fails, it goes with the transaction."""
    travelling = [each for each in columns if each.travels]
    names = ", ".join(each.name for each in travelling)
    table = quoted(f"{PASSAGE}_{model._meta.db_table}")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {table} AS SELECT {names} FROM {table_of(model)} LIMIT 0")
        fill = fill_by_insert if on_sqlite() else fill_by_copy
        rows = zip(*(each.values for each in travelling), strict=True)
        fill(cursor, f"{table} ({names})", rows, len(travelling))
        yield table
        cursor.execute(f"DROP TABLE {table}")


def fill_by_insert(cursor: Any, target: str, rows: Iterable[tuple[Any, ...]], width: int) -> None:
    cursor.executemany(f"INSERT INTO {target} VALUES ({', '.join(['%s'] * width)})", rows)


def fill_by_copy(cursor: Any, target: str, rows: Iterable[tuple[Any, ...]], width: int) -> None:
    with connection.wrap_database_errors, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def reserved_keys(model: type[Model], count: int) -> list[int]:
    """Keys that nobody else will get, so that rows which refer to these can be made before they are written."""
    table, pk = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if on_sqlite():  # where whoever writes is alone
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or (0,))[0]
            return list(range(last + 1, last + count + 1))
        series = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
        cursor.execute(series, [quoted(table), pk, count])
        return [key for (key,) in cursor.fetchall()]


def on_sqlite() -> bool:
    return connection.vendor == "sqlite"


def quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


def table_of(model: Any) -> str:
    return quoted(model._meta.db_table)
