"""Who is employed, on leave, assigned where and paired with whom, from day to day; last days are inclusive."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from teachers.models.choices import (
    LeaveKindName,
    PairingKindName,
    PositionName,
    SeparationReasonName,
    SeparationTypeName,
)
from teachers.querysets.people import AssignmentQuerySet, EmploymentQuerySet, OfTeacherQuerySet, PairingQuerySet

ENDS_AFTER_START = Q(ended_on=None) | Q(ended_on__gte=F("started_on"))
FTE_RANGE = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(2))]


class Employment(models.Model):
    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="employments", verbose_name=_("teacher")
    )
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    position = models.CharField(
        _("position"), max_length=20, choices=PositionName, default=PositionName.CLASSROOM_TEACHER
    )
    fte = models.DecimalField(_("FTE"), max_digits=4, decimal_places=3, default=Decimal(1), validators=FTE_RANGE)
    separation_type = models.CharField(_("kind of separation"), max_length=20, choices=SeparationTypeName, blank=True)
    separation_reason = models.CharField(
        _("reason for leaving"), max_length=20, choices=SeparationReasonName, blank=True
    )

    objects = EmploymentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        ordering = ["started_on", "pk"]
        indexes = [models.Index(fields=["started_on", "ended_on"], name="employment_by_days")]
        constraints = [
            models.CheckConstraint(
                name="employment_ends_after_it_starts",
                condition=ENDS_AFTER_START,
                violation_error_message=_("A spell of employment cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="employment_fte_in_range",
                condition=Q(fte__gte=0) & Q(fte__lte=2),
                violation_error_message=_("FTE must lie between 0 and 2."),
            ),
            models.UniqueConstraint(
                fields=["teacher", "started_on"],
                name="one_spell_per_first_day",
                violation_error_message=_("This person already has a spell that starts on this day."),
            ),
            models.UniqueConstraint(
                fields=["teacher"],
                condition=Q(ended_on=None),
                name="one_open_spell_per_person",
                violation_error_message=_("This person already has a spell without a last day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_position_display()} {self.started_on} – {self.ended_on or ''}"


class Leave(models.Model):
    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="leaves", verbose_name=_("teacher")
    )
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=LeaveKindName, default=LeaveKindName.OTHER)
    right_of_return = models.BooleanField(_("right of return"), default=True)

    objects = OfTeacherQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["started_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="leave_ends_after_it_starts",
                condition=ENDS_AFTER_START,
                violation_error_message=_("A leave cannot end before it starts."),
            ),
            models.UniqueConstraint(fields=["teacher", "started_on"], name="one_leave_per_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_on} – {self.ended_on or ''}"


class Assignment(models.Model):
    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="assignments", verbose_name=_("teacher")
    )
    school = models.ForeignKey(
        "teachers.School", on_delete=models.PROTECT, related_name="assignments", verbose_name=_("school")
    )
    position = models.CharField(
        _("position"), max_length=20, choices=PositionName, default=PositionName.CLASSROOM_TEACHER
    )
    subject = models.CharField(_("subject"), max_length=80, blank=True)
    grades = models.CharField(_("grades"), max_length=80, blank=True)
    fte = models.DecimalField(_("FTE"), max_digits=4, decimal_places=3, default=Decimal(1), validators=FTE_RANGE)
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["started_on", "pk"]
        indexes = [models.Index(fields=["school", "started_on", "ended_on"], name="assignment_by_school_days")]
        constraints = [
            models.CheckConstraint(
                name="assignment_ends_after_it_starts",
                condition=ENDS_AFTER_START,
                violation_error_message=_("An assignment cannot end before it starts."),
            ),
            models.UniqueConstraint(
                fields=["teacher", "school", "started_on", "subject"],
                name="one_assignment_per_school_start_and_subject",
                violation_error_message=_("This person already has this assignment from this day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.started_on} – {self.ended_on or ''}"


class Pairing(models.Model):
    """A coach or mentor and the teacher they look after."""

    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pairings", verbose_name=_("coach or mentor")
    )
    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="pairings", verbose_name=_("teacher")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PairingKindName, default=PairingKindName.COACH)
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    objects = PairingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")
        ordering = ["started_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="pairing_ends_after_it_starts",
                condition=ENDS_AFTER_START,
                violation_error_message=_("A pairing cannot end before it starts."),
            ),
            models.UniqueConstraint(
                fields=["coach", "teacher", "kind", "started_on"],
                name="one_pairing_per_pair_and_first_day",
                violation_error_message=_("This pairing already exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coach} – {self.teacher}"
