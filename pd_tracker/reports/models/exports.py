"""Exports that were given a name, and every file made from one: for whom, when, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from pd_tracker.access import Reach
from pd_tracker.reports.querysets.exports import ExportRunQuerySet, NamedExportQuerySet
from pd_tracker.reports.rules.exports import KEPT_DAYS, ExportKind, RunState, Schedule


class KindName(models.TextChoices):
    WORKBOOK = ExportKind.WORKBOOK.value, _("HR workbook")
    FLORIDA = ExportKind.FLORIDA.value, _("Florida: staff professional development")
    COLUMNS = ExportKind.COLUMNS.value, _("File with chosen columns")


class ScheduleName(models.TextChoices):
    NONE = Schedule.NONE.value, _("Only when I ask for it")
    WEEKLY = Schedule.WEEKLY.value, _("Every week")
    MONTH_END = Schedule.MONTH_END.value, _("After the end of each month")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class RunStateName(models.TextChoices):
    WAITING = RunState.WAITING.value, _("Being made")
    DONE = RunState.DONE.value, _("Ready")
    REFUSED = RunState.REFUSED.value, _("Not entitled")
    FAILED = RunState.FAILED.value, _("Not made")


class NamedExport(models.Model):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("what it makes"), max_length=10, choices=KindName)
    # As they were given on the page; what was left open stays open, so that the newest year stays the newest.
    filters: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(_("filters"), default=dict, blank=True)
    options: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("options"), default=dict, blank=True)
    schedule = models.CharField(_("schedule"), max_length=10, choices=ScheduleName, default=ScheduleName.NONE)
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), choices=Weekday, null=True, blank=True, validators=[MaxValueValidator(6)]
    )
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("recipients")
    )
    next_run_on = models.DateField(_("next file"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    made_at = models.DateTimeField(_("saved"))

    objects = NamedExportQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["next_run_on"], m2m_fields=[recipients])

    class Meta:
        verbose_name = _("saved export")
        verbose_name_plural = _("saved exports")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=Q(removed_at=None),
                name="one_saved_export_of_a_name",
                violation_error_message=_("You have a saved export of this name already."),
            ),
            models.CheckConstraint(
                name="weekly_export_has_a_weekday",
                condition=Q(schedule=Schedule.WEEKLY.value, weekday__isnull=False)
                | (~Q(schedule=Schedule.WEEKLY.value) & Q(weekday=None)),
                violation_error_message=_("Choose the weekday for every week, and none otherwise."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:export", args=[self.pk])

    @property
    def runs_by_itself(self) -> bool:
        return self.schedule != Schedule.NONE and self.stopped_at is None


def stored_as(run: ExportRun, filename: str) -> str:
    """A name that nobody can guess and nobody typed."""
    return f"exports/{uuid4().hex}"


class ExportRun(models.Model):
    """A line of its own for each reader; it tells of itself what became of it, so no history is kept of it."""

    export = models.ForeignKey(NamedExport, on_delete=models.PROTECT, related_name="runs", verbose_name=_("export"))
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("for")
    )
    due_on = models.DateField(_("day of the schedule"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RunStateName, default=RunStateName.WAITING)
    reason = models.CharField(_("why not"), max_length=400, blank=True)
    asked_at = models.DateTimeField(_("asked for"))
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    file = models.FileField(_("file"), upload_to=stored_as, blank=True)
    filename = models.CharField(_("file name"), max_length=200, blank=True)
    rows: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(_("rows"), default=dict, blank=True)
    # How far the reader's role carried when the file was made: with less, it is not opened any more.
    reach: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ExportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of an export")
        verbose_name_plural = _("runs of exports")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["export", "reader", "due_on"],
                condition=Q(due_on__isnull=False),
                name="one_scheduled_run_per_reader_and_day",
            )
        ]

    def __str__(self) -> str:
        return self.filename or str(self.export)

    def get_absolute_url(self) -> str:
        return reverse("reports:export_run", args=[self.pk])

    @property
    def kept_until(self) -> datetime | None:
        return self.made_at and self.made_at + timedelta(days=KEPT_DAYS)

    def is_within(self, reach: Reach) -> bool:
        """Whether the file holds nothing that this reach would not open today."""
        kept = self.reach
        made = Reach(bool(kept.get("everything")), frozenset(kept["districts"]), frozenset(kept["schools"]))
        return reach.covers(made)
