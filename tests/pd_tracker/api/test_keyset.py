"""Walking any list in any order: each row once, in order, whatever is in it and whatever happens meanwhile."""

from __future__ import annotations

import json
import random
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning_plans.models import Course
from learning_plans.viewsets.catalogue import CourseViewSet, SessionViewSet
from learning_plans.viewsets.completions import CompletionViewSet
from learning_plans.viewsets.cycle import ReviewViewSet, TemplateViewSet
from learning_plans.viewsets.plans import PlanItemViewSet, PlanViewSet
from pd_tracker.api import keyset
from pd_tracker.api.resources import ID
from teachers.models import School, User
from teachers.viewsets import KpiValueViewSet, SchoolViewSet, TeacherViewSet
from tests.factories import (
    AssignmentFactory,
    CompletionFactory,
    CourseFactory,
    EmploymentFactory,
    EnrollmentFactory,
    KpiValueFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    PlanReviewFactory,
    PlanTemplateFactory,
    ProviderFactory,
    RoleGrantFactory,
    SchoolFactory,
    SchoolYearFactory,
    SessionFactory,
    TeacherFactory,
    user_with_role,
)
from tests.programs import API, rows

pytestmark = pytest.mark.django_db

RESOURCES: dict[str, Any] = {
    "teachers": TeacherViewSet,
    "schools": SchoolViewSet,
    "kpi-values": KpiValueViewSet,
    "courses": CourseViewSet,
    "sessions": SessionViewSet,
    "completions": CompletionViewSet,
    "plans": PlanViewSet,
    "plan-items": PlanItemViewSet,
    "plan-templates": TemplateViewSet,
    "plan-reviews": ReviewViewSet,
}
ORDERINGS = [
    (resource, sign + column.key)
    for resource, view in RESOURCES.items()
    for column in (ID, *view.table.columns)
    if column.sortable
    for sign in ("", "-")
]
NAMES = ["O'Brien", "Ångström", "van der Berg-Lee", '%_\\ "Q", Jr.', "O'Brien"]
COUNT = len(NAMES)


@pytest.fixture
def reader() -> Client:
    """HR, leader, coach and principal at once: every list, every column."""
    user = user_with_role("hr")
    for role in ("leader", "coach"):
        RoleGrantFactory(user=user, role=role)
    for school in [place(number) for number in range(COUNT)]:
        RoleGrantFactory(user=user, role="principal", school=school)
    client = Client()
    client.force_login(user)
    return client


def place(number: int) -> Any:
    return SchoolFactory(
        name=NAMES[number],
        level=("elementary", "high")[number % 2],
        grade_low="K" if number % 2 else "",
        opened_on=None if number % 3 else date(2000 + number, 8, 1),
    )


def fill(number: int) -> None:
    """One more row of every list; among them nothing, the same and the odd."""
    day, name = date(2024, 9, 1) + timedelta(days=number // 2), NAMES[number % COUNT]
    somebody(number)
    school = School.objects.order_by("pk")[number % COUNT]
    teacher = TeacherFactory(family_name=name, email="" if number % 2 else f"p{number}@alder.example")
    AssignmentFactory(teacher=teacher, school=school)
    SchoolFactory(name=name)
    provider = ProviderFactory(name=f"{name} {number}") if number % 3 else None
    cost = None if number % 3 else Decimal("9.90") + number % 2
    course = CourseFactory(title=name, minutes=60 * (number % 4), cost=cost, provider=provider, category="")
    start = datetime(2025, 1, 1, 8, 0, 0, number % 2, tzinfo=UTC)
    session = SessionFactory(
        course=course, starts_at=start, ends_at=start + timedelta(hours=1), capacity=number if number % 3 else None
    )
    EnrollmentFactory(session=session, teacher=teacher)
    CompletionFactory(teacher=teacher, course=course, completed_on=day, minutes=number % 3, fund=name)
    plan = PlanFactory(teacher=teacher, school_year=SchoolYearFactory(start=2020 + number % 3))
    withdrawn = timezone.now() if number % 2 else None
    PlanItemFactory(plan=plan, course=course, due_on=day if number % 3 else None, withdrawn_at=withdrawn)
    PlanItemFactory(plan=plan, course=None, task=name, task_done_on=day, is_required=bool(number % 2))
    PairingFactory(teacher=teacher, coach=User.objects.get(role_grants__role="coach"))
    PlanReviewFactory(plan=plan, planned_on=day, held_on=day if number % 2 else None, decision="Go on.")
    PlanTemplateFactory(place=number % 3, subject=name, experience_to=None if number % 2 else number)
    value = None if number % 3 == 0 else Decimal("33.333333") + number % 2
    KpiValueFactory(
        teacher=teacher, school=school, value=value, suppressed_at_source=value is None, section=name,
        sd=None if number % 2 else Decimal("0.000001"), n=number if number % 2 else None,
    )  # fmt: skip


def somebody(number: int) -> Any:
    years = None if number % 3 else Decimal("7.5") + number % 2
    teacher = TeacherFactory(
        family_name=NAMES[number % COUNT], preferred_name="", birth_year=None if number % 2 else 1980 + number % 4,
        experience_years=years,
    )  # fmt: skip
    EmploymentFactory(
        teacher=teacher,
        fte=Decimal("0.5") if number % 2 else Decimal("1.0"),
        ended_on=date(2024, 6, 30) if number % 3 == 2 else None,
        separation_reason="retirement" if number % 3 == 2 else "",
    )
    return teacher


@pytest.mark.slow
@pytest.mark.parametrize("resource", RESOURCES)
def test_every_order_is_walked_row_by_row(reader, resource):
    for number in range(COUNT):
        fill(number)
    also = {"status": "all"} if resource == "teachers" else {}
    for ordering in [key for name, key in ORDERINGS if name == resource]:
        whole = rows(reader, resource, ordering=ordering, page_size=200, **also)
        assert len(whole) >= COUNT
        assert_in_order(whole, ordering)
        for size in (1, 2, 7):
            walked = rows(reader, resource, ordering=ordering, page_size=size, **also)
            assert [row["id"] for row in walked] == [row["id"] for row in whole], (ordering, size)


def assert_in_order(found: list[dict[str, Any]], ordering: str) -> None:
    """As Python sorts it, apart from what is not there."""
    keyed = [(row[ordering.removeprefix("-")], row["id"]) for row in found]
    known = [(value, key) for value, key in keyed if value is not None]
    assert known == sorted(known, reverse=ordering.startswith("-")), ordering


@pytest.mark.parametrize("ordering", ["title", "-title", "minutes", "-minutes", "cost", "-cost", "provider"])
def test_rows_that_come_and_go_make_no_other_row_appear_twice(reader, ordering):
    chance, seen = random.Random(ordering), []
    for number in range(3 * COUNT):
        CourseFactory(title=NAMES[number % COUNT], minutes=number % 3, cost=None if number % 4 else number)
    there = set(Course.objects.values_list("pk", flat=True))
    page = reader.get(f"{API}/courses/", {"ordering": ordering, "page_size": 2}).json()
    while True:
        seen += [row["id"] for row in page["results"]]
        gone = chance.choice(list(Course.objects.values_list("pk", flat=True)))
        Course.objects.get(pk=gone).delete()
        there.discard(gone)
        CourseFactory(title=chance.choice(NAMES), minutes=chance.randrange(3), cost=chance.choice([None, 1]))
        if page["next"] is None or len(seen) > 200:
            break
        page = reader.get(page["next"]).json()
    assert len(seen) == len(set(seen))
    assert there <= set(seen)  # whatever was there all the time was seen


def test_the_count_stands_on_the_first_page_and_is_capped(reader, monkeypatch):
    monkeypatch.setattr(keyset, "COUNTED", 3)
    found = []
    for _ in range(5):
        CourseFactory()
        page = reader.get(f"{API}/courses/", {"page_size": 1}).json()
        found.append((page["count"], page["count_is_capped"]))
    assert found == [(1, False), (2, False), (3, False), (3, True), (3, True)]
    assert reader.get(page["next"]).json()["count"] is None


@pytest.mark.parametrize("size", ["0", "-1", "201", "1e2", "", "x", "٣", "1.0", "9" * 100, "\x00"])
def test_a_page_has_1_to_200_rows(reader, size):
    answer = reader.get(f"{API}/courses/", {"page_size": size})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "page_size")


