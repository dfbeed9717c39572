"""What can be learnt, from whom, and towards which competencies."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.choices import ActivityTypeName, CourseStateName, EvidenceTierName
from learning_plans.querysets.catalogue import CourseQuerySet, OpenToStaffQuerySet


class Framework(models.Model):
    name = models.CharField(_("name"), max_length=200)
    version = models.CharField(_("version"), max_length=40, blank=True)
    # What a CASE document calls itself; a file read again is recognized by it.
    identifier = models.CharField(_("identifier"), max_length=200, blank=True)
    publisher = models.CharField(_("published by"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    is_default = models.BooleanField(_("used where nothing else is chosen"), default=False)
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = OpenToStaffQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_framework_per_version"),
            models.UniqueConstraint(
                fields=["identifier", "version"],
                condition=~Q(identifier=""),
                name="one_framework_per_identifier_and_version",
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="one_default_framework",
                violation_error_message=_("Another framework is the default."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


class Competency(models.Model):
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="competencies", verbose_name=_("framework")
    )
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=300)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    description = models.TextField(_("description"), blank=True)
    identifier = models.CharField(_("identifier"), max_length=200, blank=True)
    place = models.PositiveIntegerField(_("order"), default=0)
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = OpenToStaffQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")
        ordering = ["framework", "place", "code"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="one_competency_per_code"),
            models.UniqueConstraint(
                fields=["framework", "identifier"],
                condition=~Q(identifier=""),
                name="one_competency_per_identifier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Provider(models.Model):
    class Kind(models.TextChoices):
        INTERNAL = "internal", _("The district itself")
        UNIVERSITY = "university", _("University")
        PARTNER = "partner", _("Partner organization")
        BUSINESS = "business", _("Business")
        PARENTS = "parents", _("Parents' group")

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PARTNER)
    number = models.CharField(
        _("number"),
        max_length=60,
        blank=True,
        help_text=_("As the state knows the provider; it stands on certificates."),
    )
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    is_partner = models.BooleanField(_("partner of the district"), default=False)

    objects = OpenToStaffQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Course(models.Model):
    district = models.ForeignKey(
        "teachers.District", on_delete=models.PROTECT, related_name="courses", verbose_name=_("district")
    )
    code = models.CharField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=300)
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, null=True, blank=True, related_name="courses", verbose_name=_("provider")
    )
    activity_type = models.CharField(
        _("activity type"), max_length=20, choices=ActivityTypeName, default=ActivityTypeName.WORKSHOP
    )
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    category = models.CharField(_("category"), max_length=60, blank=True)
    competencies = models.ManyToManyField(
        Competency, blank=True, related_name="courses", verbose_name=_("competencies it is about")
    )
    also_touches = models.ManyToManyField(
        Competency, blank=True, related_name="touched_by", verbose_name=_("competencies it touches too")
    )
    focus_areas = models.CharField(_("focus areas"), max_length=400, blank=True)
    cost = models.DecimalField(
        _("cost per seat"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    evidence_tier = models.CharField(
        _("evidence"), max_length=10, choices=EvidenceTierName, default=EvidenceTierName.UNKNOWN
    )
    state = models.CharField(_("state"), max_length=10, choices=CourseStateName, default=CourseStateName.APPROVED)
    approved_from = models.DateField(_("approved from"), null=True, blank=True)
    approved_until = models.DateField(_("approved until"), null=True, blank=True)

    objects = CourseQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[competencies, also_touches])

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "code"],
                name="course_code_unique_in_district",
                violation_error_message=_("Another course already has this code."),
            ),
            models.CheckConstraint(
                name="course_cost_not_negative",
                condition=Q(cost=None) | Q(cost__gte=0),
                violation_error_message=_("A cost cannot be negative."),
            ),
            models.CheckConstraint(
                name="course_approval_ends_after_it_starts",
                condition=Q(approved_until=None) | Q(approved_from=None) | Q(approved_until__gte=F("approved_from")),
                violation_error_message=_("The approval cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def hours(self) -> Decimal:
        return Decimal(self.minutes) / 60
