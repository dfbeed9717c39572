"""The history of changes: of roles, sign-ins and settings here; of one person where all of their record is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.views.generic import TemplateView

from pd_tracker.access import Capability, Reader
from pd_tracker.web.views import CapabilityMixin
from teachers.changes import Trail, read, timeline
from teachers.models import District, RoleGrant, School, SchoolYear, SchoolYearProfile, User
from teachers.querysets.people import in_reach


class HistoryPage(CapabilityMixin, TemplateView):
    """Changes of several kinds of rows in one list, newest first."""

    capability = Capability.HISTORY_VIEW
    per_page = 50

    def trails(self) -> Sequence[Trail]:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trails = self.trails()
        page = Paginator(timeline(trails), self.per_page).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs, page=page, changes=read(trails, page.object_list))


class SettingsHistory(HistoryPage):
    """Who may do what, and how the district is set up. Nothing of it is personnel data, so administrators read it."""

    template_name = "teachers/settings_history.html"

    def trails(self) -> Sequence[Trail]:
        return settings_trails(self.request.user)


def settings_trails(user: Reader) -> tuple[Trail, ...]:
    reach = user.reach(Capability.HISTORY_VIEW)
    whole = Q() if reach.everything else Q(pk__in=District.objects.filter(pk__in=reach.district_ids))
    districts = District.objects.filter(whole).values("pk")
    schools = in_reach(reach, district="district", school="id")
    grants = in_reach(reach, district="district", school="school")
    return (
        Trail(RoleGrant.history.filter(grants), ("user", "role")),
        Trail(User.history.filter(id__in=RoleGrant.objects.filter(grants).values("user")), ("name",)),
        Trail(District.history.filter(id__in=districts), ("name",)),
        Trail(School.history.filter(schools), ("name",)),
        Trail(SchoolYear.history.filter(district__in=districts), ("label",)),
        Trail(SchoolYearProfile.history.filter(school__district__in=districts), ("school", "school_year")),
    )
