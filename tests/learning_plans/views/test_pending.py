"""Completions that wait: found, looked at, approved or returned together, and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import Completion
from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from tests.factories import (
    DISTRICT_TIME,
    CompletionFactory,
    LicenceFactory,
    RoleGrantFactory,
    SchoolFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=DISTRICT_TIME)
LIST, DECIDE, UNDO = "/completions/pending/", "/completions/pending/decide/", "/completions/pending/take-back/"


@pytest.fixture
def hr():
    return user_with_role(Role.HR)


@pytest.fixture
def client(hr):
    return browse(hr)


def browse(user: Any) -> Client:
    found = Client()
    found.force_login(user)
    return found


def waiting(teacher: Any = None, *, days: int = 1, **more: Any) -> Completion:
    return CompletionFactory(
        teacher=teacher or employed(),
        state="pending",
        completed_on=TODAY - timedelta(days=days),
        recorded_at=timezone.now() - timedelta(days=days),
        category="",
        **more,
    )


def query(*rows: Completion) -> str:
    return "?" + "&".join(f"completion={row.pk}" for row in rows)


def test_the_oldest_come_first_and_long_waits_are_marked(client):
    new, old = waiting(days=13), waiting(days=15)
    CompletionFactory(teacher=new.teacher)
    LicenceFactory(teacher=old.teacher, rule_pack="NY-CTLE")

    context = client.get(LIST).context
    assert context["row_keys"] == [old.pk, new.pk]
    heads = [column.key for column in context["table"].columns]
    first, second = (dict(zip(heads, row, strict=True)) for row in context["table"].rows)
    assert (first["waits"], second["waits"]) == ("15 days, too long", "13 days")
    assert first["effect"] == "WA Professional: 0 → 6 of 100 hours"
    assert second["effect"] == "–"
    assert context["long"] == 1
    assert client.get(f"{LIST}?long=true").context["row_keys"] == [old.pk]
    assert b"15 days, too long" in b"".join(client.get(f"{LIST}?format=csv"))


def test_several_are_approved_at_once_and_each_is_told(hr, client):
    rows = [waiting(teacher_with_sign_in()), waiting()]
    page = client.get(DECIDE + query(*rows))
    assert [item["completion"] for item in page.context["items"]] == rows

    response = client.post(DECIDE + query(*rows), {"act": "approve"}, follow=True)
    assert [each.pk for each in response.context["done"]] == [row.pk for row in rows]
    stored = Completion.objects.filter(pk__in=[row.pk for row in rows])
    assert {(row.state, row.approved_by) for row in stored} == {("approved", hr)}
    assert Notice.objects.filter(user=rows[0].teacher.user).count() == 1
    assert AuditEvent.objects.filter(verb="completion.approved").count() == 2


def test_taken_back_they_wait_again(client):
    row = waiting()
    client.post(DECIDE + query(row), {"act": "approve"})
    client.post(UNDO)

    row.refresh_from_db()
    assert (row.state, row.approved_by, row.approved_at) == ("pending", None, None)
    assert row.history.first().history_change_reason == "Decision taken back"
    assert client.get(LIST).context["row_keys"] == [row.pk]
    client.post(UNDO)  # a second time nothing is left to take back
    assert row.history.count() == 3


def test_a_return_needs_a_reason_and_waits_for_the_teacher(hr, client):
    row = waiting(teacher_with_sign_in())
    assert list(client.post(DECIDE + query(row), {"act": "return"}).context["form"].errors) == ["reason"]

    client.post(DECIDE + query(row), {"act": "return", "reason": "Please add the certificate"})
    assert client.get(LIST).context["row_keys"] == []
    own = browse(row.teacher.user)
    page = reverse("learning_plans:completion", args=[row.pk])
    assert "Please add the certificate" in own.get(page).content.decode()

    assert own.post(reverse("learning_plans:hand_in_again", args=[row.pk])).url == page
    assert client.get(LIST).context["row_keys"] == [row.pk]
    row.refresh_from_db()
    assert [each.history_user for each in row.history.all()[:2]] == [row.teacher.user, hr]
    assert client.post(reverse("learning_plans:hand_in_again", args=[row.pk])).status_code == 404


def test_ones_own_hours_and_decided_ones_are_refused_with_the_reason(hr):
    own = waiting(teacher_with_sign_in())
    RoleGrantFactory(user=own.teacher.user, role=Role.HR.value, district=own.teacher.district)
    other = waiting()

    response = browse(own.teacher.user).post(DECIDE + query(own, other), {"act": "approve"}, follow=True)
    assert [(each.pk, words[:7]) for each, words in response.context["refused"]] == [(own.pk, "Nobody ")]
    assert [each.pk for each in response.context["done"]] == [other.pk]
    assert browse(hr).get(DECIDE + query(other)).status_code == 302


def test_out_of_reach_nothing_is_chosen(client):
    school = SchoolFactory()
    there = waiting()
    near = browse(user_with_role(Role.HR, school))

    assert near.get(DECIDE + query(there)).status_code == 302
    near.post(DECIDE + query(there), {"act": "approve"})
    there.refresh_from_db()
    assert there.state == "pending"
    assert browse(user_with_role(Role.PRINCIPAL, school)).get(LIST).status_code == 403
