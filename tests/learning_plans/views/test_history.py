"""Every change of everything, for HR and administrators."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from learning_plans.models import Completion
from pd_tracker.access import Role
from teachers.models import Teacher
from tests.factories import (
    CompletionFactory,
    KpiValueFactory,
    RoleGrantFactory,
    TeacherFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db


def page_of(client, role):
    client.force_login(user_with_role(role))
    return client.get(reverse("learning_plans:changes"))


def test_hr_reads_what_changed(client):
    teacher = employed(family_name="Quillfeather")
    teacher.family_name = "Plume"
    teacher.save()
    words = page_of(client, Role.HR).content.decode()
    assert "Quillfeather → Plume" in words


def test_an_administrator_sees_that_it_changed_but_not_what_it_says(client):
    teacher = employed(family_name="Quillfeather", email="quill@alder.example")
    teacher.family_name = "Plume"
    teacher.save()
    CompletionFactory(teacher=teacher, void_reason="Secret reason", state="voided")
    page = page_of(client, Role.ADMIN)
    words = page.content.decode()
    assert Completion._meta.verbose_name in {change.what for change in page.context["changes"]}
    (changed,) = [change for change in page.context["changes"] if change.what == Teacher._meta.verbose_name][:1]
    assert [difference.label for difference in changed.differences] == ["family name"]
    for secret in ("Quillfeather", "Plume", "quill@alder.example", "Secret reason"):
        assert secret not in words


@pytest.mark.parametrize("role", [Role.ADMIN, Role.HR])
def test_a_role_for_ones_own_record_opens_nobody_elses_values(client, role):
    own = teacher_with_sign_in()
    RoleGrantFactory(user=own.user, role=role.value)
    spell = employed(family_name="Quillfeather").employments.get()
    spell.ended_on, spell.separation_reason = date(2025, 6, 30), "retirement"
    spell.save()
    KpiValueFactory(value=61)
    client.force_login(own.user)
    changes = client.get(reverse("learning_plans:changes")).context["changes"]
    shown = {str(change.what) for change in changes for each in change.differences if each.new}
    assert ("employment" in shown) == (role == Role.HR)
    assert "KPI value" not in shown
    assert "KPI value" in {str(change.what) for change in changes}


def test_another_district_stays_out_of_the_history(client):
    TeacherFactory(district__name="Elsewhere", family_name="Farnsworthy")
    assert "Farnsworthy" not in page_of(client, Role.HR).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(client, count, django_assert_max_num_queries):
    for _ in range(count):
        CompletionFactory(teacher=employed())
    client.force_login(user_with_role(Role.HR))
    with django_assert_max_num_queries(75):
        client.get(reverse("learning_plans:changes"))


def test_every_model_with_history_is_in_the_list(rf):
    from django.apps import apps

    from learning_plans.views.history import catalogue_trails, personal_trails
    from pd_tracker.access import Operator
    from teachers.views.history import settings_trails

    operator = Operator(today=None)
    walked = {
        trail.tracked for trail in (*settings_trails(operator), *catalogue_trails(operator), *personal_trails(operator))
    }
    live = (model for model in apps.get_models() if not model.__name__.startswith("Historical"))
    tracked = {model for model in live if hasattr(model, "history")}
    ordered_files = apps.get_model("reports", "NamedExport")  # one's own; who took what stands in the trail
    assert walked == tracked - {ordered_files}
