"""Classroom results after each of many courses, side by side and pulled toward their average."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pd_tracker.access import Capability, Reader
from pd_tracker.reports import choosing, definitions, kpis
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators.course_outcomes import CourseOutcome, CourseOutcomes, course_outcomes
from pd_tracker.reports.estimators.detectable import detectable_difference
from pd_tracker.reports.estimators.groups import Floats
from pd_tracker.reports.estimators.shrinkage import MIN_COURSES, MIN_SCHOOLS, MIN_TAKERS, Shrunken, forest
from pd_tracker.reports.facts.classroom_years import (
    ClassroomYears,
    CourseFact,
    classroom_years,
    columns_of,
    completed_courses,
    courses_taken,
)
from pd_tracker.reports.facts.classrooms import KpiFact, classrooms
from pd_tracker.reports.facts.classrooms import kpis as kpis_of
from pd_tracker.reports.facts.person_years import PersonYears, person_years
from pd_tracker.reports.kpis import FEWEST_CLASSROOMS, FEWEST_SCHOOLS, Chosen
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.wording import count, decimal
from pd_tracker.sheets.charts import Chart, DotChart, Value
from pd_tracker.sheets.table import Column, Kind, Table

USUAL_SPREAD = 0.10  # between courses, in standard deviations of classroom results, before any data
MOST_DRAWN = 30

COLUMNS = (
    Column("course", gettext_lazy("Course")),
    Column("code", gettext_lazy("Code"), Kind.ID),
    Column("teachers", gettext_lazy("Teachers"), Kind.INTEGER),
    Column("clusters", gettext_lazy("Schools"), Kind.INTEGER),
    Column("shrunken", gettext_lazy("Pulled toward the average"), Kind.DECIMAL, decimals=2),
    Column("low", gettext_lazy("Interval from"), Kind.DECIMAL, decimals=2),
    Column("high", gettext_lazy("to"), Kind.DECIMAL, decimals=2),
    Column("raw", gettext_lazy("As measured"), Kind.DECIMAL, decimals=2),
    Column("adjusted_p", gettext_lazy("p, corrected for all courses"), Kind.DECIMAL, decimals=3),
    Column("stands_out", gettext_lazy("Stands out")),
    Column("note", gettext_lazy("Note")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One course with its numbers; `shrunken` is None where none can be given."""

    course: CourseFact
    outcome: CourseOutcome
    shrunken: Shrunken | None

    @property
    def shown(self) -> tuple[float | None, float | None, float | None]:
        """What is drawn: the shrunken estimate, or the raw one where too few courses can be pooled."""
        if self.shrunken is not None and self.shrunken.mean is not None:
            return self.shrunken.mean, self.shrunken.low, self.shrunken.high
        raw = self.outcome.difference
        return (raw.value, raw.low, raw.high) if self.shrunken is not None and raw else (None, None, None)

    @property
    def order(self) -> tuple[bool, float, str]:
        """Highest first, those without a number last."""
        value = self.shown[0]
        return value is None, -(value or 0), str(self.course.title)

    @property
    def stands_out(self) -> bool:
        return self.shrunken is not None and self.shrunken.promising


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One comparison of all courses; `missing` says why it gives no numbers, or is empty."""

    facts: PersonYears
    listed: Sequence[KpiFact]
    chosen: Chosen
    sample: ClassroomYears
    found: CourseOutcomes | None
    lines: Sequence[Line]
    missing: str


def compared(user: Reader, *, on: date, parameters: Mapping[str, str]) -> SideBySide:
    facts = choosing.at_places(person_years(user, capability=Capability.REPORTS_KPI), parameters)
    listed = kpis_of(user)
    kpi = kpis.chosen_kpi(listed, parameters.get("kpi", ""))
    sample = classroom_years(choosing.in_year(facts, parameters), classrooms(user, kpi.code), kpi.code)
    courses = completed_courses(user)
    found = _outcomes(user, sample, courses) if courses and sample.usable.sum() >= FEWEST_CLASSROOMS else None
    lines = _lines(found, courses, sample) if found else []
    missing = _missing(facts, parameters, kpi, sample, lines)
    return SideBySide(facts, listed, Chosen(kpi, sample.standardised), sample, found, () if missing else lines, missing)


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    made = compared(user, on=on, parameters=parameters)
    chosen, lines = made.chosen, made.lines
    return REPORT.result(
        parameters={**parameters, "kpi": chosen.kpi.code},
        answer=made.missing or _answer(chosen, lines),
        definitions=tuple(map(str, _definitions(made.sample))),
        as_of=made.facts.as_of,
        tables=(_table(chosen, lines), kpis.kpi_table(made.listed)),
        estimates=tuple(_estimates(chosen, lines)),
        caveats=tuple(_caveats(lines)),
        warnings=() if made.missing or not made.found else tuple(_warnings(made.found, lines)),
        charts=() if made.missing else _charts(chosen, lines),
    )


def _outcomes(user: Reader, sample: ClassroomYears, courses: Sequence[CourseFact]) -> CourseOutcomes:
    known, before = {course.pk: course for course in courses}, set((sample.year - 1).tolist())
    taken = [row for row in courses_taken(user, set(sample.teacher.tolist()), before) if row[2] in known]
    row, course = _of_rows(sample, taken)
    return course_outcomes(
        teacher=sample.teacher,
        taken_row=row,
        taken_course=course,
        courses=[*known],
        **columns_of(sample, np.ones(len(sample.outcome), dtype=bool)),
    )


def _of_rows(sample: ClassroomYears, taken: Sequence[tuple[int, int, int]]) -> tuple[list[int], list[int]]:
    """The classrooms whose teacher took a course the year before, and that course: one entry for each pair."""
    mine: dict[tuple[int, int], list[int]] = {}
    for teacher, year, course in taken:
        mine.setdefault((teacher, year + 1), []).append(course)
    pairs = [
        (row, course)
        for row, key in enumerate(zip(sample.teacher.tolist(), sample.year.tolist(), strict=True))
        for course in mine.get(key, ())
    ]
    return [row for row, _course in pairs], [course for _row, course in pairs]


def _lines(found: CourseOutcomes, courses: Sequence[CourseFact], sample: ClassroomYears) -> list[Line]:
    """All courses that can be compared are one family, whoever filters or sorts them later."""
    tested = [(row, row.difference) for row in found.courses if row.difference is not None and row.difference.se]
    made = forest(
        _column(number.value for _row, number in tested),
        _column(number.se for _row, number in tested),
        scale=USUAL_SPREAD * (1.0 if sample.standardised else float(np.std(sample.outcome[sample.usable])) or 1.0),
        takers=_column(row.teachers for row, _number in tested),
        schools=_column(row.schools for row, _number in tested),
        p=_column(number.p for _row, number in tested),
    )
    shrunken = dict(zip((row.course for row, _number in tested), made.courses, strict=True))
    both = zip(courses, found.courses, strict=True)
    lines = (Line(course, row, shrunken.get(course.pk)) for course, row in both if row.teachers)
    return sorted(lines, key=lambda line: line.order)


def _column(numbers: Iterable[float | None]) -> Floats:
    return np.array([*numbers], dtype=np.float64)


def _tested(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.shrunken is not None]


def _missing(
    facts: PersonYears, parameters: Mapping[str, str], kpi: KpiFact, sample: ClassroomYears, lines: Sequence[Line]
) -> str:
    reason = choosing.nobody(facts, parameters) or kpis.no_values(kpi)
    schools = len(np.unique(sample.school[sample.usable]))
    if reason or (_tested(lines) and schools >= FEWEST_SCHOOLS):
        return reason
    return _(
        "Not enough data on {kpi}. Classrooms with a result this year and one by the same teacher the year before: "
        "{n}; schools: {schools}. A comparison of courses needs 30 classrooms in 5 schools, and a course that at least "
        "10 of their teachers from 3 schools completed the year before."
    ).format(kpi=kpi.name, n=count(sample.usable.sum()), schools=count(schools))


def _answer(chosen: Chosen, lines: Sequence[Line]) -> str:
    tested = len(_tested(lines))
    out = [line for line in lines if line.stands_out]
    if not out:
        words = ngettext(
            "{kpi}: the one course that can be compared does not stand out.",
            "{kpi}: none of {all} courses stands out after correction for testing {all} courses.",
            tested,
        )
        return words.format(kpi=chosen.name, all=count(tested))
    words = ngettext(
        "{kpi}: {n} of {all} courses stands out after correction for testing {all} courses: {names}.",
        "{kpi}: {n} of {all} courses stand out after correction for testing {all} courses: {names}.",
        len(out),
    )
    named = [f"{line.course.title} ({_direction(line)})" for line in out]
    return words.format(kpi=chosen.name, n=count(len(out)), all=count(tested), names=", ".join(named))


def _direction(line: Line) -> str:
    return _("lower results") if (line.shown[0] or 0) < 0 else _("higher results")


def _definitions(sample: ClassroomYears) -> list[object]:
    return [
        _("Classroom results of all students. Term compared: {term}.").format(term=sample.term.value),
        _(
            "A course counts where it was completed in the school year before the result, by a teacher who stands in "
            "both snapshots."
        ),
        _(
            "As measured: least squares on all courses at once, the result the year before and the year, so that each "
            "course is compared with teachers who did not take it and are alike in all other courses."
        ),
        kpis.alike_in_words(),
        kpis.scale_in_words(sample.standardised, sample.scale.in_student_sds),
        kpis.weights_in_words(sample),
        _(
            "Pulled toward the average: each estimate moves toward that of all courses, the more so the less is known "
            "about it. With fewer than {least} courses nothing is pulled."
        ).format(least=MIN_COURSES),
        _(
            "Stands out: p below .05 after correction for the number of courses (Benjamini-Hochberg), an interval "
            "without 0 after pulling, and at least {takers} teachers from {schools} schools."
        ).format(takers=MIN_TAKERS, schools=MIN_SCHOOLS),
        _("Fewer than 10 teachers or 3 schools: no number; these courses count together as one."),
        kpis.intervals_in_words(),
        definitions.SNAPSHOT,
        definitions.TIER,
    ]


def _table(chosen: Chosen, lines: Sequence[Line]) -> Table:
    title = _("{kpi} the year after a course ({unit})").format(kpi=chosen.name, unit=chosen.unit)
    return Table("courses_forest", title, COLUMNS, [_row(line) for line in lines])


def _row(line: Line) -> tuple[object, ...]:
    notes = {
        "few takers": _("fewer than 10 teachers or 3 schools"),
        "inseparable": _("always taken together with another course"),
    }
    head = (line.course.title, line.course.code, line.outcome.teachers, line.outcome.schools)
    if line.shrunken is None:
        return (*head, *[None] * 5, "", notes.get(line.outcome.note, _("one school alone decides")))
    pulled = line.shown if line.shrunken.mean is not None else (None, None, None)
    said = _direction(line) if line.stands_out else ""
    return (*head, *pulled, line.shrunken.value, line.shrunken.adjusted_p, said, "")


def _estimates(chosen: Chosen, lines: Sequence[Line]) -> list[Estimate]:
    words = _("{kpi} after {course}, against teachers who did not take it ({unit})")
    return [
        Estimate(
            f"course_{line.course.code}",
            words.format(kpi=chosen.name, course=line.course.title, unit=chosen.unit),
            *line.shown,
            line.outcome.teachers,
            line.outcome.schools,
            kind=Kind.DECIMAL,
            decimals=2,
        )
        for line in _tested(lines)
    ]


def _caveats(lines: Sequence[Line]) -> list[str]:
    fixed = [
        _(
            "Teachers choose their courses, and some schools get a course sooner: these are associations, never a "
            "verdict on a course."
        ),
        _(
            "Neighbors in this list are rarely told apart, so it gives no places. Whatever looks best as measured "
            "looks too good."
        ),
    ]
    tested = _tested(lines)
    if not tested:
        return fixed
    words = _(
        "Estimates are pulled toward the average in proportion to their noise; {n} of {all} stand out after correction "
        "for testing {all} courses."
    )
    unseen = _("For half of the courses, differences smaller than {least} could not be seen here.")
    smallest = [
        detectable_difference(line.outcome.difference.se, line.outcome.schools)
        for line in tested
        if line.outcome.difference and line.outcome.difference.se
    ]
    out = sum(line.stands_out for line in tested)
    return [
        words.format(n=count(out), all=count(len(tested))),
        *fixed,
        unseen.format(least=decimal(median(smallest), 2)),
    ]


def _warnings(found: CourseOutcomes, lines: Sequence[Line]) -> list[str]:
    said = kpis.left_out_in_words(found.excluded)
    small = len(lines) - len(_tested(lines))
    if small:
        words = ngettext(
            "{n} course has no number: too few teachers or schools, or always taken together with another.",
            "{n} courses have no number: too few teachers or schools, or always taken together with another.",
            small,
        )
        said.append(words.format(n=count(small)))
    if len(_tested(lines)) < MIN_COURSES:
        said.append(
            _("Fewer than {least} courses can be compared, so nothing is pulled toward an average.").format(
                least=MIN_COURSES
            )
        )
    return said


def _charts(chosen: Chosen, lines: Sequence[Line]) -> tuple[tuple[str, Chart], ...]:
    tested = _tested(lines)
    first = sorted(tested, key=lambda line: (not line.stands_out, -line.outcome.teachers))[:MOST_DRAWN]
    drawn = [line for line in tested if line in first]
    title = _("{kpi} the year after each course")
    if len(drawn) < len(tested):
        title = _("{kpi} the year after {n} of {all} courses: those that stand out and those with the most teachers")
    made = DotChart(
        title=title.format(kpi=chosen.name, n=len(drawn), all=len(tested)),
        labels=tuple(line.course.title for line in drawn),
        values=tuple(Value(*line.shown) for line in drawn),
        unit=chosen.unit,
        decimals=2,
        description=_("The courses that stand out and those with the most teachers, {most} at most.").format(
            most=MOST_DRAWN
        ),
    )
    return (("courses_forest", made),)


REPORT = Report(
    name="courses_forest",
    title=gettext_lazy("Courses side by side"),
    question=gettext_lazy("After which courses do classroom results stand out?"),
    build=build,
    parameters=(kpis.KPI, choosing.YEAR, choosing.SCHOOL, choosing.LEVEL),
    capability=Capability.REPORTS_KPI,
)
