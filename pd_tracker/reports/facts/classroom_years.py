"""Teachers' classroom results year by year beside their training: what all reports about classroom KPIs share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from django.db.models import Case, Count, IntegerField, Min, Sum, Value, When
from django.db.models.functions import ExtractYear

from learning_plans.models import Completion, Course
from pd_tracker.access import Capability, Reader
from pd_tracker.reports.estimators.groups import Floats, Ints, sum_by
from pd_tracker.reports.estimators.lagged_outcome import standardise
from pd_tracker.reports.estimators.weights import MIN_STUDENTS, between_variance, classroom_weights
from pd_tracker.reports.facts.calendar import district_of, school_days
from pd_tracker.reports.facts.classrooms import Classrooms
from pd_tracker.reports.facts.person_years import PersonYears, sees_the_district
from pd_tracker.reports.grouping import groups
from pd_tracker.reports.recorded import Flags
from teachers.rules.choices import Term
from teachers.rules.periods import Year

# These mean the same in every subject and grade; all others are compared within theirs.
IN_THEIR_OWN_UNIT = {"attendance", "chronic_absence", "discipline_per_100"}
COVARIATES = ("experience", "level", "subject", "title_i")
YEARS_APART = 10_000  # above any calendar year, so that teacher and year make one number


@dataclass(frozen=True, eq=False, slots=True)
class Scale:
    """Results on the scale on which they are compared, and whether that is classroom standard deviations.

    `student_sd` is the spread of students inside each classroom on that scale, NaN where it is not on record.
    """

    value: Floats
    standardised: bool
    student_sd: Floats

    @property
    def in_student_sds(self) -> float | None:
        """One classroom standard deviation in those of students, None where theirs is not on record."""
        known = self.student_sd[~np.isnan(self.student_sd)]
        return float(np.median(1 / known)) if self.standardised and len(known) else None


@dataclass(frozen=True, eq=False, slots=True)
class ClassroomYears:
    """One row per classroom whose teacher stood in this year's snapshot and the one before.

    `prior` and `earlier` are the teacher's results one and two years before on the same scale, NaN where there is
    none; `minutes` is training dated in the school year before. `weight` is None where no class sizes are on record,
    and comes from `student_sd`, the spread inside each class, where that is known.
    `covariates` has a code per row for each of COVARIATES.
    """

    teacher: Ints
    year: Ints
    school: Ints
    outcome: Floats
    prior: Floats
    earlier: Floats
    minutes: Ints
    weight: Floats | None
    student_sd: Floats
    covariates: dict[str, Ints]
    scale: Scale
    term: Term

    @property
    def standardised(self) -> bool:
        return self.scale.standardised

    @property
    def weighed_by_spread(self) -> bool:
        return self.weight is not None and not np.isnan(self.student_sd).all()

    @property
    def usable(self) -> Flags:
        """Rows with both results and students enough."""
        enough = np.ones(len(self.outcome), dtype=bool) if self.weight is None else self.weight > 0
        both: Flags = enough & ~np.isnan(self.outcome) & ~np.isnan(self.prior)
        return both

    @property
    def with_two_years_before(self) -> Flags:
        known: Flags = self.usable & ~np.isnan(self.earlier)
        return known


@dataclass(frozen=True, eq=False, slots=True)
class TeacherYears:
    """One row per teacher and school year with a result: the mean over sections, weighted by students.

    `school` is that of the snapshot, or else the one the result names, as a place in the list of schools; -1 for none.
    """

    teacher: Ints
    year: Ints
    school: Ints
    value: Floats

    def __len__(self) -> int:
        return len(self.teacher)

    def only(self, rows: Flags) -> TeacherYears:
        return TeacherYears(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class CourseFact:
    """A course somebody completed, and by how many people."""

    pk: int
    code: str
    title: str
    takers: int


def scaled(results: Classrooms, code: str, *, raw: bool = False) -> Scale:
    """Results in classroom standard deviations where most have enough company for that, else as they are."""
    as_it_is = Scale(results.value, standardised=False, student_sd=results.student_sd)
    if raw or code in IN_THEIR_OWN_UNIT:
        return as_it_is
    found = standardise(results.value, results.scale, among=results.of_everybody)
    enough = len(found) > 0 and np.isnan(found).mean() <= 0.5
    return Scale(found, standardised=True, student_sd=_in_spreads(results, found)) if enough else as_it_is


def _in_spreads(results: Classrooms, found: Floats) -> Floats:
    """Spreads of students as multiples of that of the whole classes they are compared with."""
    whole = results.only(~np.isnan(found) & results.of_everybody)
    spread = {code: float(np.std(whole.value[whole.scale == code], ddof=1)) for code in np.unique(whole.scale).tolist()}
    shares: Floats = results.student_sd / np.array([spread.get(code, np.nan) for code in results.scale.tolist()])
    return shares


def weights(outcome: Floats, prior: Floats, students: Floats, student_sd: Floats) -> Floats | None:
    """By the variance of each classroom's mean where a spread of students is on record, else by their number."""
    if np.isnan(students).all():
        return None
    if np.isnan(student_sd).all():
        return classroom_weights(students)
    within = np.square(np.where(np.isnan(student_sd), np.nanmedian(student_sd), student_sd))
    return classroom_weights(students, between=between_variance(outcome, prior, students, within), within=within)


