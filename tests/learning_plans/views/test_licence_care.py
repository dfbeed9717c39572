"""Waivers, facts and extensions of one license, by the pages that HR uses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.credit.cases import case_of
from learning_plans.models import LicenceFact, Waiver
from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from tests.factories import DISTRICT_TIME, LicenceFactory, RoleGrantFactory, teacher_with_sign_in, user_with_role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=DISTRICT_TIME)


@pytest.fixture
def hr():
    return user_with_role(Role.HR)


@pytest.fixture
def client(hr):
    found = Client()
    found.force_login(hr)
    return found


@pytest.fixture
def held():
    return LicenceFactory(
        teacher=teacher_with_sign_in(), rule_pack="NY-CTLE", valid_from=TODAY - timedelta(days=700),
        valid_until=TODAY + timedelta(days=1_000),
    )  # fmt: skip


def at(name, row):
    return reverse(f"learning_plans:{name}", args=[row.pk])


def test_a_waiver_is_granted_read_and_taken_back(hr, client, held):
    response = client.post(at("grant_waiver", held), {"amount": "40", "reason": "A year abroad"})
    assert response.url == at("renewal", held)
    waiver = Waiver.objects.get()
    assert (waiver.granted_by, waiver.history.get().history_user) == (hr, hr)
    assert case_of(held, on=TODAY).decision.required == 60
    page = client.get(at("renewal", held)).content.decode()
    assert "A year abroad" in page
    assert hr.name in page

    assert list(client.post(at("take_back_waiver", waiver), {}).context["form"].errors) == ["reason"]
    client.post(at("take_back_waiver", waiver), {"reason": "A slip"})
    assert case_of(held, on=TODAY).decision.required == 100
    assert "A year abroad" in client.get(at("renewal", held)).content.decode()
    assert client.get(at("take_back_waiver", waiver)).status_code == 404
    assert [each.verb for each in AuditEvent.objects.filter(verb__startswith="waiver.").order_by("pk")] == [
        "waiver.granted",
        "waiver.taken_back",
    ]


@pytest.mark.parametrize(
    ("typed", "field"), [({"amount": "0", "reason": "x"}, "amount"), ({"amount": "-4", "reason": "x"}, "amount"),
                         ({"amount": "forty", "reason": "x"}, "amount"), ({"amount": "4"}, "reason")]
)  # fmt: skip
def test_what_no_waiver_can_be_is_refused_beside_its_field(client, held, typed, field):
    response = client.post(at("grant_waiver", held), typed)

    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["amount"].value() == typed["amount"]
    assert not Waiver.objects.exists()


def test_the_form_asks_what_the_rules_ask(client, held):
    form = client.get(at("licence_facts", held)).context["form"]
    assert list(form.fields) == ["permanent_certificate", "national_board", "reason"]

    client.post(at("licence_facts", held), {"national_board": "on", "reason": "Saw the letter"})
    fact = LicenceFact.objects.get()
    assert (fact.name, fact.value, fact.history.get().history_change_reason) == (
        "national_board",
        True,
        "Saw the letter",
    )
    assert case_of(held, on=TODAY).decision.is_met

    client.post(at("licence_facts", held), {"reason": "Letter of somebody else"})
    assert not LicenceFact.objects.exists()
    assert LicenceFact.history.count() == 2


def test_days_and_numbers_are_kept_as_the_engine_reads_them(client, held):
    held.rule_pack = "CA-induction"
    held.save()
    wrong = client.post(at("licence_facts", held), {"mentor_assigned_on": "soon", "reason": "x"})
    assert list(wrong.context["form"].errors) == ["mentor_assigned_on"]
    client.post(at("licence_facts", held), {"mentor_assigned_on": TODAY.isoformat(), "reason": "x"})
    assert LicenceFact.objects.get().value == TODAY.isoformat()

    held.rule_pack = "district-contract"
    held.save()
    client.post(at("licence_facts", held), {"contract_hours": "22.5", "reason": "x"})
    assert LicenceFact.objects.get(name="contract_hours").value == 22.5
    assert case_of(held, on=TODAY).decision.required == 22.5
    assert "Mentor" not in client.get(at("renewal", held)).context["facts"][0][0]


def test_a_license_is_extended_by_law(client, held):
    until = held.valid_until + timedelta(days=365)
    early = client.post(at("extend_licence", held), {"until": held.valid_until.isoformat(), "reason": "Act 55"})
    assert list(early.context["form"].errors) == ["until"]

    client.post(at("extend_licence", held), {"until": until.isoformat(), "reason": "Act 55"})
    held.refresh_from_db()
    assert held.ends_on == until
    assert held.history.first().history_change_reason == "Act 55"


def test_a_license_on_a_leap_day_is_extended_to_the_next(client, held):
    held.valid_from, held.valid_until = date(2024, 2, 29), date(2028, 2, 29)
    held.save()
    client.post(at("extend_licence", held), {"until": "2029-02-28", "reason": "Act 55"})

    held.refresh_from_db()
    assert case_of(held, on=TODAY).decision.window.last == date(2029, 2, 28)


def test_nobody_decides_about_their_own_license(held):
    RoleGrantFactory(user=held.teacher.user, role=Role.HR.value, district=held.teacher.district)
    own = Client()
    own.force_login(held.teacher.user)
    refused = own.post(at("grant_waiver", held), {"reason": "I am tired"})

    assert refused.context["form"].non_field_errors()
    assert not Waiver.objects.exists()
    assert not own.get(at("renewal", held)).context["may_edit"]


def test_the_history_of_the_person_tells_of_it(client, held):
    client.post(at("grant_waiver", held), {"amount": "", "reason": "Long illness"})
    page = client.get(reverse("learning_plans:person_history", args=[held.teacher_id])).content.decode()

    assert "Long illness" in page
