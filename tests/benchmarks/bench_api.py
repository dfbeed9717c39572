"""What a page of the API costs, against the usual way of making one, and how deep a list may be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIRequestFactory, force_authenticate

from learning_plans.models import Completion, Course, Provider
from learning_plans.viewsets.completions import CompletionViewSet
from pd_tracker.access import Role
from pd_tracker.api.actions import make_token
from teachers.models import Teacher
from tests.benchmarks.conftest import Reach
from tests.benchmarks.measuring import ratio, wall
from tests.factories import CompletionFactory, user_with_role

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 1_000_000
DEEP_PAGE, DEEP_SIZE = 100_000, 10
SCOPES = ["completions:read"]


class NestedTeacher(serializers.ModelSerializer[Teacher]):
    class Meta:
        model = Teacher
        fields = ("id", "staff_id", "family_name", "given_name")


class NestedProvider(serializers.ModelSerializer[Provider]):
    class Meta:
        model = Provider
        fields = ("id", "name")


class NestedCourse(serializers.ModelSerializer[Course]):
    provider = NestedProvider()

    class Meta:
        model = Course
        fields = ("id", "code", "title", "provider")


class NestedCompletion(serializers.ModelSerializer[Completion]):
    """The same facts as our row, as a serializer of the textbook nests them."""

    teacher = NestedTeacher()
    course = NestedCourse()

    class Meta:
        model = Completion
        fields = (
            "id", "teacher", "course", "completed_on", "minutes", "category", "fund", "external_key", "state", "source",
            "void_reason", "recorded_at", "approved_at",
        )  # fmt: skip


class HundredRows(PageNumberPagination):
    page_size = 100


class Textbook(ListAPIView[Completion]):
    """The same reader, rows, order and rate limit; pages, count, serializer and renderer are the usual ones."""

    serializer_class = NestedCompletion
    pagination_class = HundredRows
    renderer_classes = (JSONRenderer,)
    permission_classes = (IsAuthenticated,)

    def get_queryset(self) -> QuerySet[Completion]:
        found = Completion.objects.visible_to(self.request.user).select_related("teacher", "course__provider")
        return found.order_by("-completed_on", "-pk")


@pytest.fixture
def get(settings: Any) -> Callable[[str], bytes]:
    settings.API_REQUESTS_PER_MINUTE = 10**6
    hr = user_with_role(Role.HR)
    _token, secret = make_token(owner=hr, name="bench", scopes=SCOPES, days=1)
    client = Client(headers={"Authorization": f"Token {secret}"})

    def asked(path: str) -> bytes:
        response = client.get(path)
        assert response.status_code == 200
        return response.content

    return asked


def fill(rows: int) -> None:
    """Completions of 2,000 people and 200 courses over ten years, written by the database itself."""
    first = CompletionFactory(external_key="first")
    teachers = Teacher.objects.bulk_create(
        Teacher(district=first.teacher.district, staff_id=f"b{n:05}", given_name="Ada", family_name=f"Bench{n}")
        for n in range(2_000)
    )
    courses = Course.objects.bulk_create(
        Course(district=first.course.district, code=f"B-{n}", title=f"Course {n}", provider=first.course.provider)
        for n in range(200)
    )
    days = (
        "date '2015-08-01' + n %% 3650"
        if connection.vendor == "postgresql"
        else "date('2015-08-01', '+' || (n %% 3650) || ' days')"
    )
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < %s)"
    fields = [field for field in Completion._meta.concrete_fields if not field.primary_key]
    made = {
        "teacher_id": f"{teachers[0].pk} + n %% 2000",
        "course_id": f"{courses[0].pk} + n %% 200",
        "completed_on": days,
        "minutes": "60 + n %% 300",
        "external_key": "'k' || n",
    }
    columns = [field.column for field in fields]
    values = ", ".join(made.get(column, f"first.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{numbers} INSERT INTO learning_plans_completion ({', '.join(columns)}) SELECT {values} "
            "FROM numbers, learning_plans_completion first WHERE first.id = %s",
            [rows, first.pk],
        )
        cursor.execute("ANALYZE")


@pytest.mark.timeout(300)
def test_a_page_of_a_hundred_rows(settings: Any, reach_bar: Reach) -> None:
    """The views alone: the site in front of them, signing in among it, costs both the same.

    The second page of each list stands for all that follow the first when somebody pulls a whole list.
    """
    settings.API_REQUESTS_PER_MINUTE = 10**6
    fill(3_000)
    hr, factory = user_with_role(Role.HR), APIRequestFactory()
    usual, ours = Textbook.as_view(), CompletionViewSet.as_view({"get": "list"})

    def page(view: Any, address: str) -> Any:
        request = factory.get(address)
        force_authenticate(request, hr)
        return view(request).render()

    second = {usual: "/?page=2", ours: page(ours, "/").data["next"]}

    def often(view: Any) -> None:
        for _ in range(20):
            assert page(view, second[view]).content.count(b'"completed_on"') == 100

    often(usual), often(ours)
    reach_bar(
        "API, page of 100 rows, CPU against nested serializers",
        lambda: ratio(lambda: often(ours), lambda: often(usual), rounds=5),
        allowed=0.35,
        naive=1.0,
    )


@pytest.mark.timeout(300)
def test_page_100_000_costs_what_page_1_costs(get: Any, reach_bar: Reach) -> None:
    fill(ROWS)
    depth = DEEP_PAGE * DEEP_SIZE - DEEP_SIZE - 1
    last = Completion.objects.order_by("-completed_on", "-pk").values_list("completed_on", "pk")[depth]
    first, deep = f"/api/v1/completions/?page_size={DEEP_SIZE}", after(*last)
    get(first), get(deep)
    reach_bar(
        "API, page 100,000 against page 1",
        lambda: ratio(lambda: get(deep), lambda: get(first), clock=wall, rounds=9),
        allowed=2.0,
    )


def after(day: date, pk: int) -> str:
    from pd_tracker.api.keyset import encoded
    from pd_tracker.sheets.table import Column
    from pd_tracker.web.ordering import Order

    cursor = encoded(Order(Column("completed_on", ""), is_descending=True), day, pk)
    return f"/api/v1/completions/?page_size={DEEP_SIZE}&cursor={cursor}"
