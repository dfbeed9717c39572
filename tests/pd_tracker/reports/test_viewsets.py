"""Reports through the API: those one may see, as on the page, and noted."""

from __future__ import annotations

import pytest

from pd_tracker.audit.models import AuditEvent
from pd_tracker.reports import catalogue
from tests.factories import SchoolFactory, SchoolYearFactory, employed, user_with_role
from tests.programs import API, program

pytestmark = pytest.mark.django_db

REPORTS = f"{API}/reports/"


@pytest.fixture
def hr():
    SchoolYearFactory()
    employed()
    return program(user_with_role("hr"))


def test_the_catalog_is_the_readers(hr):
    school = SchoolFactory()
    for user in (user_with_role("hr"), user_with_role("principal", school), user_with_role("leader")):
        listed = [row["name"] for row in program(user).get(REPORTS).json()]
        assert listed == [report.name for report in catalogue.reports_for(user)]


def test_a_report_is_what_the_page_shows_and_is_noted():
    user = user_with_role("hr")
    SchoolYearFactory()
    employed()
    answer = program(user).get(f"{REPORTS}retention/")
    assert answer.status_code == 200
    result = catalogue.run("retention", user, on=user.today, given={})
    assert set(answer.json()) == set(result.to_json())
    event = AuditEvent.objects.get(verb="report.exported")
    assert (event.actor, event.detail["report"], event.detail["format"]) == (user, "retention", "json")


@pytest.mark.parametrize("name", ["nothing", "hr_summary", "a" * 41, "..", "retention%00"])
def test_a_report_that_is_none(hr, name):
    assert hr.get(f"{REPORTS}{name}/").status_code == 404


def test_a_report_for_others_is_refused():
    principal = program(user_with_role("coach"))
    assert principal.get(f"{REPORTS}retention/").status_code == 403


@pytest.mark.parametrize("name", list(catalogue.CATALOGUE))
@pytest.mark.parametrize("value", ["x", "", "\x00", "9" * 400, "-1", "2026-02-30", "1e999", "'; --", "李", "[]"])
def test_any_parameter_is_taken_or_refused_in_words(hr, name, value):
    known = [parameter.name for parameter in catalogue.report(name).parameters]
    for parameter in [*known, "user__password", "_connector"]:
        answer = hr.get(f"{REPORTS}{name}/", {parameter: value})
        assert answer.status_code in {200, 400, 403}, (parameter, value)
        if answer.status_code == 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert {line["place"] for line in answer.json()["errors"]} == {"query"}
