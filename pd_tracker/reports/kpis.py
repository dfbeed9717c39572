"""What the reports about classroom KPIs share: the choice of a KPI, its scale in words, and what could be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pd_tracker.reports.estimators.detectable import detectable_difference
from pd_tracker.reports.facts.classroom_years import ClassroomYears
from pd_tracker.reports.facts.classrooms import KpiFact, kpi_options
from pd_tracker.reports.parameters import Parameter
from pd_tracker.reports.wording import count, decimal
from pd_tracker.sheets.table import Column, Kind, Table

FEWEST_CLASSROOMS, FEWEST_SCHOOLS, FEWEST_IN_BAND = 30, 5, 10

KPI = Parameter("kpi", gettext_lazy("KPI"), kpi_options, empty=gettext_lazy("The first with values"))
KPI_COLUMNS = (
    Column("code", gettext_lazy("Code"), Kind.ID),
    Column("name", gettext_lazy("KPI")),
    Column("unit", gettext_lazy("Unit")),
    Column("values", gettext_lazy("Classroom values on record"), Kind.INTEGER),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The KPI a report is about, and the unit its numbers are in."""

    kpi: KpiFact
    standardised: bool

    @property
    def name(self) -> str:
        return self.kpi.name

    @property
    def unit(self) -> str:
        return _("classroom SD") if self.standardised else self.kpi.unit


def chosen_kpi(listed: Sequence[KpiFact], code: str) -> KpiFact:
    """The KPI with this code; without one the first that has values."""
    wanted = (fact for fact in listed if fact.code == code or (not code and fact.values))
    return next(wanted, listed[0] if listed else KpiFact("", _("No KPI"), "", 0))


def kpi_table(listed: Sequence[KpiFact]) -> Table:
    rows = [(fact.code, fact.name, fact.unit, fact.values) for fact in listed]
    return Table("kpis", gettext_lazy("KPIs that can be chosen"), KPI_COLUMNS, rows)


def no_values(kpi: KpiFact) -> str:
    """Why there is nothing to compare, or "" when there are values."""
    if kpi.values:
        return ""
    return _("Not enough data: no classroom values of {kpi} are on record.").format(kpi=kpi.name)


def scale_in_words(standardised: bool, in_student_sds: float | None = None) -> str:
    if not standardised:
        return _(
            "Unit: the KPI's own. It is not brought to one scale, because it means the same in every subject and grade "
            "or because too few classrooms (under 30) share a subject, grades and year."
        )
    scale = _(
        "Unit: classroom standard deviations within subject, grades, term and year, where at least 30 classrooms have "
        "a result; others are left out."
    )
    share = (
        _("A classroom SD is 2 to 4 times smaller than a student's.")
        if in_student_sds is None
        else _(
            "One classroom SD is about {share} student SD here; multiply by it to compare with published studies."
        ).format(share=decimal(in_student_sds, 2))
    )
    return f"{scale} {share}"


def weights_in_words(sample: ClassroomYears) -> str:
    if sample.weight is None:
        return _("Every classroom counts alike, since no counts of students are on record.")
    if sample.weighed_by_spread:
        return _(
            "A classroom weighs by how sure its mean is: 1 / (variance between classrooms + variance between its "
            "students / number of students), where the first is what last year's result does not foretell. Classrooms "
            "with fewer than 5 students or an unknown count are left out."
        )
    return _(
        "A classroom weighs as its students, at most 60; those with fewer than 5 or an unknown count are left out."
    )


def intervals_in_words() -> str:
    return _(
        "Intervals (95%) take schools as a whole: below 50 schools by leaving out one after the other (jackknife), "
        "from 50 on clustered by school, none below 5 schools; Student's t."
    )


def alike_in_words() -> str:
    return _(
        "Classrooms are compared at the same band of experience, school level, subject and Title I of the teacher's "
        "snapshot; unknown is a level of its own, and levels with fewer than 10 classrooms or 3 schools count as one."
    )


def left_out_in_words(n: int) -> list[str]:
    if not n:
        return []
    words = ngettext(
        "{n} classroom is left out: no result the year before, no comparable scale, or too few students.",
        "{n} classrooms are left out: no result the year before, no comparable scale, or too few students.",
        n,
    )
    return [words.format(n=count(n))]


def unseen(se: float | None, n: int, schools: int) -> list[str]:
    """How small a difference could not have been seen; nothing without a standard error."""
    if not se or schools < 2:
        return []
    words = _("Differences smaller than {least} could not be seen here with {n} classrooms in {schools} schools.")
    return [words.format(least=decimal(detectable_difference(se, schools), 2), n=count(n), schools=count(schools))]


def interval_words(value: float, low: Any, high: Any) -> dict[str, str]:
    """Size, direction and interval of a difference, the interval turned to the direction."""
    sign = -1 if value < 0 else 1
    ends = sorted((sign * low, sign * high))
    return {
        "difference": decimal(abs(value), 2),
        "direction": _("lower") if value < 0 else _("higher"),
        "low": decimal(ends[0], 2),
        "high": decimal(ends[1], 2),
    }
