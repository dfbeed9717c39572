"""One list by every door: the page, its files and the API show the same rows in the same order, to everybody."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from learning_plans.models import Completion
from learning_plans.viewsets.completions import CompletionViewSet
from pd_tracker.web.views import TablePage
from teachers.models import Teacher
from teachers.viewsets import SchoolViewSet, TeacherViewSet
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    DistrictFactory,
    PairingFactory,
    SchoolFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)
from tests.programs import program, rows

pytestmark = pytest.mark.django_db

# The page, the resource, the column both name a row by, and who opens the page.
LISTS: dict[str, tuple[str, str, str, set[str]]] = {
    "people": ("/people/", "teachers", "staff_id", {"hr", "principal", "leader"}),
    "schools": ("/schools/", "schools", "school_id", {"hr", "principal", "leader"}),
    "completions": ("/completions/", "completions", "id", {"hr"}),
    "courses": ("/courses/", "courses", "code", {"hr", "principal", "leader", "coach", "teacher"}),
    "my record": ("/my-record/", "completions", "id", {"teacher"}),
    "caseload": ("/caseload/", "teachers", "staff_id", {"coach"}),
}
LABELS = {"staff_id": "Staff id", "school_id": "School id", "code": "Code"}
PAIRS = [(name, who) for name, (*_, readers) in LISTS.items() for who in sorted(readers)]


@pytest.fixture
def people(monkeypatch) -> dict[str, Any]:
    monkeypatch.setattr(TablePage, "per_page", 3)
    school, other, away = SchoolFactory(), SchoolFactory(), SchoolFactory(district=DistrictFactory(name="Birch Hills"))
    found = {role: user_with_role(role, school if role == "principal" else None) for role in ("hr", "leader", "coach")}
    found |= {"principal": user_with_role("principal", school)}
    gone = timezone.localdate() - timedelta(days=30)
    for number, place in enumerate([school, school, other, away] * 3):
        teacher = employed(place, family_name=f"Family{number % 3}", until=gone if number % 5 == 4 else None)
        CompletionFactory(teacher=teacher, state=("approved", "pending", "approved")[number % 3])
        if number % 2 and number % 5 != 4:  # a pairing ends with the employment
            PairingFactory(coach=found["coach"], teacher=teacher)
    me = teacher_with_sign_in(school)
    CompletionFactory.create_batch(4, teacher=me, course__minutes=90)
    CourseFactory(state="retired")
    return found | {"teacher": me.user}


def on_pages(client: Client, address: str, **query: Any) -> list[int]:
    found: list[int] = []
    number = 1
    while True:
        context = client.get(address, query | {"page": number}).context
        found += context["row_keys"]
        if not context["page"].has_next():
            return found
        number += 1


def in_file(client: Client, address: str, kind: str, label: str) -> list[str]:
    """What stands below a heading."""
    content = b"".join(client.get(address, {"format": kind}).streaming_content)
    if kind == "csv":
        lines: list[Any] = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        lines = list(load_workbook(io.BytesIO(content)).active.values)
    first = next(index for index, line in enumerate(lines) if label in line)
    place = lines[first].index(label)
    return [line[place] for line in lines[first + 1 :] if line[place]]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(("name", "who"), PAIRS)
def test_everybody_sees_the_same_rows_by_every_door(people, name, who):
    address, resource, column, _readers = LISTS[name]
    client = signed_in(people[who])
    page, api = on_pages(client, address), rows(program(people[who]), resource)
    assert len(page) == len(set(page)) > 0
    shown = page
    if name == "courses":  # the page leaves out what is not on offer; the API says so in `state`
        api = [row for row in api if row["state"] == "approved"]
    assert sorted(row["id"] for row in api) == sorted(shown)
    if column in LABELS:
        expected = sorted(row[column] for row in api)
        for kind in ("csv", "xlsx"):
            assert sorted(in_file(client, address, kind, LABELS[column])) == expected, kind


ORDERED = [
    (name, sign + column.key)
    for name, view in (("people", TeacherViewSet), ("schools", SchoolViewSet), ("completions", CompletionViewSet))
    for column in view.table.columns
    if column.sortable
    for sign in ("", "-")
]


@pytest.mark.slow
def test_the_same_order_by_every_door(people):
    client = signed_in(people["hr"])
    for name, ordering in ORDERED:
        address, resource, *_ = LISTS[name]
        if ordering.removeprefix("-") not in {column.key for column in client.get(address).context["table"].columns}:
            continue  # a column for programs alone
        api = rows(client, resource, ordering=ordering)
        assert on_pages(client, address, ordering=ordering) == [row["id"] for row in api], (name, ordering)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("people", {"search": "family1"}),
        ("people", {"status": "left"}),
        ("people", {"status": "all", "search": "2"}),
        ("schools", {"open": "true"}),
        ("schools", {"level": "elementary"}),
        ("completions", {"state": "pending"}),
        ("completions", {"person": "Family2", "before": "2030-01-01"}),
        ("courses", {"search": "pd-"}),
    ],
)
def test_the_same_filters_by_every_door(people, name, query):
    client = signed_in(people["hr"])
    address, resource, *_ = LISTS[name]
    api = rows(client, resource, **query)
    if name == "courses":
        api = [row for row in api if row["state"] == "approved"]
    page = on_pages(client, address, **query)
    assert sorted(page) == sorted(row["id"] for row in api)
    assert page


@pytest.mark.parametrize("who", ["hr", "principal", "leader", "coach", "teacher"])
def test_the_search_finds_nobody_who_is_not_listed(people, who):
    client = signed_in(people[who])
    listed = {
        row["id"] for row in rows(client, "teachers", **({"status": "all"} if who in {"hr", "principal"} else {}))
    }
    for words in ("Family", "a", "0", "%", "_"):
        context = client.get("/search/", {"q": words}).context
        assert {person.pk for person in context["people"]} <= listed
    assert listed < set(Teacher.objects.values_list("pk", flat=True))


def test_a_program_gets_no_more_than_its_owner(people):
    for who in ("hr", "principal", "leader", "coach", "teacher"):
        ids = {row["id"] for row in rows(program(people[who]), "completions")}
        assert ids == set(Completion.objects.visible_to(people[who]).values_list("pk", flat=True))
