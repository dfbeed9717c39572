"""Where a teacher could grow: what they say themselves, what figures say, and what they answer."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.catalogue import Competency, Framework
from learning_plans.models.choices import NeedAnswerName, NeedSourceName
from learning_plans.models.need_words import rating_words, sentences
from learning_plans.querysets.needs import (
    NeedQuerySet,
    NeedReasonQuerySet,
    OfNeedsQuerySet,
    PriorityQuerySet,
    SelfRatingQuerySet,
)
from teachers.models.days import PLAUSIBLE_DAY

ONE_TO_FOUR = [MinValueValidator(1), MaxValueValidator(4)]


class SelfAssessment(models.Model):
    """One pass through a framework; without `finished_at` it is still being filled in."""

    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="self_assessments", verbose_name=_("teacher")
    )
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="self_assessments", verbose_name=_("framework")
    )
    started_at = models.DateTimeField(_("started"))
    saved_at = models.DateTimeField(_("last saved"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = OfNeedsQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-assessment")
        verbose_name_plural = _("self-assessments")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "framework"],
                condition=Q(finished_at=None),
                name="one_open_self_assessment",
                violation_error_message=_("You have begun this self-assessment already. Go on with it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.teacher} – {self.framework}"


class SelfRating(models.Model):
    assessment = models.ForeignKey(
        SelfAssessment, on_delete=models.CASCADE, related_name="ratings", verbose_name=_("self-assessment")
    )
    competency = models.ForeignKey(
        Competency, on_delete=models.PROTECT, related_name="ratings", verbose_name=_("competency")
    )
    level = models.PositiveSmallIntegerField(_("where I am"), null=True, blank=True, validators=ONE_TO_FOUR)
    confidence = models.PositiveSmallIntegerField(_("how sure I am"), null=True, blank=True, validators=ONE_TO_FOUR)
    relevance = models.PositiveSmallIntegerField(
        _("how much it matters to my work"), null=True, blank=True, validators=ONE_TO_FOUR
    )
    comment = models.TextField(_("comment"), blank=True, max_length=2000)

    objects = SelfRatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-rating")
        verbose_name_plural = _("self-ratings")
        constraints = [models.UniqueConstraint(fields=["assessment", "competency"], name="one_rating_per_competency")]

    def __str__(self) -> str:
        return f"{self.competency}: {self.level or '–'}"

    @property
    def in_words(self) -> str:
        return rating_words({"level": self.level, "confidence": self.confidence, "relevance": self.relevance})


class Need(models.Model):
    """A competency that something speaks for, and what the teacher says to it."""

    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="needs", verbose_name=_("teacher")
    )
    competency = models.ForeignKey(
        Competency, on_delete=models.PROTECT, related_name="needs", verbose_name=_("competency")
    )
    answer = models.CharField(_("answer"), max_length=10, choices=NeedAnswerName, default=NeedAnswerName.OPEN)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)
    put_off_until = models.DateField(_("put off until"), null=True, blank=True, validators=PLAUSIBLE_DAY)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = NeedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["teacher", "competency"], name="one_need_per_competency"),
            models.CheckConstraint(
                name="put_off_needs_have_a_day",
                condition=~Q(answer=NeedAnswerName.PUT_OFF.value) | Q(put_off_until__isnull=False),
                violation_error_message=_("Say until when you put it off."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.competency)


class NeedReason(models.Model):
    """One thing that speaks for a need, with the figures it was read from."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="reasons", verbose_name=_("need"))
    source = models.CharField(_("where it comes from"), max_length=16, choices=NeedSourceName)
    strength = models.DecimalField(
        _("strength, from 0 to 1"),
        max_digits=4,
        decimal_places=3,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    found_on = models.DateField(_("as of"))
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    words = models.TextField(_("in words"), blank=True, max_length=2000)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = NeedReasonQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reason for a need")
        verbose_name_plural = _("reasons for needs")
        ordering = ["-strength", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "source"], condition=Q(given_by=None), name="one_reason_per_source"
            ),
            models.UniqueConstraint(
                fields=["need", "given_by"], condition=Q(given_by__isnull=False), name="one_suggestion_per_person"
            ),
        ]

    def __str__(self) -> str:
        return str(NeedSourceName(self.source).label)

    @property
    def sentences(self) -> list[str]:
        """Why, in the reader's language."""
        return sentences(self.source, self.figures, self.words)


class Priority(models.Model):
    """What a school or the whole district works on for some time."""

    district = models.ForeignKey("teachers.District", on_delete=models.PROTECT, related_name="priorities")
    school = models.ForeignKey(
        "teachers.School",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="priorities",
        verbose_name=_("school"),
        help_text=_("Leave empty for the whole district."),
    )
    competency = models.ForeignKey(
        Competency, on_delete=models.PROTECT, related_name="priorities", verbose_name=_("competency")
    )
    reason = models.TextField(_("why"), max_length=1000)
    started_on = models.DateField(_("first day"), validators=PLAUSIBLE_DAY)
    ended_on = models.DateField(_("last day"), null=True, blank=True, validators=PLAUSIBLE_DAY)

    objects = PriorityQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["-started_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="priority_ends_after_it_starts",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("A priority cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return str(self.competency)


class KpiCompetency(models.Model):
    """Which competencies a classroom figure speaks about."""

    kpi = models.ForeignKey("teachers.Kpi", on_delete=models.CASCADE, related_name="competency_links")
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="kpi_links")

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("figure of a competency")
        verbose_name_plural = _("figures of competencies")
        constraints = [models.UniqueConstraint(fields=["kpi", "competency"], name="one_link_per_kpi_and_competency")]

    def __str__(self) -> str:
        return f"{self.kpi} – {self.competency}"
