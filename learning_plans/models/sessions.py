"""Runs of a course and who takes part."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.catalogue import Course
from learning_plans.models.choices import EnrollmentStateName
from learning_plans.querysets.completions import LearningOfTeacherQuerySet, SessionQuerySet
from learning_plans.rules.choices import ACTIVE_ENROLLMENTS


class Session(models.Model):
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("course"))
    section = models.CharField(_("section"), max_length=60, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=60)
    location = models.CharField(_("room or link"), max_length=200, blank=True)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    is_canceled = models.BooleanField(_("canceled"), default=False)

    objects = SessionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A session must end after it starts."),
            ),
            models.UniqueConstraint(
                fields=["course", "section", "starts_at"], name="one_session_per_section_and_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.section}".strip()


class Enrollment(models.Model):
    class Source(models.TextChoices):
        SELF = "self", _("Registered themselves")
        COACH = "coach", _("Registered by a coach")
        PLAN = "plan", _("From the plan")
        WALK_IN = "walk_in", _("Walked in")
        IMPORT = "import", _("Import")

    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("teacher")
    )
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="enrollments", verbose_name=_("session")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=EnrollmentStateName, default=EnrollmentStateName.REGISTERED
    )
    source = models.CharField(_("how"), max_length=10, choices=Source, default=Source.SELF)
    registered_at = models.DateTimeField(_("registered"), auto_now_add=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered by"),
    )

    objects = LearningOfTeacherQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        ordering = ["registered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "session"],
                condition=Q(state__in=sorted(state.value for state in ACTIVE_ENROLLMENTS)),
                name="one_active_enrollment_per_session",
                violation_error_message=_("You are already registered for this session."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.teacher} – {self.session}"
