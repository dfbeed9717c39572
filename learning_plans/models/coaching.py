"""Coaching: cycles, visits and what a coach writes about them. Nothing here is ever part of an evaluation."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import CoachingActivityName, SharingName
from learning_plans.models.plans import Goal, PlanItem
from learning_plans.querysets.coaching import CoachingNoteQuerySet, CycleQuerySet, VisitQuerySet
from teachers.models.days import PLAUSIBLE_DAY


class CoachingCycle(models.Model):
    """From a goal over visits and feedback to a step that is looked at again."""

    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="coaching_cycles", verbose_name=_("teacher")
    )
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="coaching_cycles", verbose_name=_("coach")
    )
    focus = models.CharField(_("what we work on"), max_length=300)
    goal = models.ForeignKey(
        Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="cycles", verbose_name=_("goal of the plan")
    )
    started_on = models.DateField(_("first day"), validators=PLAUSIBLE_DAY)
    ended_on = models.DateField(_("last day"), null=True, blank=True, validators=PLAUSIBLE_DAY)
    outcome = models.TextField(_("what came of it"), blank=True, max_length=2000)

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("coaching cycle")
        verbose_name_plural = _("coaching cycles")
        ordering = ["-started_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="coaching_cycle_ends_after_it_starts",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                violation_error_message=_("A cycle cannot end before it starts."),
            )
        ]

    def __str__(self) -> str:
        return self.focus


class Visit(models.Model):
    """One contact, with the time it took. All of it is shared with the teacher; notes have their own rule."""

    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="visits", verbose_name=_("teacher")
    )
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits", verbose_name=_("coach")
    )
    cycle = models.ForeignKey(
        CoachingCycle, on_delete=models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("cycle")
    )
    visited_on = models.DateField(_("day"), validators=PLAUSIBLE_DAY)
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1), MaxValueValidator(720)])
    activity = models.CharField(
        _("what it was"), max_length=14, choices=CoachingActivityName, default=CoachingActivityName.VISIT
    )
    focus_tags = models.CharField(
        _("focus"), max_length=200, blank=True, help_text=_("A few words with commas between them.")
    )
    next_step = models.CharField(_("next step"), max_length=500, blank=True)
    next_step_on = models.DateField(_("next step by"), null=True, blank=True, validators=PLAUSIBLE_DAY)
    items = models.ManyToManyField(PlanItem, blank=True, related_name="visits", verbose_name=_("parts of the plan"))
    logged_at = models.DateTimeField(_("logged"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-visited_on", "-pk"]
        indexes = [models.Index(fields=["teacher", "visited_on"], name="visit_by_teacher_day")]
        constraints = [
            models.CheckConstraint(
                name="next_step_comes_after_the_visit",
                condition=Q(next_step_on=None) | Q(next_step_on__gte=F("visited_on")),
                violation_error_message=_("The next step cannot be due before the visit."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.get_activity_display()}"


class CoachingNote(models.Model):
    """Kept without history: what a coach crosses out is gone. The trail says that it was changed, never how."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="notes", verbose_name=_("visit"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="coaching_notes", verbose_name=_("author")
    )
    text = models.TextField(_("note"), max_length=20_000)
    sharing = models.CharField(_("who can read this"), max_length=10, choices=SharingName, default=SharingName.PRIVATE)
    written_at = models.DateTimeField(_("written"))
    changed_at = models.DateTimeField(_("changed"))
    shared_at = models.DateTimeField(_("shared"), null=True, blank=True)

    objects = CoachingNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("coaching note")
        verbose_name_plural = _("coaching notes")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return str(_("Note"))
