"""Parameters that nobody declared change nothing; those that are declared tell no secrets."""

from __future__ import annotations

import random
import re
import string
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from teachers.models import Teacher, User
from tests.factories import (
    CompletionFactory,
    PairingFactory,
    RoleGrantFactory,
    SchoolFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)
from tests.programs import API, program, rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGES = (
    "/people/",
    "/schools/",
    "/completions/",
    "/courses/",
    "/plans/",
    "/roles/",
    "/imports/",
    "/changes/",
    "/notices/",
    "/tokens/",
)
RESOURCES = (
    "teachers",
    "schools",
    "courses",
    "sessions",
    "completions",
    "plans",
    "goals",
    "plan-items",
    "reports",
    "tokens",
)
CHANCE = random.Random(20261124)
WALKS = [
    "user__password__startswith", "user__password", "teacher__user__password__regex", "teacher__user__email",
    "teacher__email__icontains", "employments__separation_reason", "separation_reason", "district__id", "pk__in", "id",
    "course__district__teachers__email", "_connector", "_negated", "order_by", "ordering__in", "order", "sort",
    "filter", "annotate", "extra", "where", "having", "select", "raw", "fields", "expand", "include", "embed", "q",
    "limit", "offset", "page_size__gt", "cursor__", "format__in", "password", "password_hash", "auth_token_set__digest",
    "history__history_user__password", "role_grants__role", "notices__facts", "user_id", "is_active", "__class__",
    "state__ne", "search__regex", "search[]", "search[$ne]", "search.", "status!", "self", "request", "queryset",
    "data",
]  # fmt: skip
VALUES = [
    "a", "", "1", "0", "true", "null", "%", "_", "' OR 1=1 --", '" OR ""="', "1; DROP TABLE teachers_teacher",
    "1) UNION SELECT password FROM teachers_user --", "\x00", "\u202e", "\ud7ff", "李", "9" * 400, "-1", "1e999", "NaN",
    "2026-02-30", "${jndi:x}", "{{7*7}}", "../../etc/passwd", "a" * 5000, "\\", "[]", "{}", "%00", "%ff", "\r\nX-A: b",
]  # fmt: skip
MASKED = re.compile(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"|(href|value|hx-get|action)="[^"]*"')


def made_up() -> list[tuple[str, str]]:
    """Five hundred parameters, the same in each run: roads into other tables, halves of SQL, noise."""
    letters = string.ascii_lowercase + "_"
    names = [*WALKS, *("".join(CHANCE.choices(letters, k=CHANCE.randint(1, 20))) for _ in range(60))]
    suffixes = ["", "__startswith", "__gt", "__in", "__isnull", "__regex", "__contains", "[]"]
    return [(f"xx{name}" if name in DECLARED else name, CHANCE.choice(VALUES)) for name in (
        CHANCE.choice(names) + CHANCE.choice(suffixes) for _ in range(500)
    )]  # fmt: skip


DECLARED = {"q", "page", "search", "status", "school", "format", "ordering", "cursor", "page_size", "next", "state"}
ORDERINGS = [
    "user__password", "-user__password", "password", "email", "-birth_year", "separation_reason", "pk", "?", "-",
    "--name", "family_name,given_name", "user__email", "random()", "1", "\x00", "' ; --", "own_email", "id)",
    "employments__ended_on",
]  # fmt: skip


@pytest.fixture
def hr_user() -> User:
    teacher = teacher_with_sign_in(SchoolFactory(), birth_year=1980)
    CompletionFactory(teacher=teacher)
    employed()
    return user_with_role("hr")


@pytest.fixture
def hr(hr_user) -> Client:
    client = Client()
    client.force_login(hr_user)
    return client


def shown(client: Client, address: str, query: Any) -> tuple[int, str]:
    """The page without its addresses, which repeat what was asked."""
    response = client.get(address, query)
    return response.status_code, MASKED.sub("", response.content.decode())


def test_no_made_up_parameter_changes_a_page(hr):
    for address in PAGES:
        plain = shown(hr, address, {})
        assert plain[0] == 200
        differing = [
            pair for pair in made_up()[:: len(PAGES)] if body_of(shown(hr, address, dict([pair]))) != body_of(plain)
        ]
        assert differing == [], address


def body_of(answer: tuple[int, str]) -> tuple[int, list[str]]:
    """What the rows say."""
    return answer[0], re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", answer[1], re.DOTALL)


def test_every_made_up_parameter_is_refused_by_the_api(hr):
    parameters = made_up()
    assert len(parameters) == 500
    for number, (name, value) in enumerate(parameters):
        resource = RESOURCES[number % len(RESOURCES)]
        answer = hr.get(f"{API}/{resource}/", {name: value})
        assert answer.status_code == 400, (resource, name, value)
        assert answer.json()["errors"][0]["place"] == "query"


@pytest.mark.parametrize("resource", ["teachers", "schools", "courses", "completions", "plans"])
def test_declared_parameters_take_any_value_without_a_fault(hr, resource):
    known = hr.get(f"{API}/{resource}/", {"nothing": 1}).json()["detail"].partition("It takes: ")[2].strip(".")
    visible = {row["id"] for row in rows(hr, resource)}
    for name in known.split(", "):
        for value in VALUES:
            answer = hr.get(f"{API}/{resource}/", {name: value})
            assert answer.status_code in {200, 400}, (name, value)
            if answer.status_code == 200 and name != "status":
                assert {row["id"] for row in answer.json()["results"]} <= visible, (name, value)
        repeated = hr.get(f"{API}/{resource}/", {name: ["a", "b", "\x00"]})
        assert repeated.status_code in {200, 400}


@pytest.mark.parametrize("address", PAGES)
def test_declared_parameters_of_pages_take_any_value_without_a_fault(hr, address):
    names = sorted(DECLARED - {"format"} | {"level", "role", "live", "person", "after", "category", "provider", "open"})
    for number, name in enumerate(names):
        for value in VALUES[number % 4 :: 4]:
            assert hr.get(address, {name: value}).status_code in {200, 404}, (name, value)


@pytest.mark.parametrize("address", ["/people/", "/schools/", "/completions/", "/courses/", "/roles/"])
def test_a_page_is_ordered_by_its_columns_only(hr, address):
    plain = hr.get(address).context
    for ordering in ORDERINGS:
        context = hr.get(address, {"ordering": ordering}).context
        columns = {column.key for column in context["table"].columns}
        if ordering.removeprefix("-") not in columns:
            assert context["row_keys"] == plain["row_keys"] or context["ordered_by"] == "", ordering


@pytest.mark.parametrize("resource", ["teachers", "schools", "courses", "completions", "plan-items"])
def test_the_api_is_ordered_by_its_columns_only(hr_user, resource):
    client = program(user_with_role("leader"))
    answers = {ordering: client.get(f"{API}/{resource}/", {"ordering": ordering}).status_code for ordering in ORDERINGS}
    assert set(answers.values()) == {400}, answers


class TestHiddenFields:
    """What a reader may not see cannot be found out by filtering or ordering by it."""

    @pytest.fixture
    def gone(self) -> Teacher:
        return employed(until=timezone.localdate(), birth_year=1960, email="hidden@alder.example")

    @pytest.mark.parametrize("who", ["coach", "leader", "mentor"])
    def test_a_status_is_no_filter_for_who_may_not_know_it(self, gone, who):
        user = user_with_role(who)
        PairingFactory(coach=user, teacher=gone)
        client = program(user)
        plain = client.get(f"{API}/teachers/").json()
        assert plain["count"] == 1
        assert not {"status", "left_on", "started_on", "separation_reason", "email", "birth_year"} & set(
            plain["results"][0]
        )
        for query in ({"status": "left"}, {"status": "all"}, {"sign_in": "true"}, {"ordering": "status"},
                      {"ordering": "email"}, {"ordering": "-birth_year"}, {"ordering": "started_on"}):  # fmt: skip
            assert client.get(f"{API}/teachers/", query).status_code == 400, query

    def test_a_search_finds_nobody_by_what_is_hidden(self, gone):
        client = program(user_with_role("leader"))
        for words in ("hidden", "1960", "alder.example"):
            assert client.get(f"{API}/teachers/", {"search": words}).json()["count"] == 0

    def test_one_sees_ones_own_fields_and_orders_nobody_elses_by_them(self):
        """Somebody who teaches and leads knows their own birth year, and no other."""
        school = SchoolFactory()
        me = teacher_with_sign_in(school, birth_year=1990)
        others = [employed(school, birth_year=year) for year in (1950, 1970, 1960)]
        RoleGrantFactory(user=me.user, role="principal", school=school)
        client = program(me.user)
        found = rows(client, "teachers", ordering="birth_year")
        assert [(row["id"], row["birth_year"]) for row in found] == [
            (me.pk, 1990), *((other.pk, None) for other in others),
        ]  # fmt: skip
