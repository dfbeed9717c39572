"""Whom and which year one HR summary is about, as row sets that every sheet is cut by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import Coalesce, Least, RowNumber
from django.utils import timezone

from learning_plans.models import Completion
from learning_plans.rules.choices import CompletionState
from pd_tracker.access import Capability, Reader
from teachers.models import Assignment, Employment, School, SchoolYear, Teacher
from teachers.models.choices import PositionName
from teachers.querysets.people import in_reach, running, teachers_for
from teachers.rules.periods import year_of

POSITIONS: list[tuple[str, Any]] = PositionName.choices


class YearSpan(NamedTuple):
    label: str
    starts_on: date
    ends_on: date
    census_on: date


def year_spans(user: Reader) -> list[YearSpan]:
    """The school years one may ask for, newest first; before any is stored, the one that holds the reader's day."""
    fields = ("label", "starts_on", "ends_on", "census_on")
    stored = SchoolYear.objects.visible_to(user).order_by("-starts_on").values_list(*fields)
    found = {row[0]: YearSpan(*row) for row in stored}
    now = year_of(user.today)
    return list(found.values()) or [YearSpan(now.label, now.starts_on, now.ends_on, now.census_on)]


def schools_in_reach(user: Reader) -> QuerySet[School]:
    """Schools whose staff one may export."""
    reach = user.reach(Capability.EXPORTS_HR)
    return School.objects.visible_to(user).filter(in_reach(reach, district="district", school="pk"))


@dataclass(frozen=True)
class Scope:
    """One reader's question.

    `on` is the day people are described at, inside the year; with `is_as_of` learning after it is left out. `school`
    is a school's key, `position` a `Position`; neither cuts anything when left out. `with_left` also lists whoever was
    employed, or has learning dated, at any time of the year.
    """

    user: Reader
    year: YearSpan
    on: date
    school: int | None = None
    position: str = ""
    with_left: bool = True
    is_as_of: bool = False

    @property
    def last_day(self) -> date:
        """The last day of learning that counts."""
        return self.on if self.is_as_of else self.year.ends_on

    @property
    def is_narrowed(self) -> bool:
        return bool(self.school or self.position or not self.with_left)

    def reached(self) -> QuerySet[Teacher]:
        return teachers_for(self.user, Capability.EXPORTS_HR)

    def people(self) -> QuerySet[Teacher]:
        """The people of the sheet By teacher."""
        people = self.reached()
        if self.with_left:
            people = people.filter(self._of(self.employments()) | self._of(self.completions()))
        else:
            people = people.filter(self._of(Employment.objects.filter(running(self.on))))
        if self.school:
            people = people.filter(pk__in=_narrowed(self.posts(), school=self.school))
        if self.position:
            people = people.filter(pk__in=_narrowed(self.spells(), position=self.position))
        return people

    def listed(self) -> QuerySet[Teacher]:
        """The same people, for rows of learning dated in the year: who has one is listed unless a filter is on."""
        return self.people() if self.is_narrowed else self.reached()

    def employments(self) -> QuerySet[Employment]:
        return Employment.objects.visible_to(self.user).filter(self._in_year)

    def spells(self) -> QuerySet[Employment]:
        """Of each person the one spell of the year that describes them."""
        return self._describing(self.employments())

    def posts(self) -> QuerySet[Assignment]:
        """Of each person the one assignment of the year that is their primary site."""
        return self._describing(Assignment.objects.visible_to(self.user).filter(self._in_year), "school_id")

    def completions(self) -> QuerySet[Completion]:
        dated = Completion.objects.visible_to(self.user).dated(self.year.starts_on, self.last_day)
        return dated.order_by()

    def of_listed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Rows of learning that the reader may see, of the people listed; asked once where both are the same people."""
        reach, seen = self.user.reach(Capability.EXPORTS_HR), self.user.reach(Capability.COMPLETIONS_VIEW)
        return rows if reach == seen and not self.is_narrowed else rows.filter(teacher__in=self.listed())

    def learned(self) -> QuerySet[Any]:
        """Completions of the people listed."""
        return self.of_listed(self.completions())

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment of the year and the one after its last day of learning, in the district's time."""
        return midnight(self.year.starts_on), midnight(self.last_day + timedelta(days=1))

    @property
    def _in_year(self) -> Q:
        ends_later = Q(ended_on=None) | Q(ended_on__gte=self.year.starts_on)
        return ends_later & Q(started_on__lte=self.year.ends_on)

    def _of(self, rows: QuerySet[Any]) -> Exists:
        return Exists(rows.filter(teacher=OuterRef("pk")))

    def _describing(self, rows: QuerySet[Any], *ties: str) -> QuerySet[Any]:
        """What runs on the day, else what ended last, else what begins later; then the larger FTE."""
        day = Value(self.on, output_field=DateField())
        begun = Case(When(started_on__lte=self.on, then=0), default=1)
        last = Least(Coalesce("ended_on", day), day)
        order = [begun.asc(), last.desc(), F("fte").desc(), *(F(tie).asc() for tie in ties), F("pk").asc()]
        place = Window(RowNumber(), partition_by=F("teacher_id"), order_by=order)
        described: QuerySet[Any] = rows.order_by().annotate(place=place).filter(place=1)
        return described


def _narrowed(describing: QuerySet[Any], **condition: Any) -> QuerySet[Any]:
    # Asked of the chosen rows only: a condition beside the window would choose among fewer rows.
    every: QuerySet[Any] = describing.model._default_manager.all()
    return every.filter(pk__in=describing.values("pk"), **condition).values("teacher")


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, slots=True)
class Preview:
    """How much a workbook would hold."""

    people: int
    completions: int
    minutes: int
    pending: int

    @property
    def hours(self) -> float:
        return self.minutes / 60


def preview(scope: Scope) -> Preview:
    completions = scope.learned()
    approved, pending = Q(state=CompletionState.APPROVED.value), Q(state=CompletionState.PENDING.value)
    found = completions.aggregate(
        completions=Count("pk"), minutes=Sum("minutes", filter=approved, default=0), pending=Count("pk", filter=pending)
    )
    return Preview(people=scope.people().count(), **found)
