"""What every resource answers alike: to strange bodies and headers, and to readers who hold the answer already."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from learning_plans import serializers as learning
from pd_tracker.api import resources
from teachers import serializers as people
from tests.programs import API, program, with_token
from tests.world import World, build, stored

pytestmark = pytest.mark.django_db

JSON = "application/json"
PROBLEM = "application/problem+json"


@pytest.fixture
def world() -> World:
    return build()


def writes(world: World) -> list[tuple[str, str, str, Any]]:
    """Who writes where and how, and what may be sent: every address that takes a body."""
    keys = {name.removeprefix("api_v1:"): key for name, key in world.keys.items()}
    teacher, completion, item = (keys[f"{name}-detail"]["pk"] for name in ("teachers", "completions", "plan_items"))
    return [
        ("hr", "POST", f"{API}/teachers/", people.ProfileBody),
        ("hr", "PATCH", f"{API}/teachers/{teacher}/", people.ProfileChangeBody),
        ("hr", "POST", f"{API}/completions/", learning.CompletionBody),
        ("hr", "PATCH", f"{API}/completions/{completion}/", learning.CompletionChangeBody),
        ("hr", "POST", f"{API}/completions/{completion}/void/", learning.ReasonBody),
        ("hr", "POST", f"{API}/completions/{completion}/restore/", learning.ReasonBody),
        ("coach", "POST", f"{API}/plan-items/", learning.ItemBody),
        ("coach", "PATCH", f"{API}/plan-items/{item}/", learning.ItemChangeBody),
        ("coach", "POST", f"{API}/plan-items/assign/", learning.AssignBody),
        ("coach", "POST", f"{API}/plan-reviews/", learning.ReviewBody),
        ("coach", "POST", f"{API}/plan-reviews/{keys['plan_reviews-detail']['pk']}/hold/", learning.HoldBody),
        ("coach", "POST", f"{API}/plan-reviews/{keys['plan_reviews-detail']['pk']}/words/", learning.WordsBody),
        ("leader", "POST", f"{API}/plan-cycles/", learning.StartBody),
        ("leader", "POST", f"{API}/plan-cycles/preview/", learning.StartBody),
    ]


def sent(world: World, body: str | bytes, content_type: str = JSON) -> list[Any]:
    """The answers of all of them to the same body, which changes nothing anywhere."""
    programs = {who: program(world.people[who]) for who in ("hr", "coach", "leader")}
    before = stored()
    answers = [
        programs[who].generic(method, address, body, content_type) for who, method, address, _body in writes(world)
    ]
    assert changed(before) <= {"api.Token"}  # when it was used
    return answers


def changed(before: dict[str, int]) -> set[str]:
    return {table for table, rows in stored().items() if rows != before[table]}


@pytest.mark.parametrize(
    "body",
    [
        " ",
        "{",
        "nonsense",
        "[]",
        "[{}]",
        "null",
        "5",
        '"text"',
        "true",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"birth_year": -Infinity}',
        '{"a": 1' + "0" * 5000 + "}",
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" * 500 + "]" * 500,
        '{"given_name": "\xff"}'.encode("latin-1"),
        b"\xef\xbb\xbf{}",
        '{"a": 1}'.encode("utf-16"),
        '{"\\ud800": 1}',
        '{"\\u0000": 1}',
        '{"__all__": 1}',
        '{"' + "a" * 50_000 + '": 1}',
    ],
)
def test_what_is_no_body_of_fields_is_refused(world, body):
    for answer in sent(world, body):
        assert answer.status_code == 400, answer.content[:300]
        assert answer.headers["Content-Type"] == PROBLEM
        assert answer.json()["status"] == 400


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        [[[[1]]]],
        {"a": {"b": {}}},
        True,
        -1,
        10**18,
        10**30,
        1e308,
        "x" * 10_001,
        "\x00",
        "a\x00b",
        "\ud800",
        "a\udfffb",
        "2026-02-30",
        "9999-99-99",
        "1e999",
        "NaN",
        [None],
        [{"unit": "\ud800", "amount": 1}],
        [{"unit": {}, "amount": []}],
        [{"unit": "hour"}],
        [{"amount": "1"}],
        [{}],
    ],
)
def test_strange_values_are_refused_field_by_field(world, value):
    programs, before = {who: program(world.people[who]) for who in ("hr", "coach", "leader")}, stored()
    for who, method, address, body in writes(world):
        for field in set(body().fields) - {"reason", "decision", "words"}:  # any text is one
            answer = programs[who].generic(method, address, json.dumps({field: value}), JSON)
            assert answer.status_code in {400, 428}, (address, field, answer.content[:300])
            assert answer.headers["Content-Type"] == PROBLEM
    assert changed(before) <= {"api.Token"}


def test_a_body_that_is_too_large_is_refused(world):
    for answer in sent(world, json.dumps({"reason": "x" * 3_000_000})):
        assert answer.status_code == 413
        assert answer.headers["Content-Type"] == PROBLEM


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml"]
)
def test_only_json_is_taken(world, content_type):
    assert {answer.status_code for answer in sent(world, "a=1", content_type)} == {415}


def test_json_is_utf_8_whatever_else_is_said_of_it(world):
    answers = sent(world, '{"ä": 1}'.encode(), "application/json; charset=nonsense")
    assert [answer.json()["errors"][0]["field"] for answer in answers] == ["ä"] * len(answers)


def test_a_change_names_the_version_it_was_made_from(world):
    hr, key = program(world.people["hr"]), world.keys["api_v1:teachers-detail"]["pk"]
    answer = hr.patch(f"{API}/teachers/{key}/", {"preferred_name": "Al"}, content_type=JSON)
    assert answer.status_code == 428
    assert answer.json()["errors"][0]["field"] == "If-Match"
    assert answer.json()["errors"][0]["place"] == "header"


LISTS = ("teachers", "schools", "courses", "sessions", "completions", "plans", "plan-items", "reports", "tokens")


@pytest.mark.parametrize("resource", LISTS)
def test_who_holds_an_answer_is_told_that_nothing_changed(world, resource):
    hr = program(world.people["hr"])
    hr.get(f"{API}/{resource}/")  # when its token was last used is part of the list of tokens
    first = hr.get(f"{API}/{resource}/")
    again = hr.get(f"{API}/{resource}/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    other = hr.get(f"{API}/{resource}/", headers={"If-None-Match": '"something else"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_a_row_carries_its_version(world):
    key = world.keys["api_v1:teachers-detail"]["pk"]
    answer = program(world.people["hr"]).get(f"{API}/teachers/{key}/")
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("teachers/", 200),
        ("teachers/987654321/", 404),
        ("teachers/?nobody=1", 400),
        ("kpi-values/", 403),
        ("completions/1/void/", 405),
        ("nowhere/", 404),
        ("schema/", 200),
    ],
)
def test_nothing_may_be_kept_by_anybody_on_the_way(world, address, status):
    for client, expected in ((program(world.people["hr"]), status), (Client(), 401), (with_token("pdt_wrong"), 401)):
        answer = client.get(f"{API}/{address}")
        assert answer.status_code == expected
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["teachers/", "schools/", "teachers/987654321/", "teachers/?nobody=1", "reports/"])
def test_head_is_get_without_a_body(world, address):
    hr = program(world.people["hr"])
    got, headed = hr.get(f"{API}/{address}"), hr.head(f"{API}/{address}")
    assert headed.content == b""
    assert headed.status_code == got.status_code
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert headed.headers.get(name) == got.headers.get(name), name


@pytest.mark.parametrize("accepted", ["text/html", "application/xml", "nonsense", "image/*"])
def test_only_json_can_be_had(world, accepted):
    answer = program(world.people["hr"]).get(f"{API}/teachers/", headers={"Accept": accepted})
    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == PROBLEM


def test_what_nobody_foresaw_is_a_problem_without_details(world, monkeypatch):
    def broken(*args: Any) -> Any:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(resources, "shaped", broken)
    client = program(world.people["hr"])
    client.raise_request_exception = False
    answer = client.get(f"{API}/teachers/")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == PROBLEM
    assert set(answer.json()) == {"type", "title", "status", "detail", "errors"}
    assert "secret" not in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
