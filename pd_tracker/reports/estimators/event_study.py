"""When the line bends: groups trained in different years against those not trained yet (Callaway & Sant'Anna)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtrc, ndtr

from pd_tracker.reports.estimators.groups import MIN_CLUSTERS, Floats, sum_by, t_critical
from pd_tracker.reports.estimators.panel import Panel, read_panel
from pd_tracker.reports.estimators.rates import normal_critical

MIN_PEOPLE, MIN_SCHOOLS = 10, 3  # on each side of a comparison
DRAWS = 999
TINY = 1e-12  # a smaller standard error is rounding, not knowledge

Controls: TypeAlias = Literal["not yet", "never"]
Earlier: TypeAlias = Literal["long", "short"]
Note: TypeAlias = Literal["", "no base year", "few treated", "few controls", "few schools", "no spread"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cohort in one year against its controls, both measured from the base year; None where `note` says why.

    `symmetric` is False for a year after training whose base year lies closer to the training than the year itself.
    """

    cohort: int
    time: int
    base: int
    treated: int
    controls: int
    clusters: int
    symmetric: bool = True
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    note: Note = ""


@dataclass(frozen=True, slots=True)
class Average:
    """An average over cells; `label` is the event year or the cohort it stands for, 0 for those over all.

    `low` and `high` hold for this line alone, the band for all event years together.
    """

    label: int
    cells: int
    clusters: int
    value: float
    se: float | None = None
    low: float | None = None
    high: float | None = None
    band_low: float | None = None
    band_high: float | None = None


@dataclass(frozen=True, slots=True)
class PreTrend:
    """Joint test that all event years before training are 0; p is None with no more schools than event years."""

    statistic: float
    df: int
    p: float | None


@dataclass(frozen=True, eq=False, slots=True)
class EventStudy:
    """Cells by cohort and year, and their averages (None where no cell can be estimated).

    `covariance` belongs to the cells that have a value, in their order. `excluded` counts rows without outcome or
    weight, `already_trained` people whose training lies at or before the first year: they have no year before.
    """

    cells: tuple[Cell, ...]
    covariance: Floats
    by_event: tuple[Average, ...]
    by_cohort: tuple[Average, ...]
    simple: Average | None
    over_events: Average | None
    over_cohorts: Average | None
    pretrend: PreTrend | None
    units: int
    clusters: int
    excluded: int
    already_trained: int


def event_study(
    unit: ArrayLike,
    cluster: ArrayLike,
    time: ArrayLike,
    outcome: ArrayLike,
    cohort: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    seed: int,
    lead: int = 2,
    symmetric: bool = True,
    controls: Controls = "not yet",
    earlier: Earlier = "long",
    level: float = 0.95,
) -> EventStudy:
    """Group-time differences in differences for training taken up in different years.

    Parameters
    ----------
    unit, cluster, time, outcome
        One row per teacher and school year: labels of teacher and school, the year as a whole number, the result
        (NaN where missing). A teacher counts in the school where she was first seen.
    cohort
        First year of training, the same in all rows of a teacher; 0 or infinity for never.
    weight
        Of 0 or more, such as `classroom_weights`; a pair of years weighs 2 / (1/w1 + 1/w2). None for 1 each.
    seed
        Of the 999 draws behind the band.
    lead
        The base year is `lead` years before training: 1, or 2 where a bad year may itself lead to training. With 2,
        who will be trained next year is no control either.
    symmetric
        Measure event year e > 0 from year -lead - e where the data reach back so far, else from -lead.
    controls
        "not yet": trained later or never; "never": never trained.
    earlier
        Years before training against the base year ("long"), or each against the year before it ("short").
    level
        Confidence level of intervals and band.

    Returns
    -------
    EventStudy
        In the outcome's units. The headline is event year 0.

    Raises
    ------
    ValueError
        When columns differ in length, a teacher has two results in a year or two cohorts, or `lead` is below 1.

    Notes
    -----
    ATT(g, t) = mean(y_t - y_base | cohort g) - mean(y_t - y_base | controls), over teachers with both results.
    Influence functions are summed within schools: SE = sqrt(sum psi^2 G / (G - 1)) with the G schools of the cell
    (se * sqrt((G - 1) / G) is the analytic standard error of the R package did), Student's t with G - 1 degrees of
    freedom. Averages weigh cohorts by their number of teachers and include the uncertainty of those shares. The
    band comes from random signs per school, its reach in normal standard errors carried over to Student's t. The
    joint test is Hotelling's, F(q, G - q).
    A cell needs 10 trained and 10 controls, each from 3 schools, and 5 schools in all.
    It assumes that without training both groups would have moved alike; a flat line before does not prove it. A
    persistent bad spell before training biases event years above 0 unless the base is symmetric. Two-way fixed
    effects are not used: already trained teachers would serve as controls.
    Sources: Callaway & Sant'Anna (2021), J. Econometrics 225:200; Roth (2024), "Interpreting event-studies from
    recent difference-in-differences methods", for "long"; Chabe-Ferret (2015), J. Econometrics 185:110, for
    symmetric bases.
    """
    if lead < 1:
        raise ValueError("The base year lies at least one year before training.")
    panel = read_panel(unit, cluster, time, outcome, cohort, weight)
    design = _Design(lead, symmetric, controls, earlier)
    found = [_cell(panel, design, group, year) for group, year in design.pairs(panel)]
    cells = tuple(_valued(cell, line, level) if line else cell for cell, line in found)
    lines = [line for _cell, line in found if line]
    after = [line for line in lines if line.event >= 0]
    events = [_mixed(e, _at(lines, e), by_share=True) for e in sorted({line.event for line in lines})]
    cohorts = [
        _mixed(group, [line for line in after if line.cohort == group], by_share=False)
        for group in sorted({line.cohort for line in after})
    ]
    psi = np.column_stack([_scaled(line) for line in lines] or [np.empty((panel.clusters, 0))])
    return EventStudy(
        cells=cells,
        covariance=psi.T @ psi,
        by_event=_with_band([_average(line, level) for line in events], events, level, seed),
        by_cohort=tuple(_average(line, level) for line in cohorts),
        simple=_summary(after, level, by_share=True),
        over_events=_summary([line for line in events if line.event >= 0], level, by_share=False),
        over_cohorts=_summary(cohorts, level, by_share=True),
        pretrend=_pretrend([line for line in events if line.event <= -lead]),
        units=len(panel.y),
        clusters=panel.clusters,
        excluded=panel.excluded,
        already_trained=int((panel.cohort <= min(panel.years, default=0)).sum()),
    )


