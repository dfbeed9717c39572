"""Training of a school year summed up, so that a report need not read every completion. Completions stay the truth."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from learning_plans.querysets.training import TrainingDaysQuerySet, TrainingYearQuerySet
from teachers.models import District, Teacher


class TrainingDays(models.Model):
    """The days over which a school year was summed up. Once the year has other days, its sums are no longer read."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+", verbose_name=_("district"))
    year = models.PositiveSmallIntegerField(_("calendar year in which it starts"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = TrainingDaysQuerySet.as_manager()

    class Meta:
        verbose_name = _("days of summed training")
        verbose_name_plural = _("days of summed training")
        constraints = [models.UniqueConstraint(fields=["district", "year"], name="training_days_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.starts_on} – {self.ends_on}"


class TrainingYear(models.Model):
    """Approved minutes and completions of a teacher in one category and school year, and the day of the last one.

    `learning_plans.sums` keeps it. On PostgreSQL there is an index by year, too: a state has ten years of rows, while a
    district on SQLite reads all of its own sooner than it would keep another index.
    """

    teacher = models.ForeignKey(
        Teacher, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("teacher")
    )
    year = models.PositiveSmallIntegerField(_("calendar year in which it starts"))
    category = models.CharField(_("category"), max_length=60, blank=True)
    minutes = models.PositiveBigIntegerField(_("minutes"))
    completions = models.PositiveIntegerField(_("completions"))
    last_on = models.DateField(_("last day"))

    objects = TrainingYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("training of a school year")
        verbose_name_plural = _("training of school years")
        constraints = [models.UniqueConstraint(fields=["teacher", "year", "category"], name="training_year_once")]

    def __str__(self) -> str:
        return f"{self.teacher}, {self.year}, {self.category}: {self.minutes}"
