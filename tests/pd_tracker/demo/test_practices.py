"""Practices, opinions and wishes of the demonstration: something to see for each of its people."""

from __future__ import annotations

from datetime import date

import pytest

from learning_plans.models import Adoption, CourseOpinion, CourseWish, Need, Practice, RecommendationWeights
from learning_plans.querysets.candidates import recommended
from learning_plans.querysets.practices import taken_up
from pd_tracker.access import Operator, Role
from pd_tracker.demo.cast import email_of
from pd_tracker.demo.district import play
from pd_tracker.demo.loading import load
from pd_tracker.demo.rows import moment
from teachers.models import Teacher
from tests.pd_tracker.demo.test_loading import SMALL

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
TODAY = date(2026, 11, 23)


def test_there_is_something_to_see_for_everybody():
    load(play(**SMALL, today=TODAY))
    reader = Operator(today=TODAY)
    star = Teacher.objects.get(user__email=email_of(Role.TEACHER))
    own = Practice.objects.filter(teacher=star)
    assert {practice.shared_at is None for practice in own} == {True, False}
    assert Adoption.objects.filter(teacher=star).count() == 2
    assert not Adoption.objects.filter(adopted_on__gt=TODAY).exists()
    assert len([*taken_up(reader)]) > 50
    assert CourseWish.objects.exists()
    assert any(known.shown_mean >= 3 for known in CourseOpinion.objects.all().by_course().values())
    assert RecommendationWeights.objects.get().history.get().history_change_reason
    for need in Need.objects.filter(teacher=star):
        assert recommended(reader, need, on=TODAY, after=moment(TODAY))
