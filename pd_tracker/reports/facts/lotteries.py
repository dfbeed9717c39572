"""Draws of seats: who applied, who won, and who then took the course."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from learning_plans.models import Completion, Course, Enrollment
from pd_tracker.access import Capability, Reader
from pd_tracker.reports.facts.calendar import district_of
from teachers.rules.periods import Year, year_of


@dataclass(frozen=True, slots=True)
class DrawFact:
    """One draw; `year` is the school year in which its session begins."""

    session: int
    code: str
    title: str
    begins_on: date
    drawn_on: date
    seats: int
    seed: str
    year: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """One person in one draw. `took` says whether the course was completed after the draw, until the year ended."""

    teacher: int
    draw: DrawFact
    won: bool
    took: bool


def sees_whole_district(reader: Reader) -> bool:
    """A draw is for the district: whoever sees some of its schools would compare a part of those who applied."""
    reach, district = reader.reach(Capability.REPORTS_VIEW), district_of(reader)
    return reach.everything or (district is not None and district.pk in reach.district_ids)


def course_options(reader: Reader) -> list[tuple[str, str]]:
    """Courses with seats that were drawn by lot."""
    drawn = Course.objects.filter(district=district_of(reader), sessions__seat_draw__isnull=False).distinct()
    return [(code, f"{title} ({code})") for code, title in drawn.order_by("code").values_list("code", "title")]


def applicants(reader: Reader) -> list[Applicant]:
    """Everybody who was drawn in the reader's district, for readers who see all of it."""
    if not sees_whole_district(reader):
        return []
    drawn = Enrollment.objects.filter(session__course__district=district_of(reader), drawn_place__isnull=False)
    drawn = drawn.filter(session__seat_draw__isnull=False, session__is_canceled=False)
    draw = ("course", "course__code", "course__title", "starts_at")
    of_draw = ("drawn_at", "seats", "seed")
    fields = (*(f"session__{name}" for name in draw), *(f"session__seat_draw__{name}" for name in of_draw))
    rows = list(drawn.order_by("session", "drawn_place").values_list("teacher", "drawn_place", "session", *fields))
    done = _completed({row[0] for row in rows}, {row[3] for row in rows})
    draws: dict[int, DrawFact] = {}
    found = []
    for teacher, place, session, course, code, title, starts_at, drawn_at, seats, seed in rows:
        begins_on, drawn_on = timezone.localdate(starts_at), timezone.localdate(drawn_at)
        year = year_of(begins_on).start
        fact = draws.setdefault(session, DrawFact(session, code, title, begins_on, drawn_on, seats, seed, year))
        took = any(drawn_on <= day <= Year(year).ends_on for day in done[teacher, course])
        found.append(Applicant(teacher, fact, place <= seats, took))
    return found


def _completed(teachers: set[int], courses: set[int]) -> dict[tuple[int, int], list[date]]:
    done = defaultdict(list)
    taken = Completion.objects.counted().filter(course__in=courses).order_by()
    for teacher, course, day in taken.values_list("teacher", "course", "completed_on").iterator():
        if teacher in teachers:
            done[teacher, course].append(day)
    return done
