from __future__ import annotations

from django.http import QueryDict

from pd_tracker.web.addresses import changed, row_keys, searched, without


def test_a_change_keeps_the_rest_and_starts_at_page_one() -> None:
    query = QueryDict("school=1&school=2&page=4")

    assert changed(query, {"ordering": "-hours"}) == "?school=1&school=2&ordering=-hours"


def test_turning_a_page_keeps_everything_else() -> None:
    assert changed(QueryDict("ordering=name&page=1"), {"page": 2}) == "?ordering=name&page=2"


def test_an_empty_value_drops_its_parameter() -> None:
    assert changed(QueryDict("a=1&b=2"), {"a": None, "b": ""}) == "?"


def test_without_takes_several_names_off() -> None:
    assert without(QueryDict("due_after=x&due_before=y&name=z"), ["due_after", "due_before"]) == "?name=z"


def test_the_address_one_is_on_is_not_changed() -> None:
    query = QueryDict("a=1")
    changed(query, {"a": 2})

    assert query.urlencode() == "a=1"


def test_keys_are_numbers_that_a_database_can_hold() -> None:
    assert row_keys(["7", "9" * 18, "9" * 19, "9" * 5000, "-1", "", "x", "²"]) == [7, 10**18 - 1]


def test_what_is_searched_for_holds_nothing_a_database_refuses() -> None:
    assert searched(QueryDict("q=%00 Lee%00 "), "q") == "Lee"
    assert searched(QueryDict(""), "q") == ""
