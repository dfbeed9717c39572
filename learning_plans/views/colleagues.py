"""What colleagues say about a course and how many ask for it: parts of pages about courses."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from learning_plans.models import Completion, Course, CourseOpinion, CourseWish
from learning_plans.models.recommending import Stars
from learning_plans.rules.recommending import Opinions
from pd_tracker.access import Capability
from teachers.models import Teacher, User

MOST_ASKED = 3


def said_of(user: User, course: Course) -> dict[str, Any]:
    """For the page of a course. How many ask is for those who plan training; who asks, for who may see their record."""
    wishes = CourseWish.objects.filter(course=course)
    known: dict[int, Opinions] = CourseOpinion.objects.filter(completion__course=course).by_course()
    found: dict[str, Any] = {
        "opinions": known.get(course.pk),
        "is_asked_for": wishes.filter(teacher__user=user.pk).exists(),
    }
    if user.may(Capability.REPORTS_VIEW):
        seen = CourseWish.objects.visible_to(user).filter(course=course)
        found |= {"wish_count": wishes.count(), "wishes": seen.select_related("teacher").order_by("wished_at")}
    return found


def to_be_asked(user: User, teacher: Teacher) -> dict[str, Any]:
    """For one's own record: the newest courses one has not yet said anything about."""
    own: QuerySet[Completion] = Completion.objects.visible_to(user).filter(teacher=teacher).counted()
    unsaid = own.filter(opinion=None).select_related("course")
    return {"unsaid": unsaid[:MOST_ASKED], "stars": Stars.choices}


def own_opinion(completion: Completion) -> dict[str, Any]:
    return {"opinion": CourseOpinion.objects.filter(completion=completion).first(), "stars": Stars.choices}
