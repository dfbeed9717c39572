"""Row sets of the training of school years, summed up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, QuerySet, Sum
from django.db.models.functions import Cast

from learning_plans.querysets.completions import LearningOfTeacherQuerySet
from teachers.rules.periods import SchoolDays

if TYPE_CHECKING:
    from learning_plans.models import TrainingDays  # noqa: F401


class TrainingDaysQuerySet(QuerySet["TrainingDays"]):
    def agree_with(self, days: Sequence[SchoolDays]) -> bool:
        """Whether no year was summed up over other days; a year that is missing holds no training."""
        stored = {year: dates for year, *dates in self.values_list("year", "starts_on", "ends_on")}
        now = {day.year.start: [day.starts_on, day.ends_on] for day in days}
        return all(stored[year] == now[year] for year in stored.keys() & now.keys())

    def all_run(self, year: int, first: date, last: date) -> bool:
        """Whether no district's sums of a school year were made over other days than these."""
        return not self.filter(year=year).exclude(starts_on=first, ends_on=last).exists()


class TrainingYearQuerySet(LearningOfTeacherQuerySet):
    def totals(self, years: Collection[int]) -> QuerySet[Any]:
        """Teacher, year, minutes and number of completions, whatever their category."""
        of_years = self.filter(year__in=years).order_by().values_list("teacher", "year")
        whole = BigIntegerField()  # PostgreSQL adds large numbers up as decimals, which are slow to read
        spent, count = Cast(Sum("minutes"), whole), Cast(Sum("completions"), whole)
        summed: QuerySet[Any] = of_years.annotate(spent=spent, count=count)
        return summed
