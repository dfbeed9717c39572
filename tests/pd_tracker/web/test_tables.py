from __future__ import annotations

import re

import pytest
from django.http import QueryDict

from pd_tracker.web.rows import Look
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
    look = Look(pick="teacher", url_name="sample-row")
    rows = shown(PEOPLE.with_rows(ROWS[:1]), look, row_keys=[7]).rows

    assert 'name="teacher" value="7" form="bulk" aria-label="Choose Person 00"' in rows
    assert '<th scope="row"><a class="govuk-link" href="/list/7/">Person 00</a></th>' in rows


def test_rows_without_keys_do_not_link() -> None:
    rows = shown(PEOPLE.with_rows(ROWS[:1]), Look(url_name="sample-row")).rows

    assert '<th scope="row">Person 00</th>' in rows


def test_numbers_stand_right_and_dates_do_not_break() -> None:
    rows = shown(PEOPLE.with_rows(ROWS[:1])).rows

    assert re.findall(r"<td(?: class=\"([\w-]+)\")?>(.*?)</td>", rows) == [
        ("pd-table__short", "000"),
        ("", "Lakeside Elementary"),
        ("pd-table__number", "1,200.4"),
        ("pd-table__number", "0.0%"),
        ("pd-table__date", "Oct 3, 2026"),
        ("", "No"),
    ]


def test_totals_are_shown_like_a_row() -> None:
    assert "All" in shown(NUMBERS).totals
    assert shown(PEOPLE).totals == ""
