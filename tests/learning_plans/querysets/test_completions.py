"""Whose completions one sees: exactly those of the people whose completions one's roles open."""

from __future__ import annotations

import pytest
from django.utils import timezone

from learning_plans.models import Completion
from pd_tracker.access import Capability, Operator, Role
from teachers.querysets.people import teachers_for
from tests.factories import (
    CompletionFactory,
    PairingFactory,
    RoleGrantFactory,
    SchoolFactory,
    TeacherFactory,
    UserFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A teacher of the school, one of another school, one of another district; each with two completions."""
    school = SchoolFactory()
    teachers = [teacher_with_sign_in(school), employed(), TeacherFactory(district__name="Elsewhere")]
    for teacher in teachers:
        CompletionFactory.create_batch(2, teacher=teacher)
    return school, teachers


def readers(school, teachers):
    """Each kind of reach, with how many of the three teachers it opens."""
    coach = user_with_role(Role.COACH)
    PairingFactory(coach=coach, teacher=teachers[1])
    both = user_with_role(Role.HR)
    RoleGrantFactory(user=both, role=Role.TEACHER.value, district=teachers[2].district)
    teachers[2].user = both
    teachers[2].save()
    return {
        teachers[0].user: 1,
        coach: 1,
        user_with_role(Role.PRINCIPAL, school): 1,
        user_with_role(Role.HR): 2,
        both: 3,
        Operator(today=timezone.localdate()): 3,
        UserFactory(): 0,
    }


def test_completions_are_those_of_the_people_one_reaches(world):
    for reader, count in readers(*world).items():
        people = set(teachers_for(reader, Capability.COMPLETIONS_VIEW))
        seen = Completion.objects.visible_to(reader)
        assert len(people) == count
        assert {completion.teacher for completion in seen} == people
        assert seen.count() == 2 * count  # each of them once
