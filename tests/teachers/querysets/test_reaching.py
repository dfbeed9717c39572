"""Reach read from the other end says the same as reach."""

from __future__ import annotations

import pytest
from django.utils import timezone

from pd_tracker.access import Capability
from teachers.models import User
from teachers.querysets.people import teachers_for
from teachers.querysets.reaching import grants_reaching, users_reaching
from tests.factories import RoleGrantFactory
from tests.world import build

pytestmark = pytest.mark.django_db
ASKED = (Capability.PLANS_VIEW, Capability.PLANS_VIEW_DRAFTS, Capability.PLANS_APPROVE, Capability.PLANS_APPROVE_APART)


def test_the_same_people_as_each_persons_own_reach():
    world = build()
    teacher = world.people["teacher"].teacher
    RoleGrantFactory(user=world.people["nobody"], role="hr", ends_on=timezone.localdate().replace(year=2020))
    for capability in ASKED:
        found = users_reaching(teacher, capability, on=timezone.localdate())
        others = User.objects.exclude(pk=teacher.user_id)
        assert found == {user.pk for user in others if teacher in teachers_for(user, capability)}, capability
        assert found


def test_what_some_roles_shut_off_is_not_asked_role_by_role():
    teacher = build().people["teacher"].teacher
    with pytest.raises(ValueError, match="shut this one off"):
        grants_reaching(teacher, Capability.COACHING_VIEW, on=timezone.localdate())
