"""Classroom figures: the catalogue of KPIs and their values."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from teachers.models.choices import KpiLevelName, TermName
from teachers.querysets.kpis import KpiQuerySet, KpiValueQuerySet


class Kpi(models.Model):
    class Better(models.TextChoices):
        HIGHER = "higher", _("Higher is better")
        LOWER = "lower", _("Lower is better")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    unit = models.CharField(_("unit"), max_length=40)
    level = models.CharField(_("usual level"), max_length=10, choices=KpiLevelName)
    better = models.CharField(_("better"), max_length=6, choices=Better)
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=4, null=True, blank=True)
    is_public = models.BooleanField(_("may be published"), default=False)

    objects = KpiQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("KPI")
        verbose_name_plural = _("KPIs")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class KpiValue(models.Model):
    """One figure. No value but `suppressed_at_source` means the source hid it, which is neither 0 nor missing."""

    district = models.ForeignKey(
        "teachers.District", on_delete=models.PROTECT, related_name="kpi_values", verbose_name=_("district")
    )
    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="values", verbose_name=_("KPI"))
    school_year = models.ForeignKey(
        "teachers.SchoolYear", on_delete=models.PROTECT, related_name="kpi_values", verbose_name=_("school year")
    )
    term = models.CharField(_("term"), max_length=6, choices=TermName, default=TermName.YEAR)
    level = models.CharField(_("level"), max_length=10, choices=KpiLevelName)
    teacher = models.ForeignKey(
        "teachers.Teacher",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="kpi_values",
        verbose_name=_("teacher"),
    )
    school = models.ForeignKey(
        "teachers.School",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="kpi_values",
        verbose_name=_("school"),
    )
    section = models.CharField(_("section"), max_length=60, blank=True)
    subject = models.CharField(_("subject"), max_length=80, blank=True)
    grades = models.CharField(_("grades"), max_length=40, blank=True)
    student_group = models.CharField(_("student group"), max_length=60, default="all")
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=6, null=True, blank=True)
    n = models.PositiveIntegerField(_("students"), null=True, blank=True)
    sd = models.DecimalField(_("spread of students (SD)"), max_digits=14, decimal_places=6, null=True, blank=True)
    suppressed_at_source = models.BooleanField(_("hidden at source"), default=False)

    objects = KpiValueQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("KPI value")
        verbose_name_plural = _("KPI values")
        indexes = [models.Index(fields=["kpi", "school_year", "student_group"], name="kpi_value_by_year")]
        constraints = [
            models.UniqueConstraint(
                "district",
                "kpi",
                "school_year",
                "term",
                "level",
                # Not every database can compare empty with empty.
                Coalesce("teacher", 0),
                Coalesce("school", 0),
                "section",
                "subject",
                "grades",
                "student_group",
                name="one_value_per_figure",
                violation_error_message=_("This figure already has a value."),
            ),
            models.CheckConstraint(
                name="kpi_value_or_suppressed",
                condition=Q(value__isnull=False, suppressed_at_source=False)
                | Q(value__isnull=True, suppressed_at_source=True),
                violation_error_message=_("Give a value, or say that the source hid it."),
            ),
            models.CheckConstraint(
                name="kpi_value_names_its_level",
                condition=Q(level__in=["school", "district"]) | Q(teacher__isnull=False),
                violation_error_message=_("A classroom or teacher figure needs a teacher."),
            ),
            models.CheckConstraint(
                name="kpi_sd_not_negative",
                condition=Q(sd=None) | Q(sd__gte=0),
                violation_error_message=_("A spread cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.school_year}: {self.value}"
