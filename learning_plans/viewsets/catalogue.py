"""Courses and sessions for programs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet

from learning_plans import filters, tables
from learning_plans.models import Course, Session
from pd_tracker.access import Capability
from pd_tracker.api.resources import TableViewSet


class CourseViewSet(TableViewSet):
    """The catalog, whether on offer or not; `state` and the days of approval tell."""

    model = Course
    table = tables.COURSE
    filterset_class = filters.CourseFilter
    ordering = "title"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.COURSES_VIEW,
        "retrieve": Capability.COURSES_VIEW,
    }
    more_schema: ClassVar[dict[str, Any]] = {"competencies": {"type": "array", "items": {"type": "string"}}}

    def rows(self) -> QuerySet[Course]:
        return Course.objects.visible_to(self.request.user)

    def more(self, row: Course) -> dict[str, Any]:
        return {"competencies": [str(competency) for competency in row.competencies.all()]}


class SessionViewSet(TableViewSet):
    """Runs of courses, with the seats that are taken."""

    model = Session
    table = tables.SESSIONS
    filterset_class = filters.SessionFilter
    ordering = "starts_at"
    capabilities: ClassVar[dict[str, Capability]] = {
        "list": Capability.COURSES_VIEW,
        "retrieve": Capability.COURSES_VIEW,
    }

    def rows(self) -> QuerySet[Session]:
        return Session.objects.visible_to(self.request.user).with_seats()
