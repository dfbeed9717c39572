"""Plans that were begun for many people at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learning_plans.querysets.starts import CycleStartQuerySet


class CycleStart(models.Model):
    """For whom a cycle was started, by whom, and the work in the background that did it."""

    district = models.ForeignKey("teachers.District", on_delete=models.PROTECT, related_name="cycle_starts")
    school_year = models.ForeignKey(
        "teachers.SchoolYear", on_delete=models.PROTECT, related_name="cycle_starts", verbose_name=_("school year")
    )
    school = models.ForeignKey(
        "teachers.School", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    day = models.DateField(_("day"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = CycleStartQuerySet.as_manager()

    class Meta:
        verbose_name = _("start of a cycle")
        verbose_name_plural = _("starts of cycles")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.school_year} {self.school or self.district}"

    def get_absolute_url(self) -> str:
        return reverse("learning_plans:started", args=[self.pk])
