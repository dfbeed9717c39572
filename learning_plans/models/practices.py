"""What teachers tried and tell each other."""

from __future__ import annotations

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.catalogue import Competency, Course
from learning_plans.querysets.practices import AdoptionQuerySet, PracticeQuerySet


class Practice(models.Model):
    """A short "what I tried"; without `shared_at` it is a draft that only its author sees."""

    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="practices", verbose_name=_("teacher")
    )
    title = models.CharField(_("what I tried"), max_length=200)
    how = models.TextField(_("how I did it"), max_length=4000)
    outcome = models.TextField(_("what happened"), max_length=4000, blank=True)
    evidence_url = models.URLField(
        _("link to something to look at"),
        max_length=500,
        blank=True,
        validators=[
            URLValidator(schemes=["https"], message=_("Paste an address that begins with https://."), code="https")
        ],
        help_text=_("A lesson plan, a photo of work without names, a chart. Never anything that names a student."),
    )
    focus_area = models.CharField(_("focus area"), max_length=60, blank=True)
    competency = models.ForeignKey(
        Competency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="practices",
        verbose_name=_("competency"),
    )
    course = models.ForeignKey(
        Course,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="practices",
        verbose_name=_("learned in"),
    )
    written_at = models.DateTimeField(_("written"))
    shared_at = models.DateTimeField(_("shared"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = PracticeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ["-shared_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Adoption(models.Model):
    """Somebody else tries it too."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="adoptions")
    teacher = models.ForeignKey("teachers.Teacher", on_delete=models.PROTECT, related_name="adoptions")
    adopted_on = models.DateField(_("since"))
    comment = models.TextField(_("how it went"), blank=True, max_length=2000)

    objects = AdoptionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        ordering = ["adopted_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "teacher"],
                name="one_adoption_per_person",
                violation_error_message=_("You said already that you try this."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.teacher} – {self.practice}"
