"""Teachers and the ids other systems know them by."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from teachers.querysets.people import OfTeacherQuerySet, TeacherQuerySet


class Teacher(models.Model):
    """A person on the staff roster; they may or may not have a login."""

    district = models.ForeignKey(
        "teachers.District", on_delete=models.PROTECT, related_name="teachers", verbose_name=_("district")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="teacher",
        verbose_name=_("sign-in"),
    )
    staff_id = models.CharField(_("staff id"), max_length=40)
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100)
    preferred_name = models.CharField(_("preferred name"), max_length=100, blank=True)
    email = models.EmailField(_("email"), blank=True)
    birth_year = models.PositiveSmallIntegerField(
        _("birth year"), null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    experience_years = models.DecimalField(
        _("years of experience at hire"), max_digits=4, decimal_places=1, null=True, blank=True
    )

    objects = TeacherQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")
        ordering = ["family_name", "given_name", "pk"]
        indexes = [models.Index(fields=["family_name", "given_name", "id"], name="teacher_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "staff_id"],
                name="staff_id_unique_in_district",
                violation_error_message=_("Another person already has this staff id."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.preferred_name or self.given_name} {self.family_name}"


class ExternalId(models.Model):
    teacher = models.ForeignKey(
        Teacher, on_delete=models.PROTECT, related_name="external_ids", verbose_name=_("teacher")
    )
    system = models.CharField(_("system"), max_length=60)
    id_type = models.CharField(_("kind of id"), max_length=60, blank=True)
    value = models.CharField(_("id"), max_length=200)

    objects = OfTeacherQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("external id")
        verbose_name_plural = _("external ids")
        constraints = [
            models.UniqueConstraint(fields=["system", "id_type", "value"], name="one_person_per_external_id")
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.value}"
