"""What a form does not offer cannot be slipped in with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse

from learning_plans.models import AssignmentRule, Completion, Goal, PlanItem
from teachers.models import District, Employment, SchoolYear, Teacher
from tests.factories import employed, user_with_role
from tests.world import World, build

pytestmark = pytest.mark.django_db

# Who sends which form about what, with one honest change; everything else of the row is sent along, changed.
FORMS: dict[str, tuple[str, Any, str, dict[str, Any], str]] = {
    "profile": ("hr", Teacher, "teachers:profile", {"preferred_name": "Mia", "reason": "Asked for"}, "teacher_pk"),
    "employment": ("hr", Employment, "teachers:edit_part", {"fte": "0.5", "reason": "Typing error"}, "pk"),
    "completion": ("hr", Completion, "learning_plans:correct_completion", {"fund": "Title I", "reason": "Paid"}, "pk"),
    "goal": ("coach", Goal, "learning_plans:edit_goal", {"title": "Another goal"}, "pk"),
    "item": ("coach", PlanItem, "learning_plans:edit_item", {"note": "Before winter"}, "pk"),
    "rule": (
        "hr",
        AssignmentRule,
        "learning_plans:change_rule",
        {"note": "Before winter", "reason": "Asked for"},
        "pk",
    ),
    "year": ("admin", SchoolYear, "teachers:school_year", {"reason": "Counted then"}, "pk"),
    "district": ("admin", District, "teachers:district", {"name": "Alder Hills", "reason": "Renamed"}, ""),
}
FOREIGN = {"teacher", "user", "district", "plan", "set_by", "assigned_by", "recorded_by", "approved_by", "session"}
INNER = {"id", "state", "task_done_on", "withdrawn_at", "void_reason", "external_key", "label", "starts_on", "ends_on"}


@pytest.fixture
def world() -> World:
    return build()


@pytest.mark.parametrize("name", FORMS)
def test_fields_that_a_form_does_not_offer_stay_as_they_are(world, name):
    who, model, route, change, part = FORMS[name]
    keys = world.keys.get(route, {})
    row = model.objects.get(pk=keys[part]) if part else District.objects.get(name="Alder Valley")
    client = Client()
    client.force_login(world.people[who])
    form = client.get(reverse(route, kwargs=keys)).context["form"]
    honest = {key: field_value(form, key) for key in form.fields}
    strangers = {key: employed().pk for key in (FOREIGN | INNER) - set(form.fields)}
    strangers |= {f"{key}_id": value for key, value in strangers.items()} | {"state": "voided", "pk": 1}
    before = model_to_dict(row) | {"pk": row.pk}

    response = client.post(reverse(route, kwargs=keys), {**strangers, **honest, **extra(name), **change})

    assert response.status_code == 302, response.context["form"].errors
    row.refresh_from_db()
    after = model_to_dict(row) | {"pk": row.pk}
    assert {key for key in after if after[key] != before[key]} == set(change) & set(before)


def field_value(form: Any, key: str) -> Any:
    value = form[key].value()
    return "" if value is None or value is False else value


def extra(name: str) -> dict[str, Any]:
    """The lines of credit below the form of a completion."""
    counted = {"credit-TOTAL_FORMS": "0", "credit-INITIAL_FORMS": "0"}
    return counted if name == "completion" else {}


def test_a_role_is_not_given_with_more_than_was_asked(world):
    client = Client()
    client.force_login(world.people["hr"])
    sent = {"email": "new@alder.example", "name": "New", "role": "coach", "starts_on": "2026-01-01"}
    more = {"is_active": "", "granted_by": "1", "district": "2", "user": "1", "is_superuser": "1", "password": "x"}

    client.post(reverse("teachers:grant_role"), {**sent, **more})

    grant = type(user_with_role("coach")).objects.get(email="new@alder.example").role_grants.get()
    assert (grant.role, grant.district.name, grant.granted_by) == ("coach", "Alder Valley", world.people["hr"])
    assert grant.user.is_active
    assert not grant.user.has_usable_password()
