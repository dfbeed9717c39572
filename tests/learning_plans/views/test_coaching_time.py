"""Where coaching time goes."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.urls import reverse

from pd_tracker.audit.models import AuditEvent
from tests.factories import (
    PairingFactory,
    SchoolFactory,
    SchoolYearFactory,
    VisitFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
OWN, COUNTED = "/coaching/time/", "/coaching/counts/"


@pytest.fixture
def coach() -> Any:
    SchoolYearFactory()
    return user_with_role("coach", name="Cora Coach")


def visit(coach: Any, count: int = 1, **fields: Any) -> None:
    school = SchoolFactory()
    for _ in range(count):
        VisitFactory(coach=coach, teacher=employed(school), visited_on=coach.today, **fields)


def shown(client: Any, address: str) -> list[Any]:
    return [tuple(row) for row in client.get(address).context["table"].rows]


def test_ones_own_time_by_month_and_kind_of_work(client, coach):
    visit(coach, 2, minutes=45)
    visit(coach, activity="feedback", minutes=30)
    visit(user_with_role("coach"), minutes=600)
    last_year = SchoolYearFactory(start=2015)
    VisitFactory(coach=coach, minutes=600)
    client.force_login(coach)
    month = coach.today.strftime("%B %Y")
    assert shown(client, OWN) == [(month, "Feedback talk", 1, 0.5), (month, "Classroom visit", 2, 1.5)]
    assert tuple(client.get(OWN).context["table"].totals)[2:] == (3, 2)
    assert shown(client, f"{OWN}?year={last_year.pk}")[0][2:] == (1, 10)


def test_a_leader_counts_groups_of_five_and_no_smaller(client, coach):
    visit(coach, 5, minutes=60)
    visit(coach, 4, activity="feedback", minutes=60)
    client.force_login(user_with_role("leader"))
    assert shown(client, COUNTED) == [
        ("Cora Coach", "Feedback talk", None, None),
        ("Cora Coach", "Classroom visit", 5, 5),
    ]
    assert client.get(COUNTED).context["table"].totals is None


def test_a_leader_of_one_school_counts_that_school(client, coach):
    here = SchoolFactory()
    for _ in range(5):
        VisitFactory(coach=coach, teacher=employed(here), visited_on=coach.today)
    visit(coach, 5)
    client.force_login(user_with_role("leader", here))
    assert shown(client, COUNTED)[0][2] == 5


def test_the_file_says_what_the_page_says_and_leaves_a_mark(client, coach):
    visit(coach, 5, minutes=60)
    leader = user_with_role("leader")
    client.force_login(leader)
    content = b"".join(client.get(f"{COUNTED}?format=csv").streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    assert any(line[:3] == ["Cora Coach", "Classroom visit", "5"] for line in lines), lines
    workbook = client.get(f"{COUNTED}?format=xlsx")
    assert b"".join(workbook.streaming_content).startswith(b"PK")
    assert workbook["Content-Disposition"].endswith('coaching_counts.xlsx"')
    assert AuditEvent.objects.filter(verb="list.exported", actor=leader, detail__list="coaching_counts").count() == 2


def test_nobody_logged_anything(client, coach):
    client.force_login(coach)
    assert "No time logged in this school year" in client.get(OWN).content.decode()


def test_a_teacher_has_no_time_report(client):
    client.force_login(teacher_with_sign_in().user)
    assert [client.get(address).status_code for address in (OWN, COUNTED)] == [403, 403]


def test_the_caseload_leads_to_ones_time(client, coach):
    PairingFactory(coach=coach, teacher=employed())
    client.force_login(coach)
    assert f'href="{reverse("learning_plans:coaching_time")}"' in client.get("/caseload/").content.decode()
