"""Gaps between groups of students in the same classes, and whether they narrow where teachers train more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Capability, Reader
from pd_tracker.reports import choosing, definitions, kpis
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators.gaps import LEAST, GapChange, Gaps, adjusted_for_groups, gap_changes
from pd_tracker.reports.estimators.least_squares import Coefficient, estimate, school_sums
from pd_tracker.reports.facts.class_gaps import GroupYears, group_years
from pd_tracker.reports.facts.classroom_years import Scale, scaled
from pd_tracker.reports.facts.classrooms import KpiFact, classrooms, student_group_options
from pd_tracker.reports.facts.classrooms import kpis as kpis_of
from pd_tracker.reports.facts.person_years import person_years
from pd_tracker.reports.grouping import DOSE_BANDS, REFERENCE_BAND, dose_band
from pd_tracker.reports.kpis import FEWEST_IN_BAND, FEWEST_SCHOOLS, Chosen
from pd_tracker.reports.parameters import Parameter
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.wording import count, decimal, year_label
from pd_tracker.sheets.charts import Chart, DotChart, Value
from pd_tracker.sheets.table import Column, Kind, Table

GROUP = Parameter("group", gettext_lazy("Student group"), student_group_options, empty=gettext_lazy("All groups"))
COLUMNS = (
    Column("group", gettext_lazy("Student group")),
    Column("band", gettext_lazy("PD hours the year before")),
    Column("n", gettext_lazy("Teachers' classes"), Kind.INTEGER),
    Column("gap", gettext_lazy("Gap to the other students"), Kind.DECIMAL, decimals=2),
    Column("change", gettext_lazy("Gap against 1-14 hours"), Kind.DECIMAL, decimals=2),
    Column("low", gettext_lazy("Interval from"), Kind.DECIMAL, decimals=2),
    Column("high", gettext_lazy("to"), Kind.DECIMAL, decimals=2),
    Column("focal", gettext_lazy("Change of the group"), Kind.DECIMAL, decimals=2),
    Column("other", gettext_lazy("Change of the others"), Kind.DECIMAL, decimals=2),
    Column("adjusted_p", gettext_lazy("p, corrected for all groups"), Kind.DECIMAL, decimals=3),
    Column("note", gettext_lazy("Note")),
)
LEVEL_COLUMNS = (
    Column("group", gettext_lazy("Student group")),
    Column("year", gettext_lazy("School year"), Kind.ID),
    Column("n", gettext_lazy("Teachers' classes"), Kind.INTEGER),
    Column("gap", gettext_lazy("Gap to the other students"), Kind.DECIMAL, decimals=2),
    Column("low", gettext_lazy("Interval from"), Kind.DECIMAL, decimals=2),
    Column("high", gettext_lazy("to"), Kind.DECIMAL, decimals=2),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One band of one group; `sign` is -1 for a KPI of which less is better, whose numbers are turned back here."""

    group: str
    sign: int
    change: GapChange
    schools: int

    @property
    def label(self) -> str:
        return _("{group}, {band} hours").format(group=words_of(self.group), band=self.change.band)

    @property
    def numbers(self) -> tuple[float, float, float] | None:
        """Change of the gap with its interval."""
        gap = self.change.gap
        if gap is None or gap.low is None or gap.high is None:
            return None
        low, high = sorted((self.sign * gap.low, self.sign * gap.high))
        return self.sign * gap.value, low, high

    @property
    def leaves_out_zero(self) -> bool:
        return self.numbers is not None and not self.numbers[1] <= 0 <= self.numbers[2]

    def turned(self, number: Coefficient | None) -> float | None:
        return None if number is None else self.sign * number.value


@dataclass(frozen=True, slots=True)
class Level:
    """The gap of one group in one school year."""

    group: str
    year: int
    n: int
    value: float | None
    low: float | None
    high: float | None


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = choosing.at_places(person_years(user, capability=Capability.REPORTS_KPI), parameters)
    listed = kpis_of(user)
    kpi = kpis.chosen_kpi(listed, parameters.get("kpi", ""))
    results = classrooms(user, kpi.code, groups=True)
    scale = scaled(results, kpi.code)
    sign = 1 if kpi.higher_is_better else -1
    samples = group_years(choosing.in_year(facts, parameters), results, scale.value)
    wanted = {parameters["group"]} if "group" in parameters else {sample.group for sample in samples}
    lines = [line for line in _lines(samples, sign) if line.group in wanted]
    levels = [level for sample in samples if sample.group in wanted for level in _levels(sample)]
    chosen = Chosen(kpi, scale.standardised)
    missing = choosing.nobody(facts, parameters) or kpis.no_values(kpi) or _too_little(kpi, levels)
    if missing:
        lines, levels = [], []
    return REPORT.result(
        parameters={**parameters, "kpi": kpi.code},
        answer=missing or _answer(chosen, lines, levels),
        definitions=tuple(map(str, _definitions(scale))),
        as_of=facts.as_of,
        tables=(_table(chosen, lines), _level_table(chosen, levels), kpis.kpi_table(listed)),
        estimates=tuple(_estimates(chosen, lines)),
        caveats=tuple(_caveats(lines)),
        warnings=tuple(_warnings(lines)),
        charts=tuple(_charts(chosen, lines)),
    )


