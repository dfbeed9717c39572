"""Three million person-years in memory: counted by hours of training, followed through tenure, filtered and fitted."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from pd_tracker.reports.estimators.cells import Cells, Factor, person_year_cells
from pd_tracker.reports.estimators.design import design
from pd_tracker.reports.estimators.groups import Floats, Ints, bands_of
from pd_tracker.reports.estimators.least_squares import fit, school_sums
from pd_tracker.reports.estimators.life_table import life_table
from pd_tracker.reports.estimators.logit import fit as fit_leaving
from pd_tracker.reports.facts.person_years import PersonYears
from pd_tracker.reports.grouping import DOSE_FROM_MINUTES
from pd_tracker.reports.pd_retention.people import Eligible, counted
from pd_tracker.reports.recorded import Flags
from pd_tracker.reports.snapshots import ShortSpells, Snapshots
from tests.benchmarks.conftest import Reach
from tests.benchmarks.measuring import cpu, ratio, seconds

ROWS, SCHOOLS = 3_000_000, 8_000
# The library needs a minute for a fit of three million rows; the ratio is no smaller there.
FITTED = ROWS if os.environ.get("PD_TRACKER_BENCH_STATE") else 200_000
BAND_STARTS = 60 * np.array([1, 15, 30, 50])
LEVELS = {"dose": 5, "tenure": 5, "level": 3, "Title I": 2, "moved": 2}  # 12 columns beside the intercept


@pytest.fixture(scope="module")
def state() -> Eligible:
    random = np.random.default_rng(1)
    teacher = np.sort(random.integers(0, 520_000, ROWS))
    columns: dict[str, Any] = {field.name: np.zeros(ROWS, dtype=np.int64) for field in fields(Snapshots)}
    columns |= {
        "teacher": teacher,
        "year": random.integers(2015, 2025, ROWS),
        "school": random.integers(0, SCHOOLS, ROWS),
        "status": random.choice([0, 1, 3, 4, 5], ROWS, p=[0.84, 0.05, 0.01, 0.01, 0.09]),
        "fte": np.ones(ROWS),
    }
    nothing: Ints = np.zeros(0, dtype=np.int64)
    spells = ShortSpells(nothing, nothing, nothing)
    facts = PersonYears(Snapshots(**columns), spells, np.arange(520_000), nothing, (), (), None, None, None, {})
    minutes = random.integers(0, 70, ROWS) * 60 * (random.random(ROWS) > 0.1)
    return Eligible(facts, np.arange(ROWS), minutes, bands_of(minutes, DOSE_FROM_MINUTES))


def scan(minutes: Ints, status: Ints, rows: Flags | None = None) -> tuple[Ints, Ints]:
    """The least that must be looked at: band and outcome of every row."""
    if rows is not None:
        minutes, status = minutes[rows], status[rows]
    band = np.searchsorted(BAND_STARTS, minutes, side="right")
    gone = (status != 0) & (status != 1) & (status != 3)
    return np.bincount(band, minlength=5), np.bincount(band[gone], minlength=5)


def as_counts(people: Eligible) -> list[tuple[int, int]]:
    found = counted(replace(people, band=bands_of(people.minutes, DOSE_FROM_MINUTES)))
    return list(zip(found.people, found.left, strict=True))


def test_leaving_by_hours_costs_one_look_at_the_rows(state: Eligible, reach_bar: Reach) -> None:
    least = scan(state.minutes, state.facts.rows.status)
    assert as_counts(state) == list(zip(*(part.tolist() for part in least), strict=True))

    def measure() -> float:
        return ratio(lambda: as_counts(state), lambda: scan(state.minutes, state.facts.rows.status), rounds=3)

    reach_bar("leaving by hours, 3,000,000 person-years / numpy scan", measure, allowed=2)


def test_a_free_filter_costs_little_more(state: Eligible, reach_bar: Reach) -> None:
    chosen = (state.facts.rows.school % 3 == 0) & (state.facts.rows.year > 2017)

    def ours() -> list[tuple[int, int]]:
        return as_counts(state.only(chosen))

    assert ours() == list(zip(*(p.tolist() for p in scan(state.minutes, state.facts.rows.status, chosen)), strict=True))

    def measure() -> float:
        return ratio(ours, lambda: scan(state.minutes, state.facts.rows.status, chosen), rounds=3)

    reach_bar("the same with a free filter / numpy scan", measure, allowed=3)


def test_five_survival_curves_of_a_state(reach_bar: Reach) -> None:
    random = np.random.default_rng(2)
    group, entry = random.integers(0, 5, 300_000), random.integers(0, 4, 300_000)
    last, left = entry + random.integers(1, 20, 300_000), random.random(300_000) < 0.6

    def ours() -> list[Floats]:
        return [life_table(entry[mine], last[mine], left[mine]).survival for mine in (group == n for n in range(5))]

    assert all(0 < curve[-1] < curve[0] < 1 for curve in ours())
    reach_bar("survival of 300,000 teachers in 5 groups", lambda: 1000 * seconds(ours, cpu), allowed=30, unit="ms")


def test_a_region_is_fitted_without_looking_at_its_rows(reach_bar: Reach) -> None:
    random = np.random.default_rng(3)
    x = np.column_stack([np.ones(240_000), random.normal(size=(240_000, 13))])
    school = random.integers(0, SCHOOLS, 240_000)
    sums = school_sums(x, random.normal(size=240_000), None, school)
    region = range(0, SCHOOLS, 2)
    assert fit(sums.only(region)).n == int(np.isin(school, region).sum())
    measure = lambda: 1000 * seconds(lambda: fit(sums.only(region)), cpu)  # noqa: E731
    reach_bar("refit of 4,000 of 8,000 schools from sums", measure, allowed=20, unit="ms")


# --- The model of leaving ---------------------------------------------------------------------------------------


Rows = tuple[dict[str, Ints], Ints, Flags]


def person_years() -> Rows:
    random = np.random.default_rng(4)
    schools = FITTED * SCHOOLS // ROWS
    school = random.integers(0, schools, FITTED)
    columns = {name: random.integers(0, levels, FITTED) for name, levels in LEVELS.items()}
    columns |= {"level": school % 3, "Title I": school // 3 % 2}
    odds = -2 - 0.1 * columns["tenure"] + random.normal(0, 0.2, schools)[school]
    return columns, school, random.random(FITTED) < 1 / (1 + np.exp(-odds))


def cells_of(columns: dict[str, Ints], school: Ints, left: Flags) -> Cells:
    factors = [Factor(name, tuple(map(str, range(LEVELS[name]))), codes) for name, codes in columns.items()]
    return person_year_cells(factors[0], factors[1:], school, left)


def test_the_model_of_leaving_is_the_one_of_the_library(reach_bar: Reach) -> None:
    columns, school, left = person_years()
    cells = cells_of(columns, school, left)
    made = design(cells, "1")
    x = np.column_stack([np.ones(FITTED), *(columns[name] == int(level) for name, level in map(parts, made.names[1:]))])

    def library() -> Any:
        model = sm.Logit(left.astype(float), x)
        return model.fit(disp=False, cov_type="cluster", cov_kwds={"groups": school})

    found, theirs = fit_leaving(cells, made.x), library()
    np.testing.assert_allclose(found.values, theirs.params, atol=1e-8)
    covariance = found.covariance
    assert covariance is not None
    small = (FITTED - 1) / (FITTED - x.shape[1])  # the library's correction for few rows; ours knows schools alone
    np.testing.assert_allclose(np.sqrt(np.diagonal(covariance) * small), theirs.bse, rtol=1e-6)

    def ours() -> object:
        found = cells_of(columns, school, left)
        return fit_leaving(found, design(found, "1").x).covariance

    name = f"model of leaving, {FITTED:,} person-years, 12 columns / statsmodels Logit"
    reach_bar(name, lambda: ratio(ours, library), allowed=0.1)


def parts(column: str) -> tuple[str, str]:
    name, _, level = column.partition(": ")
    return name, level
