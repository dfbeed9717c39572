"""Pages of a list: few rows are counted to the last one, many are counted no further than anybody turns pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db.models import QuerySet, Value
from django.template.loader import render_to_string
from django.test import RequestFactory

from pd_tracker.web import pages
from pd_tracker.web.pages import CappedPaginator

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> QuerySet[Permission]:
    return Permission.objects.annotate(more=Value(1)).order_by("-codename", "pk")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(pages, "MOST", 20)
    return 20


def foot(page: Any) -> str:
    request = RequestFactory().get("/?school=1")
    return " ".join(render_to_string("parts/pages.html", {"page": page, "request": request}, request).split())


def test_a_short_list_is_counted_to_the_last_row(rows: QuerySet[Permission]) -> None:
    paginator = CappedPaginator(rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:12])), 5)

    assert (paginator.count, paginator.num_pages, paginator.is_capped) == (12, 3, False)
    assert "11 to 12 of 12 rows</p>" in foot(paginator.get_page(3))


@pytest.mark.parametrize(("more", "is_capped"), [(0, False), (1, True)])
def test_a_long_list_ends_where_nobody_turns_pages_any_more(
    rows: QuerySet[Permission], few: int, more: int, is_capped: bool
) -> None:
    keys = list(rows.values_list("pk", flat=True)[: few + more])
    paginator = CappedPaginator(rows.filter(pk__in=keys), 7)

    assert (paginator.count, paginator.num_pages, paginator.is_capped) == (few, 3, is_capped)
    assert [row.pk for number in (1, 2, 3) for row in paginator.page(number)] == keys[:few]
    assert paginator.get_page(99).number == 3


def test_a_long_list_says_how_to_reach_the_rest(rows: QuerySet[Permission], few: int) -> None:
    page = CappedPaginator(rows, 7).get_page(3)

    assert "15 to 20 of more than 20 rows. To reach the others, filter the list, sort it another way" in foot(page)
    assert 'href="?school=1&amp;page=2"' in foot(page)
    assert render_to_string("parts/more.html", {"page": page}).strip() == "More than 20 rows are in this list."


def test_a_page_asks_for_its_count_and_its_rows(
    rows: QuerySet[Permission], few: int, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2) as asked:
        page = CappedPaginator(rows, 7).get_page(2)
        found = list(page.object_list.values_list("pk", "more"))  # type: ignore[attr-defined]

    count, cells = (query["sql"] for query in asked.captured_queries)
    assert [key for key, _ in found] == list(rows.values_list("pk", flat=True)[7:14])
    assert "LIMIT 21" in count
    assert "ORDER BY" not in count
    assert "LIMIT 7 OFFSET 7" in cells