@dataclass(frozen=True, slots=True)
class _Design:
    lead: int
    symmetric: bool
    controls: Controls
    earlier: Earlier

    def pairs(self, panel: Panel) -> Iterable[tuple[int, int]]:
        """Cohorts with a year before training, and every year but the base year."""
        trained = [int(group) for group in np.unique(panel.cohort) if np.isfinite(group) and group > panel.years[0]]
        years = panel.years[1:] if self.earlier == "short" else panel.years
        return ((group, year) for group in trained for year in years if self.base(group, year, panel) != year)

    def base(self, cohort: int, time: int, panel: Panel) -> int:
        usual = cohort - self.lead
        if self.earlier == "short" and time <= usual:
            return time - 1
        mirrored = usual - (time - cohort)
        return mirrored if self.symmetric and time > cohort and mirrored in panel.years else usual

    def is_control(self, cohort: int, latest: int, panel: Panel) -> NDArray[np.bool_]:
        after = latest + self.lead - 1 if self.controls == "not yet" else np.finfo(np.float64).max
        later: NDArray[np.bool_] = (panel.cohort > after) & (panel.cohort != cohort)
        return later


@dataclass(frozen=True, eq=False, slots=True)
class _Line:
    """An estimate with what each school contributes to it (`psi`), and the same for its cohort's share."""

    event: int
    cohort: int
    cells: int
    value: float
    psi: Floats
    inside: NDArray[np.bool_]
    share: float
    share_psi: Floats


def _cell(panel: Panel, design: _Design, cohort: int, time: int) -> tuple[Cell, _Line | None]:
    base = design.base(cohort, time, panel)
    mirrored = time <= cohort or time - cohort == cohort - design.lead - base
    if base not in panel.years:
        return Cell(cohort, time, base, 0, 0, 0, mirrored, note="no base year"), None
    now, then = panel.years.index(time), panel.years.index(base)
    change = panel.y[:, now] - panel.y[:, then]
    known = ~np.isnan(change)
    treated = known & (panel.cohort == cohort)
    control = known & design.is_control(cohort, max(time, base), panel)
    inside = panel.schools(treated | control)
    cell = Cell(cohort, time, base, int(treated.sum()), int(control.sum()), int(inside.sum()), mirrored)
    note = _too_small(cell, panel.schools(treated).sum(), panel.schools(control).sum())
    if note:
        return replace(cell, note=note), None
    pair = panel.weight[:, [now, then]]
    weight = 2 * pair.prod(axis=1) / np.where(known, pair.sum(axis=1), 1)
    mean, psi = _mean(panel, change, weight, treated)
    usual, psi_usual = _mean(panel, change, weight, control)
    return cell, _Line(time - cohort, cohort, 1, mean - usual, psi - psi_usual, inside, *panel.share(cohort))


