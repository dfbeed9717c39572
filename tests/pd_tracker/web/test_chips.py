from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.http import QueryDict

from pd_tracker.web.chips import Chip, chips
from tests.pd_tracker.web.samples import SampleFilter


def chips_of(address: str) -> list[Chip]:
    query = QueryDict(address)
    return chips(SampleFilter(query, queryset=Permission.objects.none()).form, query)


@pytest.mark.parametrize(
    ("address", "label", "value", "url"),
    [
        ("school=2&name=&page=3", "School", "Hillcrest High", "?name="),
        ("name=Ana&ordering=-hours", "Name", "Ana", "?ordering=-hours"),
        ("state=active&state=closed", "Plan", "Active, Closed", "?"),
        ("due_after=2026-01-02", "Due", "from Jan 2, 2026", "?"),
        ("due_before=2026-01-02&x=1", "Due", "up to Jan 2, 2026", "?x=1"),
        ("due_after=2026-01-02&due_before=2026-02-01", "Due", "Jan 2, 2026 to Feb 1, 2026", "?"),
    ],
)
def test_a_filter_that_is_on_can_be_taken_off(address: str, label: str, value: str, url: str) -> None:
    assert chips_of(address) == [Chip(label, value, url)]


def test_no_filter_no_chip() -> None:
    assert chips_of("page=2&ordering=name") == []


def test_a_mistyped_filter_is_no_chip() -> None:
    assert chips_of("due_after=soon") == []
