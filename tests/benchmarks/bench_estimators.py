"""Adjusted comparisons of leaving from cells, beside the same model fitted to every row by statsmodels."""

from __future__ import annotations

from functools import partial

import numpy as np
import statsmodels.api as sm

from pd_tracker.reports.estimators.cells import Factor, person_year_cells
from pd_tracker.reports.estimators.dose_response import dose_response
from tests.benchmarks.conftest import Reach
from tests.benchmarks.measuring import ratio

ROWS, SCHOOLS = 150_000, 400
LEVELS = {"dose": 5, "tenure": 7, "year": 5, "level": 3}

Columns = dict[str, np.ndarray]


def person_years() -> tuple[Columns, np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    school = random.integers(0, SCHOOLS, ROWS)
    columns = {name: random.integers(0, levels, ROWS) for name, levels in LEVELS.items()} | {"level": school % 3}
    odds = -2 - 0.1 * columns["tenure"] + random.normal(0, 0.2, SCHOOLS)[school]
    return columns, school, random.random(ROWS) < 1 / (1 + np.exp(-odds))


def from_cells(columns: Columns, school: np.ndarray, left: np.ndarray) -> tuple[float, float]:
    factors = [Factor(name, tuple(map(str, range(LEVELS[name]))), codes) for name, codes in columns.items()]
    found = dose_response(person_year_cells(factors[0], factors[1:], school, left), reference="1").bands[4].odds_ratio
    assert found is not None
    assert found.se is not None
    return float(np.log(found.value)), found.se


def from_rows(columns: Columns, school: np.ndarray, left: np.ndarray) -> tuple[float, float]:
    dummies = [codes == code for name, codes in columns.items() for code in range(LEVELS[name]) if code != 1]
    x = np.column_stack([np.ones(ROWS), *dummies]).astype(float)
    found = sm.Logit(left.astype(float), x).fit(disp=False, cov_type="cluster", cov_kwds={"groups": school})
    return float(found.params[4]), float(found.bse[4])


def test_leaving_by_dose_from_cells(reach_bar: Reach) -> None:
    data = person_years()
    assert np.allclose(from_cells(*data), from_rows(*data), rtol=1e-3)  # the same answer, and ours has the rates too

    measure = partial(ratio, partial(from_cells, *data), partial(from_rows, *data))
    reach_bar("adjusted leaving from 150,000 rows, beside statsmodels", measure, allowed=0.2)