STRANGE = [
    "1e999", "-1e999", "NaN", "1e308", "10" * 40, str(2**63), "-1", "true", "null", "[]", "{}", '"x"', '""',
    '"\\u0000"',
    '"\\ud800"', '"2026-02-30"', '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-14:00"', '"2026-01-01T00:00:00"',
    '"2026-01-01"', '"NaN"', '"Infinity"', '"1e400"', '"-0"', "[[[[]]]]",
]  # fmt: skip


def as_cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.slow
@pytest.mark.parametrize("resource", RESOURCES)
def test_cursors_made_by_hand_are_refused_or_show_nothing_new(reader, resource):
    fill(1)
    visible = {row["id"] for row in rows(reader, resource)}
    for ordering in [key for name, key in ORDERINGS if name == resource and not key.startswith("-")]:
        for value in STRANGE:
            cursor = as_cursor(f"[{json.dumps(ordering)}, {value}, 1]")
            answer = reader.get(f"{API}/{resource}/", {"ordering": ordering, "cursor": cursor})
            assert answer.status_code in {200, 400}, (ordering, value)
            if answer.status_code == 200:
                assert {row["id"] for row in answer.json()["results"]} <= visible, (ordering, value)


def test_cursors_that_were_tampered_with_are_refused(reader):
    chance = random.Random(20261124)
    for _ in range(3):
        CourseFactory()
    following = reader.get(f"{API}/courses/", {"page_size": 1}).json()["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0]
    for _ in range(200):
        changed = list(cursor)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chr(chance.choice([*range(32, 127), 0, 233, 0x674E]))
        assert reader.get(f"{API}/courses/", {"cursor": "".join(changed)}).status_code in {200, 400}
    for nonsense in ["a", "=", "é", "\x00", "A" * 9000, as_cursor("{}"), as_cursor("[" * 50_000), as_cursor("[1,2]")]:
        assert reader.get(f"{API}/courses/", {"cursor": nonsense}).status_code == 400
    # The cursor of one order says nothing in another.
    assert reader.get(f"{API}/courses/", {"cursor": cursor, "ordering": "-title"}).status_code == 400


QUERIES = {
    "teachers": 7,
    "schools": 6,
    "kpi-values": 7,
    "courses": 6,
    "sessions": 6,
    "completions": 7,
    "plans": 7,
    "plan-items": 7,
    "plan-templates": 6,
    "plan-reviews": 7,
}


@pytest.mark.slow
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_one(reader):
    asked: dict[str, set[int]] = {resource: set() for resource in RESOURCES}
    filled = 0
    for amount in (2, 10, 60):
        for number in range(filled, amount):
            fill(number)
        filled = amount
        for resource in RESOURCES:
            reader.get(f"{API}/{resource}/")  # notes who was shown
            with CaptureQueriesContext(connection) as queries:
                assert reader.get(f"{API}/{resource}/").json()["count"] > 0
            asked[resource].add(len(queries))
    assert asked == {resource: {count} for resource, count in QUERIES.items()}
