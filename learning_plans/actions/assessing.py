"""A teacher's own assessment: begun, saved with every change, finished."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from learning_plans.actions.needs import FoundReason, store_reasons
from learning_plans.models import Framework, SelfAssessment, SelfRating
from learning_plans.rules import needs as rules
from learning_plans.rules.choices import NeedSource
from teachers.actions.keeping import keep, lock
from teachers.models import Teacher, User

RATED = ("level", "confidence", "relevance", "comment")
Said = Mapping[str, Any]


@transaction.atomic
def begin_assessment(*, teacher: Teacher, framework: Framework, actor: User, at: datetime) -> SelfAssessment:
    """Begins one, or goes on with the one that is open."""
    lock(teacher)
    mine = SelfAssessment.objects.filter(teacher=teacher, framework=framework, finished_at=None)
    found: SelfAssessment | None = mine.first()
    if found is not None:
        return found
    if framework.is_retired or not framework.competencies.filter(is_retired=False).exists():
        raise ValidationError(_("This framework is not used anymore. Choose another one."))
    begun = SelfAssessment(teacher=teacher, framework=framework, started_at=at, saved_at=at)
    return keep(begun, actor=actor, verb="self_assessment.begun", teacher=teacher.pk)


@transaction.atomic
def rate(*, assessment: SelfAssessment, said: Mapping[int, Said], at: datetime) -> None:
    """Keeps what was said so far, by competency; what a part does not name stays.

    A part that was retired in the meantime keeps what is said of it, and speaks for no need.
    """
    assessment = SelfAssessment.objects.select_for_update().get(pk=assessment.pk)
    if assessment.finished_at is not None:
        raise ValidationError(_("This self-assessment is finished. Begin a new one to say how it is today."))
    parts = set(assessment.framework.competencies.filter(pk__in=said).values_list("pk", flat=True))
    if strange := said.keys() - parts:
        words = _("These are no parts of the framework you are assessing yourself against: %(keys)s.")
        raise ValidationError(words % {"keys": ", ".join(map(str, sorted(strange)))})
    ratings = {rating.competency_id: rating for rating in assessment.ratings.filter(competency__in=said)}
    for competency_id, values in said.items():
        rating = ratings.get(competency_id) or SelfRating(assessment=assessment, competency_id=competency_id)
        _keep(rating, values)
    assessment.saved_at = at
    assessment.save()


def _keep(rating: SelfRating, values: Said) -> None:
    changed = {name: values[name] for name in RATED if name in values and getattr(rating, name) != values[name]}
    if changed:
        for name, value in changed.items():
            setattr(rating, name, value)
        rating.full_clean()
        rating.save()


@transaction.atomic
def finish_assessment(*, assessment: SelfAssessment, actor: User, at: datetime, on: date) -> SelfAssessment:
    """Closes it, and lets what was said speak for needs; what an earlier one said of the same framework is over."""
    lock(assessment.teacher)
    assessment = SelfAssessment.objects.select_related("teacher").get(pk=assessment.pk)
    if assessment.finished_at is not None:
        return assessment
    ratings = list(assessment.ratings.exclude(level=None).select_related("competency"))
    if not ratings:
        raise ValidationError(_("Say for at least one part where you are, then finish."))
    assessment.saved_at = assessment.finished_at = at
    keep(assessment, actor=actor, verb="self_assessment.finished", teacher=assessment.teacher_id)
    store_self_ratings(assessment.teacher_id, actor=actor, on=on)
    return assessment


def store_self_ratings(teacher_id: int, *, actor: User | None, on: date) -> int:
    found = [
        FoundReason(teacher_id, rating.competency_id, NeedSource.SELF_ASSESSMENT, known.strength, figures_of(rating))
        for rating, known in newest_ratings(teacher_id)
        if known.is_need
    ]
    sources = [NeedSource.SELF_ASSESSMENT]
    return store_reasons(teachers=[teacher_id], sources=sources, found=found, actor=actor, on=on)


def newest_ratings(teacher_id: int) -> list[tuple[SelfRating, rules.SelfRating]]:
    """Of each competency, what the newest finished assessment says; a part that was retired speaks no more."""
    rows = SelfRating.objects.filter(assessment__teacher=teacher_id, assessment__finished_at__isnull=False)
    rows = rows.filter(competency__is_retired=False, level__isnull=False, relevance__isnull=False)
    newest = {row.competency_id: row for row in rows.select_related("assessment").order_by("assessment__finished_at")}
    return [
        (
            row,
            rules.SelfRating(row.competency_id, row.level, row.relevance, localtime(row.assessment.finished_at).date()),
        )
        for row in newest.values()
    ]


def figures_of(rating: SelfRating) -> dict[str, Any]:
    return {"level": rating.level, "confidence": rating.confidence, "relevance": rating.relevance}
