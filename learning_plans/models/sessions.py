"""Runs of a course, who takes part, and draws of seats."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.catalogue import Course
from learning_plans.models.choices import EnrollmentStateName, SeatPolicyName
from learning_plans.querysets.completions import LearningOfTeacherQuerySet, SeatDrawQuerySet, SessionQuerySet
from learning_plans.rules.choices import ACTIVE_ENROLLMENTS, SeatPolicy
from learning_plans.rules.lottery import draw
from teachers.models.days import PLAUSIBLE_DAY, PLAUSIBLE_MOMENT


class Session(models.Model):
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("course"))
    section = models.CharField(_("section"), max_length=60, blank=True)
    starts_at = models.DateTimeField(_("starts"), validators=PLAUSIBLE_MOMENT)
    ends_at = models.DateTimeField(_("ends"), validators=PLAUSIBLE_MOMENT)
    time_zone = models.CharField(_("time zone"), max_length=60)
    location = models.CharField(_("room or link"), max_length=200, blank=True)
    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, validators=[MaxValueValidator(100_000, _("At most 100,000 seats."))]
    )
    is_canceled = models.BooleanField(_("canceled"), default=False)
    seat_policy = models.CharField(
        _("how seats are given"), max_length=12, choices=SeatPolicyName, default=SeatPolicyName.FIRST_COME
    )
    draw_on = models.DateField(_("seats are drawn on"), null=True, blank=True, validators=PLAUSIBLE_DAY)
    seed_source = models.CharField(_("where the seed comes from"), max_length=200, blank=True)

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
            models.CheckConstraint(
                name="lottery_has_seats_day_and_seed",
                condition=~Q(seat_policy=SeatPolicy.LOTTERY.value)
                | (Q(capacity__isnull=False, capacity__gt=0, draw_on__isnull=False) & ~Q(seed_source="")),
                violation_error_message=_(
                    "A draw needs a number of seats, a day, and a public number that its seed will be taken from."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.section}".strip()

    @property
    def is_by_lot(self) -> bool:
        return self.seat_policy == SeatPolicy.LOTTERY

    @property
    def awaits_draw(self) -> bool:
        return self.is_by_lot and not hasattr(self, "seat_draw")


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

    drawn_place = models.PositiveIntegerField(_("place in the draw"), null=True, blank=True, editable=False)

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


class SeatDraw(models.Model):
    """One draw, with all that is needed to repeat it; it is made once and never changed."""

    session = models.OneToOneField(
        Session, on_delete=models.PROTECT, related_name="seat_draw", verbose_name=_("session")
    )
    seed = models.CharField(_("seed"), max_length=260)
    seats = models.PositiveIntegerField(_("seats"))
    order = models.JSONField(_("staff ids in the order drawn"))
    drawn_at = models.DateTimeField(_("drawn"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drawn by")
    )

    objects = SeatDrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("draw of seats")
        verbose_name_plural = _("draws of seats")

    def __str__(self) -> str:
        return f"{self.session}: {self.seed}"

    @property
    def comes_out_the_same(self) -> bool:
        """Whether the seed and the names alone give the recorded order again."""
        again: list[str] = [*draw(sorted(self.order), self.seats, self.seed).order]
        return again == list(self.order)
