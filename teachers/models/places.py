"""Districts, schools and the school years they live by."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from teachers.models.choices import SchoolLevelName
from teachers.querysets.places import SchoolQuerySet, SchoolYearProfileQuerySet, SchoolYearQuerySet


class District(models.Model):
    name = models.CharField(_("name"), max_length=200, unique=True)
    state_id = models.CharField(_("state id"), max_length=30, blank=True)
    nces_id = models.CharField(_("NCES id"), max_length=30, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="America/Los_Angeles")
    records_begin_on = models.DateField(
        _("records of leavers begin on"),
        null=True,
        blank=True,
        help_text=_("Before this day only people who stayed are known. Reports on staying start here."),
    )
    is_demonstration = models.BooleanField(_("invented people"), default=False, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="schools", verbose_name=_("district"))
    school_id = models.CharField(_("school id"), max_length=30)
    name = models.CharField(_("name"), max_length=200)
    nces_id = models.CharField(_("NCES id"), max_length=30, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=SchoolLevelName, blank=True)
    grade_low = models.CharField(_("lowest grade"), max_length=10, blank=True)
    grade_high = models.CharField(_("highest grade"), max_length=10, blank=True)
    opened_on = models.DateField(_("opened"), null=True, blank=True)
    closed_on = models.DateField(_("last day"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )

    objects = SchoolQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "school_id"],
                name="school_id_unique_in_district",
                violation_error_message=_("Another school already has this id."),
            ),
            models.CheckConstraint(
                name="school_closes_after_it_opens",
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("A school cannot close before it opens."),
            ),
            models.CheckConstraint(
                name="school_is_not_its_own_successor",
                condition=Q(successor=None) | ~Q(successor=F("pk")),
                violation_error_message=_("A school cannot follow itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SchoolYear(models.Model):
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="school_years", verbose_name=_("district")
    )
    label = models.CharField(_("label"), max_length=7)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    census_on = models.DateField(_("census day"))

    objects = SchoolYearQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("school year")
        verbose_name_plural = _("school years")
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["district", "label"], name="one_school_year_per_label"),
            models.UniqueConstraint(fields=["district", "starts_on"], name="one_school_year_per_start"),
            models.CheckConstraint(
                name="census_lies_in_its_school_year",
                condition=Q(census_on__gte=F("starts_on")) & Q(census_on__lte=F("ends_on")),
                violation_error_message=_("The census day must lie inside the school year."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SchoolYearProfile(models.Model):
    """What is true of a school for one year only."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="profiles", verbose_name=_("school"))
    school_year = models.ForeignKey(
        SchoolYear, on_delete=models.PROTECT, related_name="profiles", verbose_name=_("school year")
    )
    title_i = models.BooleanField(_("Title I"), null=True)
    frpm_percent = models.DecimalField(
        _("free or reduced-price meals, percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    enrollment = models.PositiveIntegerField(_("enrollment"), null=True, blank=True)

    objects = SchoolYearProfileQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("school year profile")
        verbose_name_plural = _("school year profiles")
        constraints = [
            models.UniqueConstraint(fields=["school", "school_year"], name="one_profile_per_school_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.school_year}"


class RosterExtract(models.Model):
    """A loaded roster and the day it was made: what lies after the newest one has not been observed."""

    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="roster_extracts", verbose_name=_("district")
    )
    as_of = models.DateField(_("made on"))
    is_full = models.BooleanField(_("lists everybody"), default=False)
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("roster extract")
        verbose_name_plural = _("roster extracts")
        ordering = ["as_of", "pk"]
        constraints = [models.UniqueConstraint(fields=["district", "as_of", "is_full"], name="one_extract_per_day")]

    def __str__(self) -> str:
        return str(self.as_of)