def classroom_years(facts: PersonYears, results: Classrooms, code: str) -> ClassroomYears:
    scale = scaled(results, code)
    eligible = facts.only(facts.rows.minutes_before >= 0)
    row = places(keys(facts.teacher_ids[eligible.rows.teacher], eligible.rows.year), keys_of(results))
    mine = (row >= 0) & np.isin(results.year - 1, results.year)  # the first year on record has none before it
    row, mean = row[mine], means(results, scale.value)
    outcome, prior = scale.value[mine], mean.at(keys_of(results)[mine] - 1)
    return ClassroomYears(
        teacher=results.teacher_id[mine],
        year=results.year[mine],
        school=eligible.rows.school[row],
        outcome=outcome,
        prior=prior,
        earlier=mean.at(keys_of(results)[mine] - 2),
        minutes=eligible.rows.minutes_before[row],
        weight=weights(outcome, prior, results.students[mine], scale.student_sd[mine]),
        student_sd=scale.student_sd[mine],
        covariates={name: groups(eligible, name).codes[row] for name in COVARIATES},
        scale=scale,
        term=results.term,
    )


def teacher_years(
    reader: Reader, facts: PersonYears, results: Classrooms, scale: Scale, *, everywhere: bool
) -> TeacherYears:
    """Results of everybody the facts hold; of the whole district also of years without a snapshot.

    Classes of fewer than 5 students are left out.
    """
    enough = ~(results.students < MIN_STUDENTS) & ~np.isnan(scale.value)
    mean = means(results.only(enough), scale.value[enough])
    row = places(keys(facts.teacher_ids[facts.rows.teacher], facts.rows.year), mean.keys)
    named = {school.pk: place for place, school in enumerate(facts.schools)}
    stated = np.array([named.get(pk, -1) for pk in results.school_id[enough][mean.first].tolist()], dtype=np.int64)
    found = TeacherYears(
        teacher=mean.keys // YEARS_APART,
        year=mean.keys % YEARS_APART,
        school=np.where(row >= 0, np.append(facts.rows.school, -1)[row], stated),
        value=mean.values,
    )
    whole = everywhere and sees_the_district(reader, Capability.REPORTS_KPI)
    return found if whole else found.only(row >= 0)


@dataclass(frozen=True, eq=False, slots=True)
class Means:
    """Means per teacher and year, in the order of their keys, and the first row behind each."""

    keys: Ints
    values: Floats
    first: Ints

    def at(self, wanted: Ints) -> Floats:
        """NaN where there is none."""
        place = places(self.keys, wanted)
        return np.where(place >= 0, np.append(self.values, np.nan)[place], np.nan)


