"""Frameworks on pages: reading, retiring, bringing back, choosing the default, linking figures."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from learning_plans.models import Competency, Framework, KpiCompetency
from pd_tracker.jobs.models import Job
from teachers.models import Kpi
from tests.factories import CompetencyFactory, FrameworkFactory, teacher_with_sign_in, user_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    client = Client()
    client.force_login(user_with_role("leader"))
    return client


def test_two_frameworks_are_shipped_and_intasc_is_the_default():
    names = dict(Framework.objects.values_list("name", "is_default"))
    assert names == {
        "InTASC Model Core Teaching Standards": True,
        "California Standards for the Teaching Profession": False,
    }
    tops = Competency.objects.filter(framework__is_default=True, parent=None)
    assert [(top.name, top.children.count()) for top in tops] == [
        ("The Learner and Learning", 3),
        ("Content Knowledge", 2),
        ("Instructional Practice", 3),
        ("Professional Responsibility", 2),
    ]
    assert Competency.objects.filter(code__startswith="CSTP ").count() == 6


def test_a_tree_is_read_in_order_and_a_teacher_changes_nothing():
    client = Client()
    client.force_login(teacher_with_sign_in().user)
    framework = Framework.objects.get(is_default=True)
    page = client.get(reverse("learning_plans:framework", args=[framework.pk]))
    assert [str(part) for part, _dashes in page.context["parts"]][:3] == [
        "InTASC A The Learner and Learning",
        "InTASC 1 Learner Development",
        "InTASC 2 Learning Differences",
    ]
    assert "Retire" not in page.content.decode()


def test_a_part_is_retired_with_what_it_is_made_of_and_brought_back_alone(leader):
    whole = CompetencyFactory()
    part = CompetencyFactory(parent=whole)
    address = reverse("learning_plans:retire_competency", args=[whole.pk])
    assert "reason" in leader.post(address, {}).context["form"].errors

    leader.post(address, {"reason": "Not taught here"})
    assert set(Competency.objects.filter(is_retired=True)) == {whole, part}
    assert whole.history.first().history_change_reason == "Not taught here"

    leader.post(address, {"reason": "It is after all"})
    assert set(Competency.objects.filter(is_retired=True)) == {part}


def test_the_default_is_changed_and_cannot_be_retired(leader):
    before, framework = Framework.objects.get(is_default=True), FrameworkFactory()
    leader.post(reverse("learning_plans:make_default", args=[framework.pk]))
    assert Framework.objects.get(is_default=True) == framework

    refused = leader.post(reverse("learning_plans:retire_framework", args=[framework.pk]), {"reason": "Old"})
    assert "Choose another default first." in refused.content.decode()
    leader.post(reverse("learning_plans:retire_framework", args=[before.pk]), {"reason": "Old"})
    assert Framework.objects.get(is_retired=True) == before
    page = leader.post(reverse("learning_plans:make_default", args=[before.pk]), follow=True)
    assert "Bring it back first." in page.content.decode()
    assert Framework.objects.get(is_default=True) == framework


def test_figures_are_linked_exactly_as_ticked_and_needs_worked_out_anew(leader):
    competency = CompetencyFactory()
    growth, attendance = (Kpi.objects.get(code=code) for code in ("growth", "attendance"))
    address = reverse("learning_plans:competency_kpis", args=[competency.pk])

    leader.post(address, {"kpis": [growth.pk]})
    leader.post(address, {"kpis": [attendance.pk]})

    assert KpiCompetency.objects.get(competency=competency).kpi == attendance
    assert leader.get(address).context["form"].initial["kpis"] == [attendance.pk]
    assert Job.objects.filter(function="pd_tracker.reports.jobs.refresh_needs").count() == 2
