"""Priorities: a principal names them for their school, a leader for the district too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import Priority
from tests.factories import CompetencyFactory, PriorityFactory, SchoolFactory, user_with_role

pytestmark = pytest.mark.django_db
ADD = reverse("learning_plans:add_priority")


@pytest.fixture
def school():
    return SchoolFactory()


def client_of(role, school=None):
    client = Client()
    client.force_login(user_with_role(role, school))
    return client


def typed(**fields):
    today = timezone.localdate().isoformat()
    return {"competency": CompetencyFactory().pk, "why": "Talk in class", "started_on": today, "ended_on": ""} | fields


def test_a_principal_names_one_for_their_school_only(school):
    principal, other = client_of("principal", school), SchoolFactory()
    for wrong in ("", other.pk):
        assert "school" in principal.post(ADD, typed(school=wrong)).context["form"].errors

    principal.post(ADD, typed(school=school.pk))

    made = Priority.objects.get()
    assert (made.school, made.district, made.reason) == (school, school.district, "Talk in class")
    assert principal.get(reverse("learning_plans:priorities")).context["page"].paginator.count == 1


def test_a_leader_names_one_for_the_whole_district(school):
    client_of("leader").post(ADD, typed(school=""))
    assert (Priority.objects.get().school, Priority.objects.get().district) == (None, school.district)


def test_one_cannot_end_before_it_starts():
    early = (timezone.localdate() - timedelta(days=9)).isoformat()
    form = client_of("leader").post(ADD, typed(school="", ended_on=early)).context["form"]
    assert "A priority cannot end before it starts." in str(form.errors)


def test_one_is_ended_today_and_stays_readable(school):
    priority, principal = PriorityFactory(school=school), client_of("principal", school)
    principal.post(reverse("learning_plans:end_priority", args=[priority.pk]))
    priority.refresh_from_db()
    assert priority.ended_on is not None
    assert principal.get(reverse("learning_plans:priority", args=[priority.pk])).status_code == 200


def test_the_second_of_two_editors_is_told_and_keeps_their_text(school):
    priority, principal = PriorityFactory(school=school), client_of("principal", school)
    address = reverse("learning_plans:priority", args=[priority.pk])
    opened = principal.get(address).context["form"].fields["version"].initial
    sent = typed(school=school.pk, competency=priority.competency_id, reason="Clearer", version=opened)
    principal.post(address, sent | {"why": "First"})

    second = principal.post(address, sent | {"why": "Second"})

    assert [(each.theirs, each.mine) for each in second.context["form"].conflicts][-1] == ("First", "Second")
    priority.refresh_from_db()
    assert priority.reason == "First"


def test_a_priority_of_another_school_is_out_of_reach(school):
    priority = PriorityFactory(school=SchoolFactory())
    assert client_of("principal", school).get(reverse("learning_plans:priority", args=[priority.pk])).status_code == 404
