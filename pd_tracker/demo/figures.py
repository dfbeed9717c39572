"""Classroom and school figures of the invented district, once the results of a school year are in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from pd_tracker.demo.careers import Career, Post
from pd_tracker.demo.district import DemoDistrict
from pd_tracker.demo.places import Place
from pd_tracker.demo.planted import COURSE, COURSE_GAIN
from pd_tracker.demo.words import WITH_TESTS
from teachers.rules.choices import KpiLevel
from teachers.rules.periods import Year

GROWTH_MEAN, GROWTH_SD = 50.0, 10.0
STUDENT_SD = 14.0
YEAR_TO_YEAR = 0.8  # with the spread of `Career.quality`, classes differ by one standard deviation in all
FEWEST_SHOWN = 6
GROUPS = (("english_learners", 0.14, -2.0), ("students_with_disabilities", 0.15, -2.5), ("low_income", 0.45, -1.0))


@dataclass(frozen=True, slots=True)
class Figure:
    kpi: str
    year: Year
    level: KpiLevel
    value: float | None
    n: int | None
    career: Career | None = None
    place: Place | None = None
    subject: str = ""
    grades: str = ""
    student_group: str = "all"
    sd: float | None = None


@dataclass(slots=True)
class ClassYear:
    """One teacher's classes in one school year."""

    career: Career
    post: Post
    year: Year
    n: int = field(default=0)

    def figure(self, kpi: str, value: float, *, sd: float | None = None) -> Figure:
        return self._row(kpi, value, self.n, "all", sd)

    def of_group(self, kpi: str, value: float, *, n: int, group: str) -> Figure:
        return self._row(kpi, value if n >= FEWEST_SHOWN else None, n if n >= FEWEST_SHOWN else None, group, None)

    def _row(self, kpi: str, value: float | None, n: int | None, group: str, sd: float | None) -> Figure:
        where = {"place": self.post.place, "subject": self.post.subject, "grades": self.post.grades}
        return Figure(kpi, self.year, KpiLevel.CLASSROOM, value, n, self.career, student_group=group, sd=sd, **where)  # type: ignore[arg-type]


def figures(district: DemoDistrict) -> Iterator[Figure]:
    rng = district.rng
    for year in district.years[:-1]:
        for career in district.careers:
            post = career.post_on(year.census_on)
            stayed = career.works_on(date(year.start + 1, 4, 30))
            if post is not None and stayed and career.teaches_on(year.census_on):
                yield _observation(career, post, year, rng)
                if post.subject in WITH_TESTS:
                    yield from _of_classes(ClassYear(career, post, year, rng.randrange(17, 31)), district.first, rng)
        for place in district.open_places(year.ends_on):
            yield from _of_school(place, year, district.first, rng)
        index = 61 + 0.6 * (year.start - district.first.start) + rng.gauss(0, 0.8)
        yield Figure("community_engagement", year, KpiLevel.DISTRICT, index, None)


def _of_classes(classes: ClassYear, first: Year, rng: Random) -> Iterator[Figure]:
    need = classes.post.place.frpm_in(classes.year, first)
    gain = COURSE_GAIN if took_course(classes.career, Year(classes.year.start - 1)) else 0.0
    standing = classes.career.quality + rng.gauss(0, YEAR_TO_YEAR) + gain
    growth = GROWTH_MEAN + GROWTH_SD * standing
    yield classes.figure("growth", growth, sd=STUDENT_SD)
    yield classes.figure("assessment_mean", 78 - 0.15 * need + 5 * classes.career.quality + rng.gauss(0, 3), sd=11.0)
    yield classes.figure("attendance", min(99.5, 95.2 - 0.03 * need + rng.gauss(0, 1.3)))
    yield classes.figure("discipline_per_100", max(0.0, 3 + 0.06 * need + rng.gauss(0, 2.5)))
    for group, share, gap in GROUPS:
        n = sum(rng.random() < share for _ in range(classes.n))
        if n:
            value = growth + gap + rng.gauss(0, STUDENT_SD / n**0.5)
            yield classes.of_group("growth", value, n=n, group=group)


def took_course(career: Career, year: Year) -> bool:
    return any(training.code == COURSE for training in career.training.get(year, ()))


def _observation(career: Career, post: Post, year: Year, rng: Random) -> Figure:
    score = min(4.0, max(1.0, 2.9 + 0.25 * career.quality + rng.gauss(0, 0.3)))
    return Figure("observation", year, KpiLevel.TEACHER, score, None, career, place=post.place)


def _of_school(place: Place, year: Year, first: Year, rng: Random) -> Iterator[Figure]:
    need, n = place.frpm_in(year, first), place.students
    values = {
        "chronic_absence": 6 + 0.2 * need + rng.gauss(0, 1.5),
        "proficiency": 76 - 0.42 * need + rng.gauss(0, 2.5),
        "family_engagement": 70 - 0.1 * need + rng.gauss(0, 3),
    }
    if place.level == "high":
        values["graduation"] = min(99.0, 96 - 0.12 * need + rng.gauss(0, 1))
    for kpi, value in values.items():
        yield Figure(kpi, year, KpiLevel.SCHOOL, value, n, place=place)
