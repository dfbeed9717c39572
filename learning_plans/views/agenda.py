"""What stands in somebody's calendar: due days, sessions, reviews and next steps, their own and their caseload's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _

from learning_plans.models import Enrollment, PlanItem, PlanReview, Visit
from learning_plans.models.choices import ProgressName
from learning_plans.rules.choices import EnrollmentState, PlanState
from learning_plans.rules.progress import Progress
from pd_tracker.access import Capability
from teachers.models import Teacher, User
from teachers.querysets.people import teachers_for

COMING = (EnrollmentState.REGISTERED, EnrollmentState.WAITLISTED, EnrollmentState.IN_DRAW)


@dataclass(frozen=True, slots=True)
class Event:
    key: str  # the same in every file, so that a calendar knows the event again
    day: date
    kind: Any
    title: str
    url: str
    person: str = ""  # nobody is named beside one's own
    state: str = ""
    label: Any = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""

    @property
    def words(self) -> str:
        said = f"{self.kind}: {self.title}"
        return f"{said} ({self.person})" if self.person else said


@dataclass(frozen=True, slots=True)
class Agenda:
    """Of one reader, between two days, both included."""

    user: User
    first: date
    last: date

    def events(self) -> list[Event]:
        found = [*self.due(), *self.sessions(), *self.reviews(), *self.next_steps()]
        return sorted(found, key=lambda event: (event.day, event.starts_at is not None, event.starts_at, event.key))

    def people(self) -> QuerySet[Teacher]:
        own = Q(user=self.user.pk)
        return Teacher.objects.filter(own | Q(pk__in=teachers_for(self.user, Capability.CASELOAD_VIEW)))

    def due(self) -> Iterator[Event]:
        rows = PlanItem.objects.visible_to(self.user).standing().with_facts()
        rows = rows.filter(plan__teacher__in=self.people(), due_on__range=(self.first, self.last), is_exempt=False)
        for item in rows.select_related("course", "plan__teacher"):
            stands = item.progress(on=self.user.today)
            state = {"state": stands.value, "label": ProgressName(stands).label} if stands is not Progress.OPEN else {}
            yield Event(f"item-{item.pk}", item.due_on, _("Due"), str(item), **self._of(item.plan.teacher), **state)

    def sessions(self) -> Iterator[Event]:
        days = (self.first, self.last + timedelta(days=1))
        begin, end = (make_aware(datetime.combine(day, time())) for day in days)
        rows = Enrollment.objects.visible_to(self.user).filter(teacher__in=self.people(), state__in=COMING)
        rows = rows.filter(session__starts_at__gte=begin, session__starts_at__lt=end)
        for row in rows.filter(session__is_canceled=False).select_related("session__course", "teacher"):
            session = row.session
            yield Event(
                f"session-{row.pk}",
                localtime(session.starts_at).date(),
                _("Session"),
                str(session.course),
                **self._of(row.teacher, url=reverse("learning_plans:course", args=[session.course_id])),
                state=row.state,
                label=row.get_state_display(),
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                place=session.location,
            )

    def reviews(self) -> Iterator[Event]:
        rows = PlanReview.objects.visible_to(self.user).filter(plan__teacher__in=self.people(), held_on=None)
        rows = rows.filter(planned_on__range=(self.first, self.last)).exclude(plan__state=PlanState.CLOSED.value)
        for review in rows.select_related("plan__teacher", "plan__school_year"):
            title = str(review.plan.school_year)
            person = self._of(review.plan.teacher)
            yield Event(f"review-{review.pk}", review.planned_on, _("Review of the plan"), title, **person)

    def next_steps(self) -> Iterator[Event]:
        rows = Visit.objects.visible_to(self.user).filter(teacher__in=self.people())
        for visit in rows.filter(next_step_on__range=(self.first, self.last)).select_related("teacher"):
            title, person = visit.next_step or visit.get_activity_display(), self._of(visit.teacher)
            yield Event(f"visit-{visit.pk}", visit.next_step_on, _("Next step"), title, **person)

    def _of(self, teacher: Teacher, *, url: str = "") -> dict[str, str]:
        if teacher.user_id == self.user.pk:
            return {"url": url or reverse("learning_plans:my_plan")}
        return {"person": str(teacher), "url": url or reverse("learning_plans:plan", args=[teacher.pk])}
