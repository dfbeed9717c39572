"""A list costs what its fifty rows cost, however it is drawn and however deep one looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

from learning_plans.filters import CompletionFilter
from learning_plans.models import Completion
from learning_plans.views.completions import Completions
from pd_tracker.access import Role
from teachers.models import User
from tests.benchmarks.conftest import Reach
from tests.benchmarks.measuring import ratio, wall
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    DistrictFactory,
    SchoolFactory,
    SchoolYearFactory,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TEACHERS = 25_000
EACH = 12  # completions of one teacher
DEEPEST = 200  # page of a list that ends after 10,000 rows

# The usual way: the same page, frame, filters, heads and page numbers, its rows drawn by a loop over model instances.
LOOP = """{% extends "learning_plans/completions.html" %}{% load i18n pd %}{% block content %}
<div class="pd-list pd-list--filtered">{% include "parts/filters.html" %}<div>{% include "parts/chips.html" %}
<div class="pd-table-wrap" role="region" aria-label="{{ table.title }}" tabindex="0">
<table class="pd-table pd-table--stack" role="table"><caption>{{ table.title }}</caption><thead role="rowgroup">
<tr role="row">{% for column in table.columns %}<th scope="col" role="columnheader"><a class="pd-table__sort"
 href="{% query_with ordering=column.key %}">{{ column.label }}</a></th>{% endfor %}</tr></thead>
