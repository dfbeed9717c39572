"""Last year's training and leaving the year after: person-years, never totals over a career."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Reader
from pd_tracker.reports import choosing, definitions
from pd_tracker.reports.declared import Report
from pd_tracker.reports.estimators.groups import Ints, group_codes
from pd_tracker.reports.estimators.rates import Rate, wilson_rate
from pd_tracker.reports.estimators.sensitivity import e_value
from pd_tracker.reports.estimators.stratified import BandDifference, adjusted_differences, enough_to_adjust
from pd_tracker.reports.facts.person_years import PersonYears, person_years
from pd_tracker.reports.grouping import DOSE_BANDS, REFERENCE_BAND, dose_band, experience_band
from pd_tracker.reports.parameters import Parameter
from pd_tracker.reports.result import Estimate, ReportResult
from pd_tracker.reports.snapshots import Snapshots
from pd_tracker.reports.wording import count, decimal, percent, points
from pd_tracker.sheets.charts import BarChart, Chart, DotChart, Value
from pd_tracker.sheets.table import Column, Kind, Table

SUSPICIOUS_ZEROS = 0.2
MUCH_WEIGHT_LOST = 0.1
FEWEST_IN_BAND = 10
DETECTABLE = 2.8 / (2 * 1.96)  # widths of a 95% interval that a difference needs to be seen four times in five

COLUMNS = (
    Column("band", gettext_lazy("PD hours the year before")),
    Column("n", gettext_lazy("Person-years"), Kind.INTEGER),
    Column("left", gettext_lazy("Left"), Kind.INTEGER),
    Column("rate", gettext_lazy("Share who left"), Kind.PERCENT, decimals=1),
    Column("low", gettext_lazy("Interval from"), Kind.PERCENT, decimals=1),
    Column("high", gettext_lazy("to"), Kind.PERCENT, decimals=1),
)
ADJUSTED_COLUMNS = (
    Column("band", gettext_lazy("PD hours the year before")),
    Column("difference", gettext_lazy("Points against 1-14 hours"), Kind.DECIMAL, decimals=1),
    Column("low", gettext_lazy("Interval from"), Kind.DECIMAL, decimals=1),
    Column("high", gettext_lazy("to"), Kind.DECIMAL, decimals=1),
    Column("n", gettext_lazy("Person-years compared"), Kind.INTEGER),
    Column("clusters", gettext_lazy("Schools"), Kind.INTEGER),
    Column("note", gettext_lazy("Note")),
)
LAG = Parameter(
    "lag",
    gettext_lazy("Training taken"),
    (("1", gettext_lazy("The year before")), ("2", gettext_lazy("Two years before"))),
    default="1",
)


@dataclass(frozen=True, eq=False, slots=True)
class Eligible:
    """Person-years that had a full year in which to take training, and the place of their dose band."""

    rows: Snapshots
    band: Ints
    lag: int

    @property
    def left(self) -> int:
        return int((~self.rows.retained).sum())


def build(user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult:
    facts = choosing.at_places(person_years(user), parameters)
    missing = choosing.nobody(facts, parameters) or choosing.too_early(facts, parameters)
    facts = choosing.in_year(facts, parameters)
    eligible = _eligible(facts, int(parameters.get("lag", "1")))
    crude = _crude(eligible)
    adjusted = _adjusted(eligible) if enough_to_adjust(len(eligible.rows), eligible.left) else ()
    return REPORT.result(
        parameters=parameters,
        answer=missing or _answer(eligible, crude, adjusted),
        definitions=tuple(map(str, _definitions(eligible.lag))),
        as_of=facts.as_of,
        tables=tuple(_tables(crude, adjusted)),
        estimates=tuple(_estimate(row) for row in adjusted if _shown(row)[0] is not None),
        caveats=tuple(_caveats(eligible, crude, adjusted)),
        warnings=tuple(_warnings(facts, eligible, adjusted)),
        charts=tuple(_charts(crude, adjusted)),
    )


def _definitions(lag: int) -> list[object]:
    exposure = (
        _("Training: approved hours dated in the school year before the census (July 1 to June 30).")
        if lag == 1
        else _("Training: approved hours dated in the school year before last, seen from the census.")
    )
    eligible = _(
        "Eligible person-years: people in the snapshot of a year and of the {lag} before it, so that everybody had a "
        "full year in which to take training. First-year teachers have no year before: missing, not zero."
    ).format(lag=_("year") if lag == 1 else _("two years"))
    return [
        exposure,
        eligible,
        _(
            "Bands: 0; above 0 and below 15 (1-14); 15 to below 30; 30 to below 50; 50 and more hours. They are for "
            "reading only."
        ),
        definitions.LEFT,
        _(
            "Adjusted difference: people are compared within the same school year and the same band of experience "
            "(Mantel-Haenszel); the interval is clustered by school from 5 schools on, and Sato's below that. The "
            "reference is 1-14 hours, since 0 mixes true zeros with missing records."
        ),
        definitions.SNAPSHOT,
        definitions.EXPERIENCE,
        definitions.TIER,
    ]


def _eligible(facts: PersonYears, lag: int) -> Eligible:
    minutes = facts.rows.minutes_before if lag == 1 else facts.rows.minutes_two_before
    chosen = facts.rows.observed & (minutes >= 0)
    return Eligible(facts.rows.only(chosen), dose_band(minutes[chosen]), lag)


def _crude(eligible: Eligible) -> list[Rate]:
    people = np.bincount(eligible.band, minlength=len(DOSE_BANDS))
    left = np.bincount(eligible.band[~eligible.rows.retained], minlength=len(DOSE_BANDS))
    return [wilson_rate(int(gone), int(n)) for gone, n in zip(left, people, strict=True)]


def _adjusted(eligible: Eligible) -> tuple[BandDifference, ...]:
    rows = eligible.rows
    stratum = group_codes(rows.year, experience_band(rows.experience))[0]
    cell, cells = group_codes(eligible.band, stratum, rows.school)
    first = np.unique(cell, return_index=True)[1]
    return adjusted_differences(
        [DOSE_BANDS[band] for band in eligible.band[first]],
        stratum[first],
        rows.school[first],
        np.bincount(cell, minlength=cells),
        np.bincount(cell[~rows.retained], minlength=cells),
        reference=REFERENCE_BAND,
        bands=DOSE_BANDS,
    )


def _tables(crude: Sequence[Rate], adjusted: Sequence[BandDifference]) -> list[Table]:
    rows = [
        (band, rate.total, rate.count, rate.value, rate.low, rate.high)
        for band, rate in zip(DOSE_BANDS, crude, strict=True)
    ]
    title = gettext_lazy("Training and leaving the year after, as counted")
    compared = Table(
        "adjusted",
        gettext_lazy("Difference to 1-14 hours, same school year and experience"),
        ADJUSTED_COLUMNS,
        [_adjusted_row(row) for row in adjusted],
    )
    return [Table("pd_retention", title, COLUMNS, rows), *([compared] if adjusted else [])]


def _adjusted_row(row: BandDifference) -> tuple[object, ...]:
    shown = _shown(row)
    notes = {
        "reference": _("reference"),
        "no shared stratum": _("nobody comparable in the same year and experience"),
        "outcome does not vary": _("nobody, or everybody, left"),
    }
    few = _("fewer than 10 people") if row.crude.total < FEWEST_IN_BAND else ""
    return (str(row.band), *shown, row.compared, row.clusters, notes.get(row.note, "") or few)


def _shown(row: BandDifference) -> tuple[float | None, float | None, float | None]:
    """Difference and interval in points; nothing for a band of very few people."""
    if row.crude.total < FEWEST_IN_BAND or row.difference is None:
        return None, None, None
    return tuple(None if part is None else 100 * part for part in (row.difference, row.low, row.high))  # type: ignore[return-value]


def _estimate(row: BandDifference) -> Estimate:
    return Estimate(
        f"difference_{row.band}",
        _("Left more (+) or less (-) often than with 1-14 hours, in points: {band} hours").format(band=row.band),
        *_shown(row),
        row.compared,
        row.clusters,
        kind=Kind.DECIMAL,
    )


def _spoken(adjusted: Sequence[BandDifference]) -> BandDifference | None:
    """The band the first sentence is about: the most hours that can be compared."""
    return next(
        (row for row in reversed(adjusted) if row.band not in {"0", "1-14"} and _shown(row)[1] is not None), None
    )


def _answer(eligible: Eligible, crude: Sequence[Rate], adjusted: Sequence[BandDifference]) -> str:
    row = _spoken(adjusted)
    if row is None or row.difference is None or row.low is None or row.high is None:
        return _(
            "Not enough data to compare: {n} eligible person-years, of which {left} ended in leaving. A comparison "
            "needs 200 and 20, and people in more than one band."
        ).format(n=count(len(eligible.rows)), left=count(eligible.left))
    reference = crude[DOSE_BANDS.index(REFERENCE_BAND)]
    words = (
        _(
            "Teachers with {band} hours left {points} points less often than similar teachers with 1-14 (interval "
            "{low} to {high}). As counted, {rate} left, against {reference}."
        )
        if row.difference < 0
        else _(
            "Teachers with {band} hours left {points} points more often than similar teachers with 1-14 (interval "
            "{low} to {high}). As counted, {rate} left, against {reference}."
        )
    )
    sign = -1 if row.difference < 0 else 1
    low, high = sorted((sign * row.low, sign * row.high))
    return words.format(
        band=row.band,
        points=points(row.difference),
        low=decimal(100 * low),
        high=decimal(100 * high),
        rate=percent(row.crude.value or 0, 1),
        reference=percent(reference.value or 0, 1),
    )


def _caveats(eligible: Eligible, crude: Sequence[Rate], adjusted: Sequence[BandDifference]) -> list[str]:
    found = []
    row = _spoken(adjusted)
    if row is not None and row.low is not None and row.high is not None:
        strength = _e_value(row)
        found.append(
            _("This is an association; a hidden factor of strength {strength} could explain it.").format(
                strength=decimal(strength)
            )
            if strength
            else _("This is an association, and the interval includes no difference at all.")
        )
        found.append(
            _(
                "Differences smaller than {points} points could not be seen with {n} teachers in {schools} schools."
            ).format(points=points((row.high - row.low) * DETECTABLE), n=count(row.compared), schools=row.clusters)
        )
    if eligible.lag > 1:
        found.append(
            _("If the result for the year before vanishes here, planning to leave is the likelier explanation.")
        )
    return [
        *found,
        _("Motivated teachers choose training, and whoever plans to leave skips it. No lag removes that."),
        _("Bands are for reading; no threshold is implied."),
        str(definitions.WILSON),
    ]


def _e_value(row: BandDifference) -> float | None:
    """E-value of the point difference as a risk ratio; None when the interval covers no difference."""
    if row.difference is None or row.low is None or row.high is None or row.low <= 0 <= row.high:
        return None
    rate = row.crude.value or 0
    reference = rate - row.difference
    if min(rate, reference) <= 0:
        return None
    return e_value(rate / reference)


def _warnings(facts: PersonYears, eligible: Eligible, adjusted: Sequence[BandDifference]) -> list[str]:
    found = choosing.records_may_begin_late(facts)
    flagged, school_years, people = _incomplete(eligible)
    if flagged:
        words = _(
            "In {flagged} of {all} school-years more than 20% of the teachers have no hours, so their records look "
            "incomplete ({people} person-years). They are counted here; read the band of 0 hours with that in mind."
        )
        found.append(words.format(flagged=count(flagged), all=count(school_years), people=count(people)))
    lost = [row for row in adjusted if row.difference is not None and row.weight_lost > MUCH_WEIGHT_LOST]
    for row in lost:
        words = _("{band} hours: {share} of the people stand in years and experience bands without anybody to compare.")
        found.append(words.format(band=row.band, share=percent(row.weight_lost)))
    return found


def _incomplete(eligible: Eligible) -> tuple[int, int, int]:
    """School-years in which more than a fifth have no hours, all school-years, and the people in the former."""
    if not len(eligible.rows):
        return 0, 0, 0
    code, school_years = group_codes(eligible.rows.school, eligible.rows.year)
    people = np.bincount(code, minlength=school_years)
    flagged = np.bincount(code[eligible.band == 0], minlength=school_years) / people > SUSPICIOUS_ZEROS
    return int(flagged.sum()), school_years, int(people[flagged].sum())


def _charts(crude: Sequence[Rate], adjusted: Sequence[BandDifference]) -> list[tuple[str, Chart]]:
    if not any(rate.total for rate in crude):
        return []
    rates = BarChart(
        title=_("Share who left, by PD hours the year before"),
        labels=DOSE_BANDS,
        values=tuple(Value(rate.value, rate.low, rate.high) for rate in crude),
        kind=Kind.PERCENT,
    )
    compared = [row for row in adjusted if row.band != REFERENCE_BAND and _shown(row)[1] is not None]
    if not compared:
        return [("pd_retention", rates)]
    differences = DotChart(
        title=_("Left more or less often than similar teachers with 1-14 hours"),
        unit=_("points"),
        labels=tuple(str(row.band) for row in compared),
        values=tuple(Value(*_shown(row)) for row in compared),
    )
    return [("pd_retention", rates), ("adjusted", differences)]


REPORT = Report(
    name="pd_retention",
    title=gettext_lazy("Training and retention"),
    question=gettext_lazy("Do teachers with more training last year leave less often?"),
    build=build,
    parameters=(LAG, choosing.YEAR, choosing.SCHOOL, choosing.LEVEL),
)
