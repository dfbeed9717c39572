"""How courses are put in order for a teacher, and what those who took them say."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.catalogue import Course
from learning_plans.models.completions import Completion
from learning_plans.querysets.completions import LearningOfTeacherQuerySet
from learning_plans.querysets.recommending import CourseEstimateQuerySet, CourseOpinionQuerySet, WeightsQuerySet
from learning_plans.rules.recommending import PartName


def _weight(label: object, default: str) -> models.DecimalField:  # type: ignore[type-arg]
    return models.DecimalField(
        label,  # type: ignore[arg-type]
        max_digits=4,
        decimal_places=2,
        default=Decimal(default),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10))],
    )


class RecommendationWeights(models.Model):
    """How much each part counts; 0 leaves it out."""

    district = models.OneToOneField(
        "teachers.District", on_delete=models.PROTECT, related_name="recommendation_weights"
    )
    fit = _weight(_("fit with the need"), "4")
    evidence = _weight(_("evidence that it works"), "2")
    availability = _weight(_("seats soon, and not far away"), "2")
    cost = _weight(_("low cost"), "1")
    credit = _weight(_("credit towards the license"), "1")
    opinions = _weight(_("what colleagues say"), "1")

    objects = WeightsQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("weights of recommendations")
        verbose_name_plural = _("weights of recommendations")

    def __str__(self) -> str:
        return str(self.district)

    @property
    def by_part(self) -> dict[PartName, float]:
        return {part: float(getattr(self, part.value)) for part in PartName}


class CourseEstimate(models.Model):
    """Classroom results after a course that stood out when all courses were last compared; remade as a whole."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="estimates", verbose_name=_("course"))
    kpi = models.ForeignKey("teachers.Kpi", on_delete=models.CASCADE, related_name="+", verbose_name=_("KPI"))
    unit = models.CharField(_("unit"), max_length=60)
    is_better = models.BooleanField(_("results are better after it"))
    value = models.FloatField(_("pulled toward the average"))
    low = models.FloatField(_("interval from"))
    high = models.FloatField(_("to"))
    teachers = models.PositiveIntegerField(_("teachers"))
    made_on = models.DateField(_("compared on"))

    objects = CourseEstimateQuerySet.as_manager()

    class Meta:
        verbose_name = _("results after a course")
        verbose_name_plural = _("results after courses")
        ordering = ["-teachers", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "kpi"], name="one_estimate_per_course_and_kpi")]

    def __str__(self) -> str:
        return f"{self.course} – {self.kpi}"


class Stars(models.IntegerChoices):
    """Would you recommend it to a colleague?"""

    NOT_AT_ALL = 1, _("Not at all")
    RATHER_NOT = 2, _("Rather not")
    UNDECIDED = 3, _("Undecided")
    YES = 4, _("Yes")
    GLADLY = 5, _("Gladly")


class CourseOpinion(models.Model):
    """Whether somebody who completed a course would recommend it; shown only for groups, never by name."""

    completion = models.OneToOneField(Completion, on_delete=models.PROTECT, related_name="opinion")
    stars = models.PositiveSmallIntegerField(
        _("would you recommend it"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    given_at = models.DateTimeField(_("given"))

    objects = CourseOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion about a course")
        verbose_name_plural = _("opinions about courses")

    def __str__(self) -> str:
        return f"{self.stars}/5"


class CourseWish(models.Model):
    """Somebody asks for a run of a course that has none."""

    teacher = models.ForeignKey("teachers.Teacher", on_delete=models.PROTECT, related_name="course_wishes")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="wishes")
    wished_at = models.DateTimeField(_("asked"))

    objects = LearningOfTeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for a course")
        verbose_name_plural = _("wishes for courses")
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "course"],
                name="one_wish_per_course",
                violation_error_message=_("You have asked for this course already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.teacher} – {self.course}"
