"""The API against its own description: hundreds of generated requests, none of which may be answered off the record.

`PD_TRACKER_FUZZ_CASES=5000` makes more of them, and other ones each time.
"""

from __future__ import annotations

import os
from math import ceil
from typing import Any

import pytest
import schemathesis
from django.test.client import ClientHandler
from django.urls import get_resolver, resolve
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pd_tracker.audit.versions import latest_version
from tests.factories import (
    CompletionFactory,
    CreditLineFactory,
    GoalFactory,
    KpiValueFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    PlanReviewFactory,
    PlanTemplateFactory,
    SchoolFactory,
    SessionFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)
from tests.programs import token_of

USUAL = 500
CASES = int(os.environ.get("PD_TRACKER_FUZZ_CASES", USUAL))
PEOPLE = ("hr", "coach", "principal")
DESCRIPTION: Any = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = sum(len(methods) for methods in DESCRIPTION["paths"].values())
EACH = ceil(CASES / OPERATIONS / len(PEOPLE))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
UNDESCRIBED = {"schema", "docs", "nothing"}  # the description itself, its page, and every address that is none

site = ClientHandler()  # unlike the served site, it leaves the test's connection to the database open


def served(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    response = site(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


schema = schemathesis.openapi.from_dict(DESCRIPTION)
schema.app = served
schema.config.phases.coverage.enabled = CASES > USUAL  # every boundary of every field, some thousand requests


@pytest.fixture
def known(db: None) -> dict[str, list[Any]]:
    """A small world, by resource, so that some of what is generated meets something."""
    school = SchoolFactory()
    teacher = teacher_with_sign_in(school)
    coach = user_with_role("coach")
    PairingFactory(coach=coach, teacher=teacher)
    plan = PlanFactory(teacher=teacher)
    items = [PlanItemFactory(plan=plan, goal=GoalFactory(plan=plan)), PlanItemFactory(plan=plan, course=None, task="A")]
    completion = CompletionFactory(teacher=teacher, course=items[0].course, state="pending")
    CreditLineFactory(completion=completion)
    values = [
        KpiValueFactory(teacher=teacher, school=school),
        KpiValueFactory(teacher=teacher, school=school, subject="Art", value=None, suppressed_at_source=True),
    ]
    return {
        "people": [user_with_role("hr"), coach, user_with_role("principal", school)],
        "teachers": [teacher, employed(school)],
        "schools": [school],
        "kpi-values": values,
        "courses": [items[0].course],
        "sessions": [SessionFactory(course=items[0].course, capacity=3)],
        "completions": [completion, CompletionFactory(teacher=teacher)],
        "plans": [plan],
        "plan-items": items,
        "plan-templates": [PlanTemplateFactory()],
        "plan-reviews": [PlanReviewFactory(plan=plan)],
        "plan-cycles": [],
    }


def made_known(case: Any, known: dict[str, list[Any]]) -> None:
    """Puts keys that exist where generated ones would meet nothing."""
    rows = known.get(case.operation.path.split("/")[3], [])
    key = case.path_parameters.get("id", "")
    if rows and key.isdigit() and int(key) % 4:
        row = rows[int(key) % len(rows)]
        case.path_parameters["id"] = str(row.pk)
        if "If-Match" in case.headers and int(key) % 2:
            case.headers["If-Match"] = f'"{latest_version(row)}"'
    if isinstance(case.body, dict):
        codes = {"staff_id": known["teachers"][0].staff_id, "course_code": known["courses"][0].code}
        for name, code in codes.items():
            if isinstance(case.body.get(name), str) and len(case.body[name]) % 2:
                case.body[name] = code


@pytest.mark.slow
@pytest.mark.parametrize("who", range(len(PEOPLE)), ids=PEOPLE)
@schema.parametrize()
@settings(
    max_examples=EACH,
    deadline=None,
    derandomize=CASES == USUAL,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_every_answer_is_as_described(case: Any, who: int, known: dict[str, list[Any]], request: Any) -> None:
    if not hasattr(request.node, "secret"):
        request.node.secret = token_of(known["people"][who])
    made_known(case, known)
    case.call_and_validate(headers={"Authorization": f"Token {request.node.secret}"}, checks=CHECKS)


def test_every_route_is_described() -> None:
    (api,) = (entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", None) == "api_v1")
    entries = [inner for entry in api.url_patterns for inner in getattr(entry, "url_patterns", [entry])]
    described = {
        path.format(id=1, name="retention", beginning="pdt_1", code="NY-CTLE") for path in DESCRIPTION["paths"]
    }

    assert {entry.name for entry in entries} - UNDESCRIBED == {resolve(path).url_name for path in described}
