"""People, schools and classroom figures for programs: the rows, tables and filters of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.utils import timezone
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from pd_tracker.access import Capability
from pd_tracker.api.idempotency import writes
from pd_tracker.api.resources import TableViewSet, refuse_stale
from pd_tracker.sheets.table import Table
from teachers import tables
from teachers.actions import records as actions
from teachers.actions.viewing import note_pull
from teachers.fields import FIELDS, directory_for
from teachers.filters import KpiValueFilter, PeopleFilter, SchoolFilter
from teachers.models import District, KpiValue, School, Teacher
from teachers.querysets.directory import cut_fields
from teachers.querysets.people import teachers_for
from teachers.serializers import ProfileBody, ProfileChangeBody

PERSONAL = ("email", "birth_year", "experience_years")


class OfPeople(TableViewSet):
    """Rows that tell of people: each of them can read who took what, and when."""

    part: ClassVar[str]  # of what is known of a person
    person_key: ClassVar[str] = "teacher_id"

    def note(self, rows: Sequence[Any]) -> None:
        place = [column.key for column in self.get_table().columns].index(self.person_key)
        teacher_ids = {row[place] for row in rows} - {None}
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        note_pull(reader=self.request.user, teacher_ids=teacher_ids, part=self.part, since=midnight)


class TeacherViewSet(OfPeople):
    """People on the roster, as the reader's roles reach them. Without `status`, those who are employed now."""

    model = Teacher
    table = tables.PERSON
    filterset_class = PeopleFilter
    ordering = "family_name"
    optional = FIELDS
    part, person_key = "people", "id"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.PEOPLE_VIEW,
        "retrieve": Capability.PEOPLE_VIEW,
        "create": Capability.PEOPLE_EDIT,
        "partial_update": Capability.PEOPLE_EDIT,
    }
    bodies: ClassVar[dict[str, Any]] = {"create": ProfileBody, "partial_update": ProfileChangeBody}
    examples: ClassVar[dict[str, Any]] = {
        "create": {"staff_id": "004219", "given_name": "Maria", "family_name": "Okafor", "birth_year": 1985},
        "partial_update": {"preferred_name": "Mia", "reason": "She asked for it."},
    }

    def get_table(self) -> Table:
        whole, may = super().get_table(), self.request.user.may
        kept = (column for column in whole.columns if column.key not in FIELDS or may(FIELDS[column.key]))
        return replace(whole, columns=tuple(kept))

    def rows(self) -> QuerySet[Teacher]:
        user = self.request.user
        own = directory_for(user).annotate(**{f"own_{name}": F(name) for name in PERSONAL})
        return cut_fields(own, user=user, rules={f"own_{name}": FIELDS[name] for name in PERSONAL})

    @writes
    def create(self, request: Request) -> Response:
        reach = request.user.reach(Capability.PEOPLE_EDIT)
        district = get_object_or_404(District.objects.filter(pk__in=reach.district_ids).order_by("pk")[:1])
        teacher = Teacher(district=district, **self.given(request))
        return self.shown(actions.save_profile(teacher=teacher, actor=request.user).pk, status=201)

    @writes
    def partial_update(self, request: Request, pk: str) -> Response:
        rows = teachers_for(request.user, Capability.PEOPLE_EDIT).select_for_update(of=("self",))
        teacher, given = get_object_or_404(rows, pk=pk), self.given(request)
        reason = given.pop("reason", "")
        refuse_stale(request, teacher, given)
        for name, value in given.items():
            setattr(teacher, name, value)
        actions.save_profile(teacher=teacher, actor=request.user, reason=reason)
        return self.shown(teacher.pk)


class SchoolViewSet(TableViewSet):
    """Schools where the reader may see people."""

    model = School
    table = tables.SCHOOLS
    filterset_class = SchoolFilter
    ordering = "name"
    capabilities: ClassVar[dict[str, Capability]] = {"list": Capability.PEOPLE_VIEW, "retrieve": Capability.PEOPLE_VIEW}

    def rows(self) -> QuerySet[School]:
        return School.objects.visible_to(self.request.user).with_people(on=self.request.user.today)


class KpiValueViewSet(OfPeople):
    """Classroom figures. A value that the source hid is null, and `suppressed_at_source` says so."""

    model = KpiValue
    table = tables.KPI_VALUES
    filterset_class = KpiValueFilter
    ordering = "-school_year"
    part = "kpis"
    capabilities: ClassVar[dict[str, Capability]] = {"list": Capability.KPIS_VIEW, "retrieve": Capability.KPIS_VIEW}

    def rows(self) -> QuerySet[KpiValue]:
        return KpiValue.objects.visible_to(self.request.user)
