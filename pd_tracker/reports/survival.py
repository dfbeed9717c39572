"""How long people stay, by tenure year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Reader
from pd_tracker.reports import choosing, definitions
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators.life_table import LifeTable, life_table_from_cells
from pd_tracker.reports.facts.person_years import PersonYears, person_years
from pd_tracker.reports.grouping import DOSE_BANDS, Groups, dose_band, groups
from pd_tracker.reports.recorded import Flags
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.snapshots import Snapshots
from pd_tracker.reports.spells import not_seen_after
from pd_tracker.reports.wording import count, decimal, percent
from pd_tracker.sheets.charts import Chart, Curve, StepChart, Value
from pd_tracker.sheets.table import Column, Kind, Table

FEWEST_IN_VIEW = 10
MILESTONES = (1, 3, 5, 10)
COLUMNS = (
    Column("group", gettext_lazy("Group")),
    Column("year", gettext_lazy("Tenure year"), Kind.INTEGER),
    Column("at_risk", gettext_lazy("In view"), Kind.INTEGER),
    Column("events", gettext_lazy("Left"), Kind.INTEGER),
    Column("censored", gettext_lazy("Not seen after"), Kind.INTEGER),
    Column("hazard", gettext_lazy("Share leaving in the year"), Kind.PERCENT, decimals=1),
    Column("survival", gettext_lazy("Share still here"), Kind.PERCENT, decimals=1),
    Column("low", gettext_lazy("Interval from"), Kind.PERCENT, decimals=1),
    Column("high", gettext_lazy("to"), Kind.PERCENT, decimals=1),
)


class LifeOf(NamedTuple):
    group: str
    table: LifeTable


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    by = parameters.get("group_by", "")
    facts = choosing.at_places(person_years(user, training=by == "dose"), parameters)
    missing = choosing.nobody(facts, parameters) or choosing.too_early(facts, parameters)
    facts = facts.only(facts.rows.observed)
    lives = list(_lives(facts, by))
    if not missing and not lives:
        missing = _("Nobody's first year of teaching here is on record yet, so there are no groups to compare.")
    return REPORT.result(
        parameters=parameters,
        answer=missing or " ".join(map(_answer, lives)),
        definitions=tuple(map(str, _definitions(by))),
        as_of=facts.as_of,
        tables=(Table("survival", gettext_lazy("Life table by tenure year"), COLUMNS, _rows(lives)),),
        estimates=tuple(estimate for life in lives for estimate in _estimates(life, f" {life.group}" if by else "")),
        caveats=tuple(_caveats(lives, by)),
        warnings=tuple(choosing.records_may_begin_late(facts)),
        charts=tuple(("survival", chart) for chart in _charts(lives)),
    )


def _definitions(by: str) -> list[object]:
    found = [
        definitions.SNAPSHOT,
        definitions.TENURE,
        definitions.LEFT,
        _(
            "In view in a tenure year: snapshot members of that tenure whose next year is known. People already "
            "employed when the records begin enter at their own tenure year, never at 1."
        ),
        _(
            "Not seen after: in view and still here, but not in view the year after, because the records end there, or "
            "because the person was on leave or moved out of what is shown. They enter again when they return."
        ),
        _(
            "Share still here: the product of the yearly shares of people who stay. The interval (95%, log-log) is "
            "clustered by school from 10 schools on, and Greenwood's below that."
        ),
    ]
    if by == "dose":
        found.append(
            _(
                "Training in the first year: approved hours dated in the school year of the first census. Only people "
                "whose first year was seen and who were still here at the next census are compared, and the curves "
                "begin with tenure year 2: whoever leaves early has had less time to take training."
            )
        )
        found.append(_("1-14 hours holds everything above 0 and below 15."))
    return [*found, definitions.TITLE_I] if by == "title_i" else found


def _groups(facts: PersonYears, by: str) -> tuple[PersonYears, Groups]:
    if by != "dose":
        return facts, groups(facts, by)
    facts = facts.only((facts.rows.first_minutes >= 0) & (facts.rows.tenure > 1))
    labels = tuple(_("{band} hours").format(band=band) for band in DOSE_BANDS)
    return facts, Groups(dose_band(facts.rows.first_minutes), labels)


def _lives(facts: PersonYears, by: str) -> list[LifeOf]:
    facts, made = _groups(facts, by)
    lives = (LifeOf(label, _life(facts.rows, made.codes == code)) for code, label in enumerate(made.labels))
    return [life for life in lives if len(life.table.year)]


def _life(everybody: Snapshots, chosen: Flags) -> LifeTable:
    rows = everybody.only(chosen)
    ones = np.ones(len(rows), dtype=np.int64)
    return life_table_from_cells(rows.tenure, ones, ~rows.retained, not_seen_after(rows), rows.school)


def _rows(lives: Sequence[LifeOf]) -> list[tuple[object, ...]]:
    return [
        (group, *numbers)
        for group, life in lives
        for numbers in zip(
            life.year.tolist(),
            life.at_risk.tolist(),
            life.events.tolist(),
            life.censored.tolist(),
            life.hazard.tolist(),
            life.survival.tolist(),
            life.low.tolist(),
            life.high.tolist(),
            strict=True,
        )
    ]


def _answer(life: LifeOf) -> str:
    table = life.table.while_at_risk(FEWEST_IN_VIEW)
    if not len(table.year):
        words = _("{group}: fewer than 10 people are in view, too few for a curve.")
        return words.format(group=life.group)
    words = (
        _("{group}: {share} are still here at the end of tenure year {year} (interval {low} to {high}); {median}.")
        if table.year[0] == 1
        else _(
            "{group}: of those who began tenure year {first}, {share} are still here at the end of year {year} "
            "(interval {low} to {high}); {median}."
        )
    )
    return words.format(
        group=life.group,
        first=int(table.year[0]),
        share=percent(table.survival[-1]),
        year=int(table.year[-1]),
        low=percent(table.low[-1]),
        high=percent(table.high[-1]),
        median=_median(table),
    )


def _median(table: LifeTable) -> str:
    if table.median is not None:
        return _("half have left after {years} years").format(years=decimal(table.median))
    if table.survival[-1] > 0.5:
        return _("more than half are still here then")
    return _("half of them have left by then")


def _estimates(life: LifeOf, suffix: str) -> list[Estimate]:
    table = life.table
    years = [place for place, year in enumerate(table.year.tolist()) if year in MILESTONES]
    found = [
        Estimate(
            key=f"survival_{table.year[place]}{suffix}",
            label=_("{group}: share still here at the end of tenure year {year}").format(
                group=life.group, year=table.year[place]
            ),
            value=float(table.survival[place]),
            low=float(table.low[place]),
            high=float(table.high[place]),
            n=int(table.at_risk[place]),
            clusters=table.clusters,
        )
        for place in years
    ]
    if table.median is not None:
        label = _("{group}: tenure in years at which half have left").format(group=life.group)
        n = int(table.at_risk[0])
        found.append(Estimate(f"median{suffix}", label, table.median, None, None, n, table.clusters, kind=Kind.DECIMAL))
    return found


def _caveats(lives: Sequence[LifeOf], by: str) -> list[str]:
    found = [_sentence(life) for life in lives]
    if by:
        found.append(_("Groups differ in more than what names them; this compares them as they are."))
    if by == "dose":
        found.append(_("Only people who stayed long enough to reach their second census are compared."))
    return found


def _sentence(life: LifeOf) -> str:
    shown = life.table.while_at_risk(FEWEST_IN_VIEW)
    last = int(shown.year[-1]) if len(shown.year) else int(life.table.year[0]) - 1
    sentence = (
        _("{group}: estimated from {n} hires; beyond year {last} fewer than 10 remain in view.")
        if life.table.year[0] == 1
        else _("{group}: estimated from {n} people; beyond year {last} fewer than 10 remain in view.")
    )
    interval = _("The interval is {kind}, over {schools} schools.").format(
        kind=_("clustered by school") if life.table.variance == "school-clustered" else _("Greenwood's"),
        schools=life.table.clusters,
    )
    return f"{sentence.format(group=life.group, n=count(life.table.at_risk[0]), last=last)} {interval}"


def _charts(lives: Sequence[LifeOf]) -> list[Chart]:
    shown = [LifeOf(group, table.while_at_risk(FEWEST_IN_VIEW)) for group, table in lives]
    shown = [life for life in shown if len(life.table.year)]
    if not shown:
        return []
    first, last = min(life.table.year[0] for life in shown), max(life.table.year[-1] for life in shown)
    times = range(int(first), int(last) + 1)
    return [
        StepChart(
            title=_("Share still here by tenure year"),
            times=tuple(map(float, times)),
            curves=tuple(_curve(life, times) for life in shown),
            across=_("Tenure year"),
        )
    ]


def _curve(life: LifeOf, times: Sequence[int]) -> Curve:
    table = life.table
    place = {year: number for number, year in enumerate(table.year.tolist())}
    numbers = [place.get(time) for time in times]
    values = (
        Value(None)
        if number is None
        else Value(float(table.survival[number]), float(table.low[number]), float(table.high[number]))
        for number in numbers
    )
    at_risk = (0 if number is None else int(table.at_risk[number]) for number in numbers)
    return Curve(life.group, tuple(values), tuple(at_risk))


REPORT = Report(
    name="survival",
    title=gettext_lazy("How long people stay"),
    question=gettext_lazy("How many people who begin to teach here are still here after each year?"),
    build=build,
    parameters=(
        choosing.group_by(choosing.BY_DOSE, choosing.BY_LEVEL, choosing.BY_TITLE_I),
        choosing.SCHOOL,
        choosing.LEVEL,
    ),
)