def words_of(group: str) -> str:
    return group.replace("_", " ")


def _lines(samples: Sequence[GroupYears], sign: int) -> list[Line]:
    """Every group is asked about before anybody chooses one, so that the correction counts them all."""
    found = adjusted_for_groups([_gaps(sample, sign) for sample in samples])
    return [
        Line(sample.group, sign, change, gaps.fit.clusters)
        for sample, gaps in zip(samples, found, strict=True)
        for change in gaps.bands
    ]


def _gaps(sample: GroupYears, sign: int) -> Gaps:
    rows = sample.minutes >= 0
    focal, other = sample.means(rows, sign=sign)
    return gap_changes(
        focal,
        other,
        [DOSE_BANDS[band] for band in dose_band(sample.minutes[rows])],
        sample.year[rows],
        sample.school[rows],
        reference=REFERENCE_BAND,
        bands=DOSE_BANDS,
        covariates={name: codes[rows] for name, codes in sample.covariates.items()},
    )


def _levels(sample: GroupYears) -> list[Level]:
    """Weighted mean gap of each year, with as many students of both kinds in a class as a gap needs."""
    (mean, students, _prior), (rest, others, _rest_prior) = sample.focal, sample.other
    rows = np.minimum(students, others) >= LEAST
    years = np.unique(sample.year[rows])
    columns = (sample.year[rows][:, None] == years).astype(np.float64)
    weight = 1 / (1 / students[rows] + 1 / others[rows])
    names = [str(year) for year in years]
    found = estimate(school_sums(columns, (mean - rest)[rows], weight, sample.school[rows], names=names))
    size = columns.sum(axis=0).astype(int).tolist()
    return [
        Level(sample.group, int(name), n, number.value, number.low, number.high)
        if n >= FEWEST_IN_BAND and (number := found[name]) is not None
        else Level(sample.group, int(name), n, None, None, None)
        for name, n in zip(names, size, strict=True)
    ]


def _too_little(kpi: KpiFact, levels: Sequence[Level]) -> str:
    if any(level.value is not None for level in levels):
        return ""
    return _(
        "Not enough data on {kpi} by student group. A gap needs results and numbers of students of a group and of the "
        "whole class, with at least 5 students of the group and 5 others, in 10 teachers' classes of a school year."
    ).format(kpi=kpi.name)


def _spoken(lines: Sequence[Line]) -> Line | None:
    """The line the first sentence is about: of the group with most classes the most hours that can be compared."""
    known = [line for line in lines if line.numbers is not None]
    size = {line.group: sum(one.change.classrooms for one in lines if one.group == line.group) for line in known}
    return max(known, key=lambda line: (size[line.group], DOSE_BANDS.index(str(line.change.band))), default=None)


def _answer(chosen: Chosen, lines: Sequence[Line], levels: Sequence[Level]) -> str:
    line = _spoken(lines)
    if line is None or line.numbers is None:
        newest = max((level for level in levels if level.value is not None), key=lambda level: level.year)
        return _(
            "{kpi}, {group}: the gap to the other students of the same classes was {gap} {unit} in {year}. There are "
            "too few classes to say whether it differs by their teachers' training."
        ).format(
            kpi=chosen.name,
            group=words_of(newest.group),
            gap=decimal(newest.value or 0, 2),
            unit=chosen.unit,
            year=year_label(newest.year),
        )
    words = (
        _(
            "{kpi}, {group}: with {band} hours of their teacher's training the year before, the gap to the other "
            "students of the same classes narrowed by {difference} {unit} more than with 1-14 hours (interval {low} to "
            "{high}); the group changed by {focal}, the others by {other}."
        )
        if line.change.narrowed
        else _(
            "{kpi}, {group}: with {band} hours of their teacher's training the year before, the gap to the other "
            "students of the same classes widened by {difference} {unit} more than with 1-14 hours (interval {low} to "
            "{high}); the group changed by {focal}, the others by {other}."
        )
    )
    said = kpis.interval_words(*line.numbers)
    return words.format(
        kpi=chosen.name,
        group=words_of(line.group),
        band=line.change.band,
        unit=chosen.unit,
        focal=decimal(line.turned(line.change.focal) or 0, 2),
        other=decimal(line.turned(line.change.other) or 0, 2),
        **said,
    )


