"""Two databases with the same rows have the same digests, whichever engine holds them and in whatever order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import connection

from pd_tracker.audit.models import AuditEvent
from pd_tracker.web.backups.contents import (
    PASSING,
    Contents,
    contents,
    contents_of,
    digested,
    known_migrations,
    written,
)

pytestmark = pytest.mark.django_db

DETAIL = [{"name": "Zoë", "b": [1, 2.5, None], "a": True}, {}, {"n": 3}]
MOMENTS = [datetime(2025, 3, 9, 7, 30, 0, 123456, UTC), datetime(2025, 3, 9, 7, 30, tzinfo=UTC), None]

EAST = timezone(timedelta(hours=2))


def events(order: list[int]) -> str:
    AuditEvent.objects.all()._raw_delete("default")
    for pk in order:
        AuditEvent.objects.create(pk=pk, verb=f"verb {pk}", detail=DETAIL[pk % 3])
        AuditEvent.objects.filter(pk=pk).update(at=MOMENTS[pk % 2])
    return contents(AuditEvent, "default").sha256


def test_digests_are_the_same_on_every_engine_and_in_every_order() -> None:
    expected = "2bc72731315de113a59de2a1b17df5728770348bbc57db6705c87b9c6ef30f18"
    assert events([1, 2, 3]) == expected
    assert events([3, 1, 2]) == expected
    assert events([1, 2]) != expected
    assert events([1, 2, 4]) != expected


def test_how_an_engine_shows_a_value_does_not_matter() -> None:
    stored = (Decimal("50.500"), datetime(2025, 3, 9, 7, tzinfo=UTC), memoryview(b"\x00\xff"), {"a": 1, "b": 2})
    shown = (
        Decimal("50.5"),
        datetime(2025, 3, 9, 9, tzinfo=timezone(timedelta(hours=2))),
        b"\x00\xff",
        {"b": 2, "a": 1},
    )
    assert written(stored) == written(shown)
    assert len({written((value,)) for value in (None, "", 0, "0", date(2025, 3, 9), UUID(int=0))}) == 6


def test_two_equal_rows_are_not_none() -> None:
    twice = Contents(2, f"{2 * int.from_bytes(sha256(written(('a',))).digest(), 'big') % 2**256:064x}")
    assert digested([("a",), ("a",)]) == twice != digested([])


def test_every_table_but_the_passing_ones_is_read() -> None:
    tables = set(connection.introspection.table_names())
    assert tables - contents_of("default").keys() == PASSING & tables
    assert ("teachers", "0001_initial") in known_migrations()
