"""What a database holds, said so that two of them can be compared: rows and a digest per table.

The digest knows neither the order of the rows nor how an engine stores them, and tables are read as the migrations that
made them describe them, so a backup of an older version is read as that version read it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

# Who is signed in at the moment, and counters that are made anew: a stolen backup must not open a session.
PASSING = frozenset({"django_session", str(settings.CACHES["default"]["LOCATION"])})
CHUNK = 2_000
DIGEST_SPACE = 2**256


@dataclass(frozen=True, slots=True)
class Contents:
    rows: int
    sha256: str


def applied_migrations(alias: str) -> set[tuple[str, str]]:
    return set(MigrationRecorder(connections[alias]).applied_migrations())


def known_migrations() -> set[tuple[str, str]]:
    """Of this version of the product."""
    return set(MigrationLoader(None).disk_migrations)


def contents_of(alias: str) -> dict[str, Contents]:
    """Every table that lasts, by name."""
    return {model._meta.db_table: contents(model, alias) for model in kept_models(alias)}


def kept_models(alias: str) -> Iterator[type[Model]]:
    loader = MigrationLoader(connections[alias])
    # A step that stands for several is in the graph in their place.
    state = loader.project_state(sorted(loader.applied_migrations.keys() & loader.graph.nodes.keys()))
    models = state.apps.get_models(include_auto_created=True)
    yield from (model for model in models if model._meta.managed and model._meta.db_table not in PASSING)
    yield MigrationRecorder.Migration


def contents(model: type[Model], alias: str) -> Contents:
    columns = [field.attname for field in model._meta.concrete_fields]
    return digested(model._base_manager.using(alias).order_by().values_list(*columns).iterator(CHUNK))


def digested(rows: Iterable[tuple[Any, ...]]) -> Contents:
    """The digests of the rows are added up, so that their order does not matter and doubled rows do."""
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(written(row)).digest(), "big")
    return Contents(count, f"{total % DIGEST_SPACE:064x}")


def written(row: tuple[Any, ...]) -> bytes:
    return json.dumps(row, default=plain, sort_keys=True).encode()


def plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