<tbody role="rowgroup">{% for each in page %}<tr role="row"><th scope="row" role="rowheader">
<a class="govuk-link" href="{% url 'learning_plans:completion' each.pk %}">{{ each.course.title }}</a></th>
<td role="cell" data-label="Staff id" class="pd-table__short">{{ each.teacher.staff_id }}</td>
<td role="cell" data-label="Family name">{{ each.teacher.family_name }}</td>
<td role="cell" data-label="Given name">{{ each.teacher.given_name }}</td>
<td role="cell" data-label="Completed" class="pd-table__date">{{ each.completed_on|date:"M j, Y" }}</td>
<td role="cell" data-label="Course code" class="pd-table__short">{{ each.course.code }}</td>
<td role="cell" data-label="Provider">{{ each.course.provider.name|default:"–" }}</td>
<td role="cell" data-label="Category">{{ each.category|default:"–" }}</td>
<td role="cell" data-label="Hours" class="pd-table__number">{{ each.hours|floatformat:1 }}</td>
<td role="cell" data-label="State">{{ each.get_state_display }}</td>
<td role="cell" data-label="Source">{{ each.get_source_display }}</td>
<td role="cell" data-label="Recorded" class="pd-table__date">{{ each.recorded_at|date:"M j, Y, g:i A T" }}</td>
</tr>{% endfor %}</tbody></table></div>{% include "parts/pages.html" %}</div></div>{% endblock %}"""


@pytest.fixture
def hr() -> User:
    return user_with_role(Role.HR)


def asked(user: User, page: int = 1) -> HttpRequest:
    request = RequestFactory().get(f"/completions/?page={page}")
    request.user = User.objects.get(pk=user.pk)  # as each request finds it, knowing nothing of its roles yet
    return request


def ours(user: User, page: int = 1) -> str:
    response: Any = Completions.as_view()(asked(user, page))
    return str(response.render().text)


def looped(user: User, related: tuple[str, ...]) -> str:
    request = asked(user)
    filterset = CompletionFilter(request.GET, Completion.objects.visible_to(request.user), request=request)
    rows: QuerySet[Completion] = filterset.qs.order_by("-completed_on", "-pk")
    page = Paginator(rows.select_related(*related) if related else rows, 50).get_page(1)
    context = {"page": page, "filterset": filterset, "table": Completions.table}
    return str(engines["django"].from_string(LOOP).render(context, request))


def words(markup: str) -> list[str]:
    """What stands in the cells of the rows."""
    return re.findall(r'<t[dh] (?:scope="row" )?role="(?:cell|rowheader)"[^>]*>\s*(?:<a [^>]*>)?(.*?)<', markup)


def times(count: int, work: Callable[[], object]) -> Callable[[], object]:
    return lambda: [work() for _ in range(count)]


def test_rows_are_drawn_faster_than_by_a_loop(hr: User, reach_bar: Reach) -> None:
    CompletionFactory.create_batch(50)
    loop = partial(looped, hr, ("teacher", "course__provider"))
    assert words(ours(hr)) == words(loop())
    assert len(words(loop())) == 50 * 12

    reach_bar(
        "50-row HTML list, CPU against a plain template loop over instances",
        lambda: ratio(times(20, partial(ours, hr)), times(20, loop)),
        allowed=0.6,
        naive=ratio(times(5, partial(looped, hr, ())), times(5, loop), rounds=1),
    )


def test_the_deepest_page_is_as_near_as_the_first(hr: User, reach_bar: Reach) -> None:
    fill_district()
    assert "9951 to 10000 of more than 10,000 rows" in ours(hr, DEEPEST)
    assert words(ours(hr, DEEPEST + 1)) == words(ours(hr, DEEPEST)) != words(ours(hr))

    rows = Completion.objects.visible_to(hr).order_by("-completed_on", "-pk")
    pages = Paginator(rows.select_related("teacher", "course__provider"), 50)
    five = partial(times, 5)
    reach_bar(
        "HTML list of 300,000 rows, deepest page against page 1",
        lambda: ratio(five(partial(ours, hr, DEEPEST)), five(partial(ours, hr)), clock=wall),
        allowed=2,
        naive=ratio(lambda: list(pages.page(pages.num_pages)), lambda: list(pages.page(1)), clock=wall, rounds=1),
    )


def fill_district() -> None:
    """Sixty schools, 25,000 teachers (one in ten has left) and 300,000 completions over four school years."""
    district = DistrictFactory()
    SchoolYearFactory()
    schools = [SchoolFactory(district=district).pk for _ in range(60)]
    courses = [CourseFactory(district=district, minutes=minutes).pk for minutes in range(30, 630, 10)]
    left = f"CASE WHEN i % 10 = 0 THEN {day('5900 + i % 300')} END"
    spell = {
        "id": "i", "teacher_id": "i", "position": "'classroom_teacher'", "fte": "1.0", "ended_on": left,
        "started_on": day("i * 13 % 5500"),
    }  # fmt: skip
    insert("teachers_teacher", TEACHERS, {
        "id": "i", "district_id": district.pk, "staff_id": "100000 + i", "given_name": "'Given' || i * 31 % 997",
        "family_name": "'Family' || i * 7919 % 4999", "preferred_name": "''", "email": "''",
    })  # fmt: skip
    insert("teachers_employment", TEACHERS, spell | {"separation_type": "''", "separation_reason": "''"})
    insert("teachers_assignment", TEACHERS, spell | {
        "school_id": f"{schools[0]} + i % {len(schools)}", "subject": "'Subject ' || i % 23", "grades": "'4-5'",
    })  # fmt: skip
    insert("learning_plans_completion", TEACHERS * EACH, {
        "id": "i", "teacher_id": f"1 + i * 7 % {TEACHERS}", "course_id": f"{courses[0]} + i % {len(courses)}",
        "completed_on": day(f"4400 + i / {TEACHERS * EACH // 1400}"), "minutes": "30 + i % 60 * 10",
        "recorded_at": moment(f"4400 + i / {TEACHERS * EACH // 1400}"), "category": "'Category ' || i % 8",
        "fund": "''", "source": "'import'", "external_key": "'K' || i", "state": "'approved'", "void_reason": "''",
    })  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def insert(table: str, count: int, columns: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 made of the words above
            f"WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {count}) "
            f"SELECT {', '.join(map(str, columns.values()))} FROM numbers"
        )


def day(number: str) -> str:
    """SQL of the day so many days after the first of 2010."""
    if connection.vendor == "postgresql":
        return f"(date '2010-01-01' + ({number}))"
    return f"date('2010-01-01', '+' || ({number}) || ' days')"


def moment(number: str) -> str:
    return (
        f"CAST({day(number)} AS timestamptz)" if connection.vendor == "postgresql" else f"{day(number)} || ' 16:05:00'"
    )
