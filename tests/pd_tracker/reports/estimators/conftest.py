"""Invented person-years in which training and leaving share causes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from pd_tracker.reports.estimators.cells import Factor, person_year_cells

BANDS = ("0", "1-14", "15-29", "30-49", "50+")
TENURE = ("1", "2-5", "6-10", "11+")
YEARS = ("2021", "2022", "2023")
TITLE_I = ("no", "yes")
HOURS = np.array([0, 8, 22, 40, 70])


@dataclass(frozen=True, eq=False)
class PersonYears:
    """One entry per person-year."""

    dose: np.ndarray
    tenure: np.ndarray
    year: np.ndarray
    title_i: np.ndarray
    school: np.ndarray
    left: np.ndarray

    def covariates(self):
        return [
            Factor("tenure", TENURE, self.tenure, ordered=True),
            Factor("year", YEARS, self.year),
            Factor("title_i", TITLE_I, self.title_i),
        ]

    def cells(self, **options):
        dose = Factor("dose", BANDS, self.dose, ordered=True)
        return person_year_cells(
            dose, options.pop("covariates", self.covariates()), self.school, self.left, hours=HOURS[self.dose]
        )

    def design(self, dose=None):
        """Columns in the order of ours: intercept, covariates against their most frequent level, bands against 1-14."""
        columns = [np.ones(len(self.dose))]
        for values, levels in ((self.tenure, TENURE), (self.year, YEARS), (self.title_i, TITLE_I)):
            most = np.bincount(values).argmax()
            columns += [values == code for code in range(len(levels)) if code != most]
        columns += [(self.dose if dose is None else dose) == code for code in (0, 2, 3, 4)]
        return np.column_stack(columns).astype(float)

    def only(self, rows):
        return PersonYears(**{name: column[rows] for name, column in vars(self).items()})

    def with_left(self, left):
        return replace(self, left=left)


def _person_years(seed, *, size=3000, schools=12, effect=0.0, climate=0.2):
    random = np.random.default_rng(seed)
    school = random.integers(0, schools, size)
    tenure, year = random.integers(0, 4, size), random.integers(0, 3, size)
    title_i = (school % 3 == 0).astype(np.int64)
    dose = np.clip(random.binomial(4, 0.3 + 0.1 * (tenure < 2) + 0.1 * title_i), 0, 4)
    odds = -1.8 - 0.3 * tenure + 0.1 * year + 0.3 * title_i + random.normal(0, climate, schools)[school]
    odds += effect * HOURS[dose] / 10
    left = random.random(size) < 1 / (1 + np.exp(-odds))
    return PersonYears(dose, tenure, year, title_i, school, left)


@pytest.fixture(scope="session")
def person_years():
    return _person_years


@pytest.fixture(params=range(25))
def untidy_cells(request):
    """Few people, unequal schools, gaps, covariates that repeat each other, and levels nobody or everybody left."""
    random = np.random.default_rng(request.param)
    size, schools = int(random.integers(200, 900)), int(random.choice([3, 5, 6, 10, 30, 50, 60]))
    school = np.minimum(random.geometric(2 / schools, size) - 1, schools - 1)
    dose = np.where(random.random(size) < 0.8, school % 4, random.integers(-1, 5, size))
    tenure = np.minimum(random.geometric(0.4, size) - 2, 3)
    left = random.random(size) < random.choice([0.1, 0.3, 0.9])
    left = random.choice([left & (dose != 2), left | (dose == 4), left & (dose != 1), (dose >= 3) & (tenure != 1)])
    covariates = [
        Factor("tenure", TENURE, tenure, ordered=True),
        Factor("year", YEARS, random.integers(0, 3, size)),
        Factor("title_i", TITLE_I, school % 2),
        Factor("program", TITLE_I, (dose >= 3).astype(np.int64)),
    ][: random.integers(2, 5)]
    return person_year_cells(Factor("dose", BANDS, dose, ordered=True), covariates, school, left, hours=HOURS[dose])
