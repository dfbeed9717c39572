"""The calendar: a month to look at, and a file for one's own calendar program."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from learning_plans.rules.icalendar import Entry, calendar_file
from learning_plans.rules.months import Month
from learning_plans.views.agenda import Agenda
from pd_tracker.access import Capability

BACK, AHEAD = timedelta(days=31), timedelta(days=365)
TEACHES_OR_COACHES = (Capability.PLANS_WRITE_OWN, Capability.CASELOAD_VIEW)


class OwnCalendar:
    """For whoever has a plan or looks after people who have one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(request.user.may(capability) for capability in TEACHES_OR_COACHES):
            raise PermissionDenied(_("Your roles do not open this page."))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class CalendarPage(OwnCalendar, TemplateView):
    template_name = "learning_plans/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        month = Month.named(self.request.GET.get("month", "")) or Month.of(user.today)
        weeks = month.weeks
        events = Agenda(user, weeks[0][0], weeks[-1][-1]).events()
        days = [(day, [event for event in events if event.day == day]) for week in weeks for day in week]
        return super().get_context_data(
            **kwargs,
            month=month,
            days=days,
            weekdays=weeks[0],
            count=sum(Month.of(event.day) == month for event in events),
            today=user.today,
            this_month=Month.of(user.today),
            of_others=user.may(Capability.CASELOAD_VIEW),
        )


class CalendarFile(OwnCalendar, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        host, today = request.get_host(), request.user.today
        entries = [
            Entry(
                uid=f"{event.key}@{host}",
                title=event.words,
                day=event.day,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                place=event.place,
                url=request.build_absolute_uri(event.url),
            )
            for event in Agenda(request.user, today - BACK, today + AHEAD).events()
        ]
        content = calendar_file(entries, name=_("Learning plans"), at=timezone.now())
        headers = {"Content-Disposition": 'attachment; filename="calendar.ics"'}
        return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
