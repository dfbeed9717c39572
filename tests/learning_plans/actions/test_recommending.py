"""Opinions, weights and results of comparisons: who may write them, and what stays of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learning_plans.actions import recommending as actions
from learning_plans.models import CourseEstimate, CourseOpinion, RecommendationWeights
from learning_plans.rules.recommending import CourseResult
from pd_tracker.audit.models import AuditEvent
from teachers.models import Teacher
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    DistrictFactory,
    KpiFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def teacher() -> Teacher:
    return teacher_with_sign_in()


def test_an_answer_can_be_changed_and_the_trail_does_not_say_which(teacher):
    completion = CompletionFactory(teacher=teacher)
    for stars in (2, 5):
        actions.give_opinion(completion=completion, stars=stars, actor=teacher.user, at=NOW)
    assert CourseOpinion.objects.get().stars == 5
    assert [event.detail for event in AuditEvent.objects.filter(verb="opinion.given")] == [{"teacher": teacher.pk}] * 2


def test_only_who_completed_it_and_only_once_it_counts(teacher):
    completion = CompletionFactory(teacher=teacher, state="pending")
    with pytest.raises(ValidationError, match="approved"):
        actions.give_opinion(completion=completion, stars=5, actor=teacher.user, at=NOW)
    with pytest.raises(ValidationError, match="Only who completed"):
        actions.give_opinion(completion=completion, stars=5, actor=user_with_role("hr"), at=NOW)
    with pytest.raises(ValidationError):
        actions.give_opinion(completion=CompletionFactory(teacher=teacher), stars=6, actor=teacher.user, at=NOW)
    assert not CourseOpinion.objects.exists()


class TestWeights:
    def saved(self, *, reason: str = "The board decided", **weights: Any) -> RecommendationWeights:
        made = RecommendationWeights(district=DistrictFactory(), **weights)
        return actions.save_weights(weights=made, actor=user_with_role("leader"), reason=reason)

    def test_are_kept_with_their_reason(self):
        made = self.saved(cost=Decimal(3))
        assert made.history.get().history_change_reason == "The board decided"
        assert AuditEvent.objects.filter(verb="recommendations.weighed").count() == 1

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"reason": " "}, "Say why"),
            (dict.fromkeys(("fit", "evidence", "availability", "cost", "credit", "opinions"), 0), "at least one"),
            ({"fit": -1}, "greater than or equal"),
            ({"fit": 11}, "less than or equal"),
        ],
    )
    def test_that_cannot_be(self, wrong, words):
        with pytest.raises(ValidationError, match=words):
            self.saved(**wrong)
        assert not RecommendationWeights.objects.exists()


def test_a_new_comparison_takes_the_place_of_the_last():
    kpi, courses = KpiFactory(), CourseFactory.create_batch(2)
    for course in courses:
        made = CourseResult(course.pk, kpi.code, "points", is_better=True, value=0.3, low=0.1, high=0.5, teachers=40)
        actions.keep_estimates(results=[made], actor=None, on=date(2026, 9, 1))
    kept = CourseEstimate.objects.get()
    assert (kept.course, kept.kpi, kept.low, kept.made_on) == (courses[1], kpi, 0.1, date(2026, 9, 1))
