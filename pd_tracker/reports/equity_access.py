"""Who gets training: hours, completions, cost and waiting by need of the school, experience, subject and level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Reader
from pd_tracker.reports import choosing, definitions
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators.detectable import detectable_difference
from pd_tracker.reports.estimators.groups import MIN_CLUSTERS, Floats
from pd_tracker.reports.estimators.least_squares import Coefficient, estimate, level_columns, school_sums
from pd_tracker.reports.estimators.shrinkage import ALPHA, benjamini_hochberg
from pd_tracker.reports.facts.access import Access, access_in
from pd_tracker.reports.facts.person_years import PersonYears, person_years
from pd_tracker.reports.grouping import Groups, groups
from pd_tracker.reports.recorded import Flags
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.wording import count, decimal, percent, year_label
from pd_tracker.sheets.charts import Chart, DotChart, Value
from pd_tracker.sheets.table import Column, Kind, Table
from teachers.rules.periods import Year

FEWEST_PEOPLE, FEWEST_SCHOOLS = 10, 3
MEALS_FROM = (25, 50, 75)  # percent; the bands of the National Center for Education Statistics
MEALS = (
    gettext_lazy("up to 25%"),
    gettext_lazy("above 25 to 50%"),
    gettext_lazy("above 50 to 75%"),
    gettext_lazy("above 75%"),
    gettext_lazy("Not recorded"),
)
BY_MEALS = ("meals", gettext_lazy("Free or reduced-price meals"))
DIMENSIONS = (choosing.BY_TITLE_I, BY_MEALS, choosing.BY_EXPERIENCE, choosing.BY_SUBJECT, choosing.BY_LEVEL)
ADJUSTED_FOR = ("experience", "level")

COLUMNS = (
    Column("by", gettext_lazy("Grouped by")),
    Column("group", gettext_lazy("Group")),
    Column("n", gettext_lazy("Teachers"), Kind.INTEGER),
    Column("hours_per_fte", gettext_lazy("Hours per FTE"), Kind.HOURS),
    Column("difference", gettext_lazy("Hours per FTE against all others, same mix"), Kind.DECIMAL, decimals=1),
    Column("low", gettext_lazy("Interval from"), Kind.DECIMAL, decimals=1),
    Column("high", gettext_lazy("to"), Kind.DECIMAL, decimals=1),
    Column("rate", gettext_lazy("Completed at least one training"), Kind.PERCENT, decimals=1),
    Column("cost_per_fte", gettext_lazy("Cost per FTE"), Kind.MONEY),
    Column("priced", gettext_lazy("Completions with a price"), Kind.PERCENT),
    Column("waiting", gettext_lazy("Left on a waiting list"), Kind.PERCENT, decimals=1),
)


@dataclass(frozen=True, eq=False, slots=True)
class OneYear:
    """Everybody in one snapshot with what they got that school year."""

    year: int
    facts: PersonYears
    access: Access

    @property
    def hours(self) -> Floats:
        return self.facts.rows.minutes / 60


class Row(NamedTuple):
    """In the order of the columns."""

    by: str
    group: str
    n: int
    hours_per_fte: float
    difference: float | None
    low: float | None
    high: float | None
    rate: float
    cost_per_fte: float | None
    priced: float | None
    waiting: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """A row, the key of its dimension, and the comparison behind it where there is one."""

    key: str
    row: Row
    schools: int
    found: Coefficient | None

    @property
    def label(self) -> str:
        names_itself = self.key == choosing.BY_TITLE_I[0]
        return self.row.group if names_itself else f"{self.row.by}: {self.row.group}"


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = choosing.at_places(person_years(user), parameters)
    missing = choosing.nobody(facts, parameters)
    made = None if missing else _one_year(user, facts, parameters, on)
    everything = [group for key, label in DIMENSIONS for group in _groups(made, key, str(label))] if made else []
    found = [group for group in everything if parameters.get("group_by", group.key) == group.key]
    return REPORT.result(
        parameters=parameters,
        answer=missing or (_answer(made, everything) if made else ""),
        definitions=tuple(map(str, DEFINITIONS)),
        as_of=facts.as_of,
        tables=(Table("equity_access", gettext_lazy("Who gets training"), COLUMNS, [group.row for group in found]),),
        estimates=tuple(_estimates(found)),
        caveats=tuple(_caveats(made, found)),
        warnings=tuple(_warnings(made, on)) if made else (),
        charts=tuple(_charts(made, found)) if made else (),
    )


def _one_year(user: Reader, facts: PersonYears, parameters: Mapping[str, str], on: date) -> OneYear:
    """The chosen year; without one the newest that is over, since hours of a running year say little."""
    years = np.unique(facts.rows.year).tolist()
    over = [year for year in years if Year(year).ends_on < on]
    year = int(parameters["year"][:4]) if "year" in parameters else (over or years)[-1]
    mine = facts.only(facts.rows.year == year)
    return OneYear(year, mine, access_in(user, mine, year))


def _by(made: OneYear, key: str) -> Groups:
    if key != BY_MEALS[0]:
        return groups(made.facts, key)
    meals = made.access.meals
    bands = np.where(np.isnan(meals), len(MEALS) - 1, np.searchsorted(MEALS_FROM, meals, side="left"))
    return Groups(bands.astype(np.int64), tuple(map(str, MEALS)))


def _groups(made: OneYear, key: str, label: str) -> list[Group]:
    parts = _by(made, key)
    others = [level_columns(name, _by(made, name).codes) for name in ADJUSTED_FOR if name != key]
    mix = {name: column for columns in others for name, column in columns.items()}
    return [
        _group(made, key, label, name, parts.codes == code, mix)
        for code, name in enumerate(parts.labels)
        if (parts.codes == code).any()
    ]


def _group(made: OneYear, key: str, label: str, name: str, mine: Flags, mix: Mapping[str, Floats]) -> Group:
    rows, access = made.facts.rows, made.access
    fte, completions = float(rows.fte[mine].sum()), int(access.completions[mine].sum())
    priced, asked = int(access.priced[mine].sum()), int(access.asked[mine].sum())
    found = _compared(made, mine, mix)
    row = Row(
        by=label,
        group=name,
        n=int(mine.sum()),
        hours_per_fte=float(made.hours[mine].sum()) / fte,
        difference=found.value if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        rate=float((rows.completions[mine] > 0).mean()),
        cost_per_fte=float(access.cost[mine].sum()) / fte if priced else None,
        priced=priced / completions if completions else None,
        waiting=float(access.waiting[mine].sum()) / asked if asked else None,
    )
    return Group(key, row, len(np.unique(rows.school[mine])), found)


def _compared(made: OneYear, mine: Flags, mix: Mapping[str, Floats]) -> Coefficient | None:
    """Hours per FTE against everybody else at the same mix; None where the groups are too small to compare."""
    rows = made.facts.rows
    if not all(_enough(made, part) for part in (mine, ~mine)):
        return None
    x = np.column_stack([np.ones(len(rows)), *mix.values(), mine])
    sums = school_sums(x, made.hours / rows.fte, rows.fte, rows.school, names=["all", *mix, "group"])
    found = estimate(sums)["group"]
    return found if found is not None and found.low is not None else None


def _enough(made: OneYear, mine: Flags) -> bool:
    return mine.sum() >= FEWEST_PEOPLE and len(np.unique(made.facts.rows.school[mine])) >= FEWEST_SCHOOLS


def _answer(made: OneYear, found: Sequence[Group]) -> str:
    rows = made.facts.rows
    average = _("In {year}, {n} teachers had {hours} hours of training per FTE.").format(
        year=year_label(made.year), n=count(len(rows)), hours=decimal(float(made.hours.sum() / rows.fte.sum()))
    )
    return " ".join([average, *_contrast(found), str(NOT_NEED)])


def _contrast(found: Sequence[Group]) -> list[str]:
    """Need of the school first, because it was asked before the numbers were seen; then all groups, corrected."""
    compared = [(group, group.found.p) for group in found if group.found is not None]
    if not compared:
        return [_("No groups are large enough, in enough schools, to be compared.")]
    corrected = benjamini_hochberg([1.0 if p is None else p for _group, p in compared])
    different = [group.label for (group, _p), p in zip(compared, corrected.tolist(), strict=True) if p < ALPHA]
    first = [_difference(group) for group, _p in compared if group.key == choosing.BY_TITLE_I[0]][:1]
    if not different:
        return [*first, _("After correction for comparing {n} groups, none differs.").format(n=len(compared))]
    words = _("After correction for comparing {n} groups, these differ: {groups}.")
    return [*first, words.format(n=len(compared), groups=", ".join(different))]


def _difference(group: Group) -> str:
    value, low, high = group.row.difference or 0, group.row.low or 0, group.row.high or 0
    if low <= 0 <= high:
        words = _(
            "{group}: anything from {low} hours fewer to {high} hours more per FTE than all others is compatible."
        )
        return words.format(group=group.label, low=decimal(-low), high=decimal(high))
    words = (
        _("{group}: {hours} hours fewer per FTE than all others at the same mix (interval {low} to {high}).")
        if value < 0
        else _("{group}: {hours} hours more per FTE than all others at the same mix (interval {low} to {high}).")
    )
    low, high = sorted((abs(low), abs(high)))
    return words.format(group=group.label, hours=decimal(abs(value)), low=decimal(low), high=decimal(high))


def _estimates(found: Sequence[Group]) -> list[Estimate]:
    label = _("{group}: hours per FTE against all others, same mix")
    return [
        Estimate(
            f"{group.key}:{group.row.group}",
            label.format(group=group.label),
            group.row.difference,
            group.row.low,
            group.row.high,
            group.row.n,
            group.schools,
            kind=Kind.DECIMAL,
        )
        for group in found
        if group.found is not None
    ]


def _caveats(made: OneYear | None, found: Sequence[Group]) -> list[str]:
    fixed = [
        str(NOT_NEED),
        _("Hours say how much training was recorded, not what was learned. Cost says nothing about results."),
    ]
    spread = [group.found.se for group in found if group.found is not None and group.found.se]
    if made is None or not spread:
        return fixed
    schools = len(np.unique(made.facts.rows.school))
    words = _(
        "Differences smaller than {least} hours per FTE could not be seen with {n} teachers in {schools} schools; in "
        "small groups, only much larger ones."
    )
    least = decimal(detectable_difference(min(spread), schools))
    return [*fixed, words.format(least=least, n=count(len(made.facts.rows)), schools=count(schools))]


def _warnings(made: OneYear, on: date) -> list[str]:
    access, schools = made.access, len(np.unique(made.facts.rows.school))
    completions, priced = int(access.completions.sum()), int(access.priced.sum())
    found = []
    if on <= Year(made.year).ends_on:
        running = _("{year} is still running; its hours are those recorded so far.")
        found.append(running.format(year=year_label(made.year)))
    if not completions:
        found.append(_("No completion is on record for these teachers in {year}.").format(year=year_label(made.year)))
    elif priced < completions:
        words = _("{share} of the completions are of courses without a price on record; they add nothing to the cost.")
        found.append(words.format(share=percent(1 - priced / completions)))
    if schools < MIN_CLUSTERS:
        found.append(_("There are fewer than 5 schools here, so groups are shown but not compared."))
    return found


def _charts(made: OneYear, found: Sequence[Group]) -> list[tuple[str, Chart]]:
    compared = [group for group in found if group.found is not None]
    if not compared:
        return []
    title = _("Hours per FTE against all other teachers at the same mix, {year}").format(year=year_label(made.year))
    return [
        (
            "equity_access",
            DotChart(
                title=title,
                labels=tuple(group.label for group in compared),
                values=tuple(Value(group.row.difference, group.row.low, group.row.high) for group in compared),
                unit=_("hours"),
            ),
        )
    ]


NOT_NEED = gettext_lazy("Differences describe access, not need.")
DEFINITIONS = (
    definitions.SNAPSHOT,
    definitions.HOURS,
    definitions.HOURS_PER_FTE,
    gettext_lazy(
        "Against all others, same mix: the difference in hours per FTE between the group and all other teachers with "
        "the same years of experience at the same school level (least squares, weighted by FTE). Groups by experience "
        "are compared at the same level, groups by level at the same experience. Shown where the group and the others "
        "each have 10 teachers in 3 schools, and there are 5 schools in all; intervals (95%) are by school."
    ),
    gettext_lazy(
        "Cost: the price per seat that the course has in the catalog today, for every approved completion of the year. "
        "Courses without a price are left out; the column “Completions with a price” says how many have one."
    ),
    gettext_lazy(
        "Left on a waiting list: of the seats and waiting places in sessions of the year that were not given back, "
        "those without a seat. Canceled sessions do not count."
    ),
    definitions.TITLE_I,
    gettext_lazy("Free or reduced-price meals: share of the students at the main school in that school year."),
    definitions.EXPERIENCE,
)

REPORT = Report(
    name="equity_access",
    title=gettext_lazy("Access to training"),
    question=gettext_lazy("Who gets professional development, and who does not?"),
    build=build,
    parameters=(
        replace(choosing.group_by(*DIMENSIONS), empty=gettext_lazy("All of these")),
        choosing.YEAR,
        choosing.SCHOOL,
        choosing.LEVEL,
    ),
)
