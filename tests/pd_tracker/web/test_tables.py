from __future__ import annotations

import pytest
from django.http import QueryDict

from pd_tracker.web.tables import shown
from tests.pd_tracker.web.samples import NUMBERS, PEOPLE, ROWS

pytestmark = pytest.mark.urls("tests.pd_tracker.web.samples")


def test_heads_sort_up_then_down_and_keep_the_filters() -> None:
    query = QueryDict("school=1&page=3")
    name, staff_id, *_ = shown(PEOPLE, query=query, ordered_by="name").heads

    assert (name.aria_sort, name.sort_url) == ("ascending", "?school=1&ordering=-name")
    assert (staff_id.aria_sort, staff_id.sort_url) == ("", "?school=1&ordering=staff_id")


def test_a_column_that_cannot_be_sorted_offers_no_link() -> None:
    heads = {head.label: head for head in shown(PEOPLE, query=QueryDict()).heads}

    assert heads["School"].sort_url == ""


def test_a_table_without_an_address_does_not_sort() -> None:
    assert not any(head.sort_url for head in shown(PEOPLE).heads)


def test_rows_link_and_carry_their_key() -> None:
    (row,) = shown(PEOPLE.with_rows(ROWS[:1]), row_keys=[7], row_url_name="sample-row").rows

    assert (row.key, row.url, row.first.text) == (7, "/list/7/", "Person 00")


def test_numbers_stand_right_and_dates_do_not_break() -> None:
    (row,) = shown(PEOPLE.with_rows(ROWS[:1])).rows

    assert [(cell.text, cell.css) for cell in row.rest] == [
        ("000", "pd-table__short"),
        ("Lakeside Elementary", ""),
        ("1,200.4", "pd-table__number"),
        ("0.0%", "pd-table__number"),
        ("Oct 3, 2026", "pd-table__date"),
        ("No", ""),
    ]


def test_totals_are_shown_like_a_row() -> None:
    totals = shown(NUMBERS).totals

    assert totals is not None
    assert (totals.first.text, totals.rest[0].text) == ("All", "19.8")


def test_as_many_keys_as_rows_or_it_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        shown(PEOPLE.with_rows(ROWS[:2]), row_keys=[1])