def _definitions(scale: Scale) -> list[object]:
    return [
        _(
            "Gap: mean of the group less the mean of the other students of the same teacher's classes in the same "
            "year. The others' mean is what is left of the whole class without the group."
        ),
        _("Classes with fewer than {least} students of the group or fewer than {least} others are left out.").format(
            least=LEAST
        ),
        _(
            "Gap against 1-14 hours: least squares of the gap on the hours, last year's gap of the same teacher and "
            "the year, each class weighing by the numbers of both. What a teacher does for all students cancels."
        ),
        _(
            "The changes of the group and of the others since the year before come from the same model; their "
            "difference is the change of the gap."
        ),
        _("Training: approved hours dated in the school year before; teachers in both snapshots only."),
        kpis.alike_in_words(),
        kpis.scale_in_words(scale.standardised, scale.in_student_sds),
        kpis.intervals_in_words(),
        _("p is corrected for asking about several groups (Benjamini-Hochberg). Bands need 10 classes in 3 schools."),
        definitions.SNAPSHOT,
        definitions.TIER,
    ]


def _table(chosen: Chosen, lines: Sequence[Line]) -> Table:
    title = _("{kpi}: gaps by training the year before ({unit})").format(kpi=chosen.name, unit=chosen.unit)
    return Table("equity_outcomes", title, COLUMNS, [_row(line) for line in lines])


def _row(line: Line) -> tuple[object, ...]:
    notes = {
        "reference": _("reference"),
        "few classrooms": _("fewer than 10 classes or 3 schools"),
        "not comparable": _("cannot be compared"),
    }
    change = line.change
    gap = line.sign * change.mean_gap if change.mean_gap is not None and change.classrooms >= FEWEST_IN_BAND else None
    down = _("narrower mostly by a fall of the students ahead") if change.levelled_down else ""
    return (
        words_of(line.group),
        change.band,
        change.classrooms,
        gap,
        *(line.numbers or (line.turned(change.gap), None, None)),
        line.turned(change.focal),
        line.turned(change.other),
        change.adjusted_p,
        notes.get(change.note, "") or down,
    )


def _level_table(chosen: Chosen, levels: Sequence[Level]) -> Table:
    title = _("{kpi}: gaps by school year ({unit})").format(kpi=chosen.name, unit=chosen.unit)
    rows = [
        (words_of(level.group), year_label(level.year), level.n, level.value, level.low, level.high) for level in levels
    ]
    return Table("gaps", title, LEVEL_COLUMNS, rows)


def _estimates(chosen: Chosen, lines: Sequence[Line]) -> list[Estimate]:
    words = _("{kpi}, gap of {group}: {band} hours against 1-14 ({unit})")
    return [
        Estimate(
            f"{line.group}:{line.change.band}",
            words.format(kpi=chosen.name, group=words_of(line.group), band=line.change.band, unit=chosen.unit),
            *line.numbers,
            line.change.classrooms,
            line.schools,
            kind=Kind.DECIMAL,
            decimals=2,
        )
        for line in lines
        if line.numbers is not None
    ]


def _caveats(lines: Sequence[Line]) -> list[str]:
    fixed = [
        _("An association: teachers who serve one group especially well may also choose more training."),
        _("Students are not followed: who is in a class changes from year to year."),
        _("A gap can narrow because students ahead fall. Read both changes."),
    ]
    line = _spoken(lines)
    if line is None or line.change.gap is None:
        return fixed
    behind = sum(one.change.classrooms for one in lines if one.group == line.group)
    return [*fixed, *kpis.unseen(line.change.gap.se, behind, line.schools)]


def _warnings(lines: Sequence[Line]) -> list[str]:
    words = _(
        "{line}: the gap is narrower mostly by a fall of the students ahead (group {focal}, others {other}). That is "
        "leveling down, not help for those behind."
    )
    said = [
        words.format(
            line=line.label,
            focal=decimal(line.turned(line.change.focal) or 0, 2),
            other=decimal(line.turned(line.change.other) or 0, 2),
        )
        for line in lines
        if line.change.levelled_down and line.leaves_out_zero
    ]
    if lines and max(line.schools for line in lines) < FEWEST_SCHOOLS:
        said.append(_("Fewer than {n} schools: no intervals can be given.").format(n=count(FEWEST_SCHOOLS)))
    return said


def _charts(chosen: Chosen, lines: Sequence[Line]) -> list[tuple[str, Chart]]:
    known = [(line.label, line.numbers) for line in lines if line.numbers is not None]
    if not known:
        return []
    drawn = DotChart(
        title=_("{kpi}: gap to the other students, against classes of teachers with 1-14 hours").format(
            kpi=chosen.name
        ),
        labels=tuple(label for label, _numbers in known),
        values=tuple(Value(*numbers) for _label, numbers in known),
        unit=chosen.unit,
        decimals=2,
    )
    return [("equity_outcomes", drawn)]


REPORT = Report(
    name="equity_outcomes",
    title=gettext_lazy("Gaps between student groups"),
    question=gettext_lazy("Do gaps between groups of students narrow in the classes of teachers with more training?"),
    build=build,
    parameters=(kpis.KPI, GROUP, choosing.YEAR, choosing.SCHOOL, choosing.LEVEL),
    capability=Capability.REPORTS_KPI,
)
