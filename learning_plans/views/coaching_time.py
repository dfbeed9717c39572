"""Where coaching time goes: one's own by month, and for leaders by coach, without opening anything."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from learning_plans.models import Visit
from learning_plans.querysets.coaching import VisitQuerySet
from learning_plans.tables import coaching as tables
from pd_tracker.access import Capability
from pd_tracker.audit.actions import record
from pd_tracker.sheets.table import Table
from pd_tracker.web.addresses import row_keys
from pd_tracker.web.downloads import FORMATS, table_download
from pd_tracker.web.views import CapabilityMixin
from teachers.models import SchoolYear


class TimePage(CapabilityMixin, TemplateView):
    """Counted by school year; the file holds what the page shows."""

    template_name = "learning_plans/coaching/time.html"
    title: Any = ""
    words: Any = ""

    def visits(self) -> VisitQuerySet:
        raise NotImplementedError

    def counted(self, visits: VisitQuerySet) -> Table:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        years = list(self.years())
        year = self.year_asked(years)
        visits = self.visits()
        table = self.counted(visits.dated(year.starts_on, year.ends_on) if year else visits)
        wanted = request.GET.get("format", "")
        if wanted in FORMATS:
            record(actor=request.user, verb="list.exported", list=table.key, format=wanted)
            return table_download(table, wanted)
        shown = {"table": table, "years": years, "year": year, "title": self.title, "words": self.words}
        return self.render_to_response(self.get_context_data(**kwargs, **shown))

    def years(self) -> Any:
        districts = {held.district_id for held in self.request.user.held_roles}
        begun = SchoolYear.objects.filter(district__in=districts, starts_on__lte=self.request.user.today)
        return begun.order_by("-starts_on")

    def year_asked(self, years: list[SchoolYear]) -> SchoolYear | None:
        asked = row_keys([self.request.GET.get("year", "")])
        return next((year for year in years if year.pk in asked), years[0] if years else None)


class OwnTime(TimePage):
    capability = Capability.COACHING_WRITE
    title = gettext_lazy("My coaching time")
    words = gettext_lazy("The time you logged with your visits, by month and kind of work.")

    def visits(self) -> VisitQuerySet:
        return Visit.objects.logged_by(self.request.user)

    def counted(self, visits: VisitQuerySet) -> Table:
        return tables.own_time(visits.time_by("month", "activity").order_by("-month", "activity"))


class CountedTime(TimePage):
    capability = Capability.COACHING_COUNT
    title = gettext_lazy("Coaching time")
    words = gettext_lazy("Hours and visits by coach and kind of work, without teachers’ names or anything written.")

    def visits(self) -> VisitQuerySet:
        return Visit.objects.counted_for(self.request.user)

    def counted(self, visits: VisitQuerySet) -> Table:
        return tables.counted_time(visits.time_by("coach__name", "coach", "activity"))
