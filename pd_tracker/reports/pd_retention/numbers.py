"""The tables and estimates of the report."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.reports.estimators.dose_response import Slope
from pd_tracker.reports.estimators.intervals import Interval
from pd_tracker.reports.estimators.standardised import Standardised
from pd_tracker.reports.grouping import DOSE_BANDS
from pd_tracker.reports.pd_retention.comparing import Compared, Comparisons
from pd_tracker.reports.pd_retention.people import Counts
from pd_tracker.reports.result import Estimate
from pd_tracker.sheets.table import Column, Kind, Table

STRAIGHT = 0.05  # with a smaller p the bands are said not to lie on a straight line
BAND = Column("band", gettext_lazy("PD hours the year before"))
COUNTED = (
    Column("n", gettext_lazy("Person-years"), Kind.INTEGER),
    Column("left", gettext_lazy("Left"), Kind.INTEGER),
    Column("rate", gettext_lazy("Share who left"), Kind.PERCENT, decimals=1),
    Column("low", gettext_lazy("Interval from"), Kind.PERCENT, decimals=1),
    Column("high", gettext_lazy("to"), Kind.PERCENT, decimals=1),
)
COMPARISON = Column("comparison", gettext_lazy("Hours taken"))
HOURS = Column("band", gettext_lazy("PD hours"))
NOTE = Column("note", gettext_lazy("Note"))


def _columns(key: str, label: object, kind: Kind, decimals: int) -> tuple[Column, ...]:
    """A number and the limits of its interval."""
    low, high = gettext_lazy("Interval from"), gettext_lazy("to")
    return (
        Column(key, label, kind, decimals=decimals),
        Column(f"{key}_low", low, kind, decimals=decimals),
        Column(f"{key}_high", high, kind, decimals=decimals),
    )


POINTS = (
    COMPARISON,
    HOURS,
    *_columns("difference", gettext_lazy("Points against 1-14 hours"), Kind.DECIMAL, 1),
    Column("n", gettext_lazy("Person-years compared"), Kind.INTEGER),
    Column("clusters", gettext_lazy("Schools"), Kind.INTEGER),
    NOTE,
)
RATIOS = (
    COMPARISON,
    HOURS,
    *_columns("rate", gettext_lazy("Adjusted share who leave"), Kind.PERCENT, 1),
    *_columns("risk_ratio", gettext_lazy("Risk ratio"), Kind.DECIMAL, 2),
    *_columns("odds_ratio", gettext_lazy("Odds ratio"), Kind.DECIMAL, 2),
    Column("e_value", gettext_lazy("E-value"), Kind.DECIMAL, decimals=2),
    Column("e_value_limit", gettext_lazy("E-value of the interval"), Kind.DECIMAL, decimals=2),
    Column("unsupported", gettext_lazy("Share filled in by the model"), Kind.PERCENT, decimals=0),
)
SLOPE = (
    COMPARISON,
    *_columns("difference", gettext_lazy("Points per 10 hours more"), Kind.DECIMAL, 2),
    *_columns("odds_ratio", gettext_lazy("Odds ratio per 10 hours"), Kind.DECIMAL, 2),
    Column("p", gettext_lazy("p of bands against a straight line"), Kind.DECIMAL, decimals=3),
    NOTE,
)
FIRST_YEAR = (
    Column("band", gettext_lazy("PD hours from the hire to December 31")),
    Column("n", gettext_lazy("New teachers"), Kind.INTEGER),
    *COUNTED[1:],
)


def tables(found: Comparisons) -> list[Table]:
    made = [
        Table("pd_retention", gettext_lazy("Training and leaving the year after, as counted"), (BAND, *COUNTED),
              _counted(found.everybody)),
        Table("points", gettext_lazy("Differences to similar teachers with 1-14 hours"), POINTS,
              [_points(row) for row in found.rows]),
        Table("ratios", gettext_lazy("Adjusted shares and ratios"), RATIOS,
              [_ratios(row, row.rate) for row in found.rows if row.rate and _parts(row.rate.rate)[1]]),
        Table("slope", gettext_lazy("Per 10 hours more"), SLOPE, [*_slopes(found)]),
        Table("first_year", gettext_lazy("New teachers still here on December 31, as counted"), FIRST_YEAR,
              _counted(found.new)),
    ]  # fmt: skip
    return [made[0], *(table for table in made[1:] if table.rows)]


def estimates(found: Comparisons) -> list[Estimate]:
    label = _("{comparison}, {band} hours: points more (+) or less (-) than with 1-14")
    return [
        Estimate(
            f"{row.comparison}:{row.band}",
            label.format(comparison=row.label, band=row.band),
            *in_points(row.points),
            row.n,
            row.clusters,
            kind=Kind.DECIMAL,
        )
        for row in found.rows
        if row.points is not None
    ]


def in_points(found: Interval | None) -> tuple[float | None, float | None, float | None]:
    return tuple(None if part is None else 100 * part for part in _parts(found))  # type: ignore[return-value]


def as_share(found: Interval | None) -> tuple[float | None, float | None, float | None]:
    """A share and its interval; where few people left, an interval would reach below nobody."""
    return tuple(None if part is None else min(max(part, 0.0), 1.0) for part in _parts(found))  # type: ignore[return-value]


def _parts(found: Interval | None) -> tuple[float | None, float | None, float | None]:
    return (found.value, found.low, found.high) if found else (None, None, None)


def _counted(people: Counts) -> list[tuple[object, ...]]:
    if not sum(people.people):
        return []
    return [
        (band, rate.total, rate.count, rate.value, rate.low, rate.high)
        for band, rate in zip(DOSE_BANDS, people.rates, strict=True)
    ]


def _points(row: Compared) -> tuple[object, ...]:
    return (row.label, row.band, *in_points(row.points), row.n, row.clusters, row.note)


def _ratios(row: Compared, made: Standardised) -> tuple[object, ...]:
    risk, odds = (made.risk_ratio, made.odds_ratio) if row.points else (None, None)
    strength = row.e_value
    limits = (strength.value, strength.limit) if strength else (None, None)
    ratios = (*_parts(risk), *_parts(odds), *limits)
    return (row.label, row.band, *as_share(made.rate), *ratios, made.unsupported)


def _slopes(found: Comparisons) -> list[tuple[object, ...]]:
    lags = ((_("The year before"), found.lag1), (_("Two years before"), found.lag2))
    return [
        (label, *in_points(slope.difference), *_parts(slope.odds_ratio), slope.p, _bends(slope))
        for label, model in lags
        if (slope := model.slope) and slope.difference.low is not None
    ]


def _bends(slope: Slope) -> str:
    if slope.p is None:
        return _("fewer than 10 schools or three bands, so no test of a bend")
    if slope.p < STRAIGHT:
        return _("the bands do not lie on a straight line: read them rather than the slope")
    return _("no bend could be seen: a straight line describes the bands as well")