def _too_small(cell: Cell, treated_schools: int, control_schools: int) -> Note:
    if cell.treated < MIN_PEOPLE:
        return "few treated"
    if cell.controls < MIN_PEOPLE:
        return "few controls"
    return "few schools" if min(treated_schools, control_schools) < MIN_SCHOOLS or cell.clusters < MIN_CLUSTERS else ""


def _mean(panel: Panel, change: Floats, weight: Floats, chosen: NDArray[np.bool_]) -> tuple[float, Floats]:
    values, weights = change[chosen], weight[chosen] / weight[chosen].sum()
    mean = float((weights * values).sum())  # a product by BLAS would wait for the other cores
    return mean, sum_by(panel.cluster[chosen], weights * (values - mean), panel.clusters)


def _at(lines: Sequence[_Line], event: int) -> list[_Line]:
    return [line for line in lines if line.event == event]


def _mixed(label: int, lines: Sequence[_Line], *, by_share: bool) -> _Line:
    """Average of lines, weighing each by its cohort's share (an estimate itself) or all alike."""
    psi, values = np.column_stack([line.psi for line in lines]), np.array([line.value for line in lines])
    shares = np.array([line.share if by_share else 1.0 for line in lines])
    weights = shares / shares.sum()
    value = float(weights @ values)
    spread = psi @ weights
    if by_share:
        spread = spread + np.column_stack([line.share_psi for line in lines]) @ (values - value) / shares.sum()
    inside = np.logical_or.reduce([line.inside for line in lines])
    first = lines[0]
    cells = sum(line.cells for line in lines)
    return _Line(label, first.cohort, cells, value, spread, inside, first.share, first.share_psi)


def _summary(lines: Sequence[_Line], level: float, *, by_share: bool) -> Average | None:
    return _average(_mixed(0, lines, by_share=by_share), level) if lines else None


def _average(line: _Line, level: float) -> Average:
    return Average(line.event, line.cells, int(line.inside.sum()), line.value, *_interval(line, level))


def _scaled(line: _Line) -> Floats:
    clusters = int(line.inside.sum())
    return line.psi * sqrt(clusters / (clusters - 1))


def _se(line: _Line) -> float | None:
    se = float(np.linalg.norm(_scaled(line)))
    return se if se > TINY * max(1.0, abs(line.value)) else None


def _interval(line: _Line, level: float) -> tuple[float | None, float | None, float | None]:
    """Standard error, low and high."""
    se = _se(line)
    if se is None:
        return None, None, None
    reach = t_critical(int(line.inside.sum()), level) * se
    return se, line.value - reach, line.value + reach


def _valued(cell: Cell, line: _Line, level: float) -> Cell:
    se, low, high = _interval(line, level)
    return replace(cell, value=line.value, se=se, low=low, high=high, note="no spread" if se is None else "")


def _with_band(averages: Sequence[Average], lines: Sequence[_Line], level: float, seed: int) -> tuple[Average, ...]:
    known = [line for line in lines if _se(line) is not None]
    if not known:
        return tuple(averages)
    psi = np.column_stack([line.psi / np.linalg.norm(line.psi) for line in known])
    signs = np.random.default_rng(seed).integers(0, 2, (DRAWS, len(psi)), dtype=np.int8) * 2 - 1
    furthest = max(float(np.quantile(np.abs(signs @ psi).max(axis=1), level)), normal_critical(level))
    return tuple(_banded(average, float(2 * ndtr(furthest) - 1)) for average in averages)


def _banded(average: Average, level: float) -> Average:
    if average.se is None:
        return average
    reach = t_critical(average.clusters, level) * average.se
    return replace(average, band_low=average.value - reach, band_high=average.value + reach)


def _pretrend(lines: Sequence[_Line]) -> PreTrend | None:
    known = [line for line in lines if _se(line) is not None]
    if not known:
        return None
    psi, values = np.column_stack([_scaled(line) for line in known]), np.array([line.value for line in known])
    covariance = psi.T @ psi
    df = int(np.linalg.matrix_rank(covariance, hermitian=True))
    statistic = float(values @ np.linalg.pinv(covariance, hermitian=True) @ values)
    clusters = int(np.logical_or.reduce([line.inside for line in known]).sum())
    if clusters <= df:
        return PreTrend(statistic, df, None)
    p = float(fdtrc(df, clusters - df, statistic * (clusters - df) / (df * (clusters - 1))))
    return PreTrend(statistic, df, p)
