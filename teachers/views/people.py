"""The list of people, and who has seen one's own data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from pd_tracker.access import Capability
from pd_tracker.audit.models import AuditEvent
from pd_tracker.sheets.table import Table
from pd_tracker.web.views import TablePage
from teachers import tables
from teachers.actions.viewing import EXPORTED, VIEWED, note_export
from teachers.fields import columns_for, directory_for
from teachers.filters import PeopleFilter
from teachers.models import Teacher
from teachers.querysets.people import ids_of


def refuse_without_places(request: HttpRequest) -> None:
    """Lists over schools are for who answers for schools; coaches and teachers have lists of their own."""
    reach = request.user.reach(Capability.PEOPLE_VIEW)
    if not (reach.everything or reach.district_ids or reach.school_ids):
        raise PermissionDenied(_("Your roles do not open this page."))


class People(TablePage):
    capability = Capability.PEOPLE_VIEW
    template_name = "teachers/people.html"
    table = tables.PEOPLE
    filterset_class = PeopleFilter
    ordering = "family_name"
    row_url_name = "teachers:person"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refuse_without_places(request)
        return super().dispatch(request, *args, **kwargs)

    def get_table(self) -> Table:
        return replace(self.table, columns=columns_for(self.request.user, self.table.columns))

    def get_queryset(self) -> QuerySet[Teacher]:
        return directory_for(self.request.user)

    def download(self, rows: QuerySet[Teacher], wanted: str) -> Any:
        note_export(reader=self.request.user, teachers=Teacher.objects.filter(pk__in=rows.values("pk")), part="people")
        return super().download(rows, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            may_edit=self.request.user.may(Capability.PEOPLE_EDIT),
            may_give_sign_in=self.request.user.may(Capability.ROLES_GRANT),
            may_import=self.request.user.may(Capability.IMPORTS_RUN),
        )


class Seen(TablePage):
    """Who opened or downloaded the reader's own data."""

    capability = Capability.PEOPLE_VIEW
    template_name = "teachers/seen.html"
    table = tables.SEEN
    ordering = "-at"

    def get_queryset(self) -> QuerySet[AuditEvent]:
        own = Teacher.objects.filter(user=self.request.user.pk).first()
        if own is None:
            raise Http404(_("No staff record belongs to this sign-in."))
        events = AuditEvent.objects.filter(subject_type="teachers.teacher", subject_id__in=map(str, ids_of(own)))
        return events.filter(verb__in=[VIEWED, EXPORTED])
