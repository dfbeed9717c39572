"""One course and a classroom KPI, year by year before and after it: teachers trained now against those not yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pd_tracker.access import Capability, Reader
from pd_tracker.reports import choosing, definitions, event_tables, kpis
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators import event_study as estimator
from pd_tracker.reports.estimators.detectable import detectable_difference
from pd_tracker.reports.estimators.event_study import Average, EventStudy
from pd_tracker.reports.event_tables import Asked
from pd_tracker.reports.facts.classroom_years import (
    CourseFact,
    TeacherYears,
    completed_courses,
    course_options,
    first_year_of_course,
    scaled,
    teacher_years,
)
from pd_tracker.reports.facts.classrooms import classrooms
from pd_tracker.reports.facts.classrooms import kpis as kpis_of
from pd_tracker.reports.facts.person_years import PersonYears, person_years
from pd_tracker.reports.kpi_designs import SEED, event
from pd_tracker.reports.parameters import Parameter
from pd_tracker.reports.result import ReportResult
from pd_tracker.reports.wording import count, decimal

SURE = 0.05
COURSE = Parameter(
    "course", gettext_lazy("Course"), course_options, empty=gettext_lazy("The most taken of those at most half took")
)
BASE = Parameter(
    "base",
    gettext_lazy("Measured from"),
    (("1", gettext_lazy("The year before")), ("2", gettext_lazy("Two years before"))),
    default="2",
    help=gettext_lazy("Two years before is safer where a low year may itself lead to training."),
)
CONTROLS = Parameter(
    "controls",
    gettext_lazy("Compared with"),
    (
        ("notyet", gettext_lazy("Teachers without the course so far")),
        ("never", gettext_lazy("Teachers who never took it")),
    ),
    default="notyet",
)
SCALE = Parameter(
    "scale",
    gettext_lazy("Scale"),
    (("z", gettext_lazy("Classroom standard deviations")), ("raw", gettext_lazy("The KPI's own unit"))),
    default="z",
)
CLUSTER = Parameter(
    "cluster",
    gettext_lazy("Intervals by"),
    (("school", gettext_lazy("School")), ("teacher", gettext_lazy("Teacher"))),
    default="school",
    help=gettext_lazy("By school, since colleagues share what happens there. By teacher suits data without schools."),
)


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = choosing.at_places(person_years(user, training=False, capability=Capability.REPORTS_KPI), parameters)
    listed, courses = kpis_of(user), completed_courses(user)
    kpi = kpis.chosen_kpi(listed, parameters.get("kpi", ""))
    results = classrooms(user, kpi.code)
    scale = scaled(results, kpi.code, raw=parameters["scale"] == "raw")
    everywhere = not (parameters.get("school") or parameters.get("level"))
    panel = teacher_years(user, facts, results, scale, everywhere=everywhere)
    course = _course(courses, parameters.get("course", ""), len(set(panel.teacher.tolist())))
    asked = Asked(
        kpi,
        course,
        scale,
        int(parameters["base"]),
        never=parameters["controls"] == "never",
        by_school=parameters["cluster"] == "school",
    )
    found = _study(panel, first_year_of_course(user, course.code), asked)
    headline = _headline(found)
    missing = _missing(facts, parameters, panel, asked) or ("" if headline else _too_little(asked))
    return REPORT.result(
        parameters={**parameters, "kpi": kpi.code, "course": course.code},
        answer=missing or _answer(asked, headline),
        definitions=tuple(map(str, _definitions(asked))),
        as_of=facts.as_of,
        tables=(event_tables.aggregates(asked, found), event_tables.cells(asked, found), kpis.kpi_table(listed)),
        estimates=tuple(event_tables.estimates(asked, found)),
        caveats=tuple(_caveats(asked, found)),
        warnings=tuple(_warnings(found)),
        charts=event_tables.charts(asked, found),
    )


def _course(courses: Sequence[CourseFact], code: str, people: int) -> CourseFact:
    """The chosen course; without one the most taken of those that leave somebody to compare with."""
    nothing = CourseFact(0, "", _("No course"), 0)
    if code:
        return next((course for course in courses if course.code == code), nothing)
    split = [course for course in courses if 2 * course.takers <= people]
    return max(split or courses, key=lambda course: course.takers, default=nothing)


def _study(panel: TeacherYears, first: Mapping[int, int], asked: Asked) -> EventStudy:
    """From the year before, in the form in which such studies are usually published: each year against the last."""
    usual = asked.base == 1
    return estimator.event_study(
        panel.teacher,
        panel.school if asked.by_school else panel.teacher,
        panel.year,
        panel.value,
        [first.get(teacher, 0) for teacher in panel.teacher.tolist()],
        seed=SEED,
        lead=asked.base,
        symmetric=not usual,
        controls="never" if asked.never else "not yet",
        earlier="short" if usual else "long",
    )


def _headline(found: EventStudy) -> Average | None:
    line = event(found, 0)
    return line if line is not None and line.low is not None else None


def _missing(facts: PersonYears, parameters: Mapping[str, str], panel: TeacherYears, asked: Asked) -> str:
    if not len(panel):
        return choosing.nobody(facts, parameters) or kpis.no_values(asked.kpi) or _too_little(asked)
    if not asked.course.pk:
        return _("Not enough data: nobody has completed a course yet.")
    return ""


def _too_little(asked: Asked) -> str:
    return _(
        "Not enough data on {kpi} and {course}. A comparison needs 10 teachers with results in the first school year "
        "after the course and {base} before, 10 {people} with results in the same years, each from 3 schools, and 5 "
        "schools in all."
    ).format(kpi=asked.kpi.name, course=asked.course.title, base=_base(asked), people=asked.people)


def _base(asked: Asked) -> str:
    return _("the year") if asked.base == 1 else _("two years")


def _answer(asked: Asked, line: Average | None) -> str:
    if line is None:
        return ""
    words = _(
        "{kpi}: in the first results after “{course}”, classrooms of its teachers stood {difference} {unit} "
        "{direction} than those of {people}, measured from {base} before (interval {low} to {high}). This is an "
        "association."
    )
    return words.format(
        kpi=asked.kpi.name,
        course=asked.course.title,
        unit=asked.unit,
        people=asked.people,
        base=_base(asked),
        **kpis.interval_words(line.value, line.low, line.high),
    )


def _definitions(asked: Asked) -> list[object]:
    base = (
        _("Each school year before the course is measured from the one before it, each after it from the last before.")
        if asked.base == 1
        else _(
            "Changes are measured from two years before, since a low year may itself lead to training; event year e "
            "after the course from as many years further back, where results reach that far."
        )
    )
    return [
        _(
            "Event year 0: the first school year whose results follow the first completion of the course. Completed "
            "between January and December, it counts for the school year that begins in that calendar year."
        ),
        _("Once taken, a course counts for good. Results are the teacher's mean over sections, weighted by students."),
        _("The difference: how much results of teachers with the course changed, less the change of {people}.").format(
            people=asked.people
        ),
        base,
        _(
            "Every pair of first year and school year is compared by itself, with 10 teachers on each side, 3 schools "
            "on each and 5 in all, and then averaged by the number of teachers (Callaway and Sant'Anna). Teachers who "
            "already took the course never serve as comparison."
        ),
        kpis.scale_in_words(asked.scale.standardised, asked.scale.in_student_sds),
        _(
            "Intervals (95%) are clustered by school, where a teacher was first seen; the wide ones hold for all years "
            "together."
        )
        if asked.by_school
        else _("Intervals (95%) are clustered by teacher; the wide ones hold for all years together."),
        definitions.TIER,
    ]


def _caveats(asked: Asked, found: EventStudy) -> list[str]:
    said = [
        _("Compared with {people}. Bars show intervals (95%).").format(people=asked.people),
        *_before(found),
        _("Teachers choose courses, and whoever takes one may be about to change in other ways too. An association."),
    ]
    headline = _headline(found)
    if headline is None or headline.se is None:
        return said
    words = _("Differences smaller than {least} could not be seen in year 0 with {n} teachers who took the course.")
    least = detectable_difference(headline.se, headline.clusters)
    return [*said, words.format(least=decimal(least, 2), n=count(event_tables.people(found, event=0)))]


def _before(found: EventStudy) -> list[str]:
    fixed = _("A flat line before does not prove the groups would have stayed alike.")
    if found.pretrend is None:
        return [
            _("There are no earlier years to see whether the groups moved alike before. {fixed}").format(fixed=fixed)
        ]
    if found.pretrend.p is None:
        return [fixed]
    words = (
        _("Before the course the groups moved apart (joint test, p = {p}).")
        if found.pretrend.p < SURE
        else _("Before the course no difference in their course can be told from chance (joint test, p = {p}).")
    )
    return [f"{words.format(p=decimal(found.pretrend.p, 2))} {fixed}"]


def _warnings(found: EventStudy) -> list[str]:
    said = []
    if found.pretrend is not None and found.pretrend.p is not None and found.pretrend.p < SURE:
        said.append(
            _("The groups already moved apart before the course, so later differences may have begun before it.")
        )
    if found.already_trained:
        words = ngettext(
            "{n} teacher had the course before the second year of results and has no year before to compare with.",
            "{n} teachers had the course before the second year of results and have no year before to compare with.",
            found.already_trained,
        )
        said.append(words.format(n=count(found.already_trained)))
    if any(not cell.symmetric and cell.value is not None for cell in found.cells):
        said.append(
            _(
                "Later event years are partly measured from a year that lies too near: a passing low before the course "
                "can look like a rise there. Event year 0 is the one to read."
            )
        )
    return said


REPORT = Report(
    name="event_study",
    title=gettext_lazy("A course, year by year"),
    question=gettext_lazy("When does the line of classroom results bend around a course?"),
    build=build,
    parameters=(COURSE, kpis.KPI, BASE, CONTROLS, SCALE, CLUSTER, choosing.SCHOOL, choosing.LEVEL),
    capability=Capability.REPORTS_KPI,
)