def means(results: Classrooms, value: Floats) -> Means:
    known = np.flatnonzero(~np.isnan(value))
    found, first, code = np.unique(keys_of(results)[known], return_index=True, return_inverse=True)
    students = results.students[known]
    weight = np.where(np.isnan(students), 1.0, np.maximum(students, 1.0))
    total = sum_by(code, weight * value[known], len(found))
    return Means(found, total / sum_by(code, weight, len(found)), known[first])


def keys(teacher: Ints, year: Ints) -> Ints:
    made: Ints = teacher * YEARS_APART + year
    return made


def keys_of(results: Classrooms) -> Ints:
    return keys(results.teacher_id, results.year)


def places(known: Ints, wanted: Ints) -> Ints:
    """Place of every wanted number among distinct keys, -1 where it is missing."""
    if not len(known):
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(known)
    place = np.minimum(np.searchsorted(known, wanted, sorter=order), len(known) - 1)
    return np.where(known[order[place]] == wanted, order[place], -1)


# --- Training -----------------------------------------------------------------------------------------------------


def course_options(reader: Reader) -> list[tuple[str, str]]:
    """The courses somebody completed, by code."""
    return [(course.code, f"{course.title} ({course.code})") for course in completed_courses(reader)]


def completed_courses(reader: Reader) -> list[CourseFact]:
    district = district_of(reader)
    done = Completion.objects.counted().filter(course__district=district).order_by().values_list("course")
    takers = dict(done.annotate(people=Count("teacher", distinct=True)))
    found = Course.objects.filter(district=district, pk__in=takers).order_by("title", "code", "pk")
    rows = found.values_list("pk", "code", "title")
    return [CourseFact(pk, code, title, takers[pk]) for pk, code, title in rows]


def first_year_of_course(reader: Reader, code: str) -> dict[int, int]:
    """The school year whose results come first after a teacher completed a course.

    Between January and December one completes it after the results of one school year and before the middle of the
    next, which begins in that calendar year.
    """
    counted = Completion.objects.counted().filter(course__district=district_of(reader), course__code=code)
    rows = counted.order_by().values_list("teacher").annotate(first=Min("completed_on"))
    return {teacher: first.year for teacher, first in rows}


def first_year_of_hours(reader: Reader, hours: int) -> dict[int, int]:
    """The school year whose results come first after a teacher completed so many hours between January and December."""
    counted = Completion.objects.counted().filter(teacher__district=district_of(reader)).order_by()
    sums = counted.annotate(year=ExtractYear("completed_on")).values_list("teacher", "year")
    enough = sums.annotate(spent=Sum("minutes")).filter(spent__gte=60 * hours)
    found: dict[int, int] = {}
    for teacher, year, _spent in enough:
        found[teacher] = min(year, found.get(teacher, year))
    return found


def courses_taken(reader: Reader, teachers: Collection[int], years: Collection[int]) -> list[tuple[int, int, int]]:
    """Teacher, school year and course of approved completions dated in these school years, each once."""
    if not teachers or not years:
        return []
    district = district_of(reader)
    days = school_days(district, Year(min(years)).census_on, Year(max(years)).census_on)
    wanted = [day for day in days if day.year.start in years]
    year = Case(
        *(When(completed_on__range=(day.starts_on, day.ends_on), then=Value(day.year.start)) for day in wanted),
        output_field=IntegerField(),
    )
    counted = Completion.objects.counted().filter(teacher__district=district).order_by()
    dated = counted.dated(days[0].starts_on, days[-1].ends_on).annotate(year=year).filter(year__isnull=False)
    rows = dated.values_list("teacher", "year", "course").distinct()
    return [row for row in rows.iterator() if row[0] in teachers]


def columns_of(made: ClassroomYears, rows: Flags) -> dict[str, Any]:
    """The rows as the arguments that models of lagged outcomes share."""
    return {
        "outcome": made.outcome[rows],
        "prior": made.prior[rows],
        "year": made.year[rows],
        "weight": None if made.weight is None else made.weight[rows],
        "school": made.school[rows],
        "covariates": {name: codes[rows] for name, codes in made.covariates.items()},
    }
