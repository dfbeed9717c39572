"""Row sets of districts, schools and school years."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.apps import apps
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach, running
from teachers.rules.periods import SchoolDays, Year, without_overlap, year_of


class SchoolQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        """Schools where one may see people."""
        return self.filter(in_reach(user.reach(Capability.PEOPLE_VIEW), district="district", school="pk"))

    def with_people(self, *, on: date) -> Self:
        """Adds `people_now`, how many are assigned here on the day."""
        here = apps.get_model("teachers", "Assignment")._default_manager.filter(running(on), school=OuterRef("pk"))
        counted = here.order_by().values("school").annotate(count=Count("teacher", distinct=True)).values("count")
        return self.annotate(people_now=Coalesce(Subquery(counted), 0))

    def open(self, *, on: date) -> Self:
        return self.filter(Q(closed_on=None) | Q(closed_on__gte=on), Q(opened_on=None) | Q(opened_on__lte=on))


class SchoolYearProfileQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        reach = user.reach(Capability.PEOPLE_VIEW)
        return self.filter(in_reach(reach, district="school__district", school="school"))


class SchoolYearQuerySet(QuerySet):  # type: ignore[type-arg]
    def visible_to(self, user: Reader) -> Self:
        """School years are no secret inside the site."""
        return self.all()

    def holding(self, day: date) -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def days_of(self, district_id: int | None, first: int, last: int) -> list[SchoolDays]:
        """The years that begin in these calendar years; where none is on record, the usual days."""
        stored = self.filter(district=district_id).values_list("starts_on", "ends_on", "census_on")
        known = {year_of(days[2]): days for days in stored}
        # The year after the last one may begin before that one ends.
        years = map(Year, range(max(first, date.min.year), last + 2))
        found = [SchoolDays(year, *known.get(year, (year.starts_on, year.ends_on, year.census_on))) for year in years]
        return without_overlap(found)[:-1]
