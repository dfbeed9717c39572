"""Columns that carry nothing new are dropped, and what cannot be told apart is not told apart."""

from dataclasses import replace

import numpy as np
import pytest

from pd_tracker.reports.estimators.cells import Factor
from pd_tracker.reports.estimators.design import design, refusal


def with_covariate(rows, codes, levels=("no", "yes")):
    return rows.cells(covariates=[*rows.covariates(), Factor("extra", levels, codes)])


def test_design_is_the_one_made_by_hand(person_years):
    rows = person_years(1)
    cells = rows.cells()
    made = design(cells, "1-14")
    place = {tuple(row): number for number, row in enumerate(np.array([one.codes for one in cells.factors]).T)}
    patterns = [place[row] for row in zip(rows.tenure, rows.year, rows.title_i, rows.dose, strict=True)]
    np.testing.assert_array_equal(made.x[patterns], rows.design())
    assert made.dropped == ()
    assert made.levels["dose"].baseline == 1
    assert made.levels["dose"].column.tolist() == [7, -1, 8, 9, 10]
    assert all(levels.separable.all() for levels in made.levels.values())


def test_a_covariate_that_repeats_another_is_dropped_and_named(person_years):
    rows = person_years(2)
    made = design(with_covariate(rows, 1 - rows.title_i), "1-14")
    assert made.dropped == ("extra: no",)  # "yes" is the more frequent one, and what "no" is compared with
    assert made.levels["dose"].separable.all()
    assert made.levels["title_i"].separable.tolist() == [True, False]  # it now stands for both
    assert made.levels["extra"].separable.sum() == 1


def test_a_dose_that_covariates_explain_is_given_up(person_years):
    rows = person_years(3)
    made = design(with_covariate(rows, (rows.dose == 4).astype(int)), "1-14")
    assert made.dropped == ("dose: 50+",)
    assert made.levels["dose"].separable.tolist() == [True, True, True, True, False]


def test_two_bands_that_a_covariate_sums_up_are_both_given_up(person_years):
    rows = person_years(4)
    made = design(with_covariate(rows, (rows.dose >= 3).astype(int)), "1-14")
    assert made.dropped == ("dose: 50+",)
    assert made.levels["dose"].separable.tolist() == [True, True, True, False, False]


def test_hours_stand_for_the_bands(person_years):
    rows = person_years(5)
    cells = rows.cells()
    mean = cells.by_pattern(cells.hours) / cells.by_pattern(cells.n)
    made = design(cells, "1-14", dose=mean)
    np.testing.assert_array_equal(made.x[:, -1], mean)
    assert "dose" not in made.levels
    assert design(cells, "1-14", dose=np.full(len(mean), 8.0)).dropped == ("dose",)


@pytest.mark.parametrize(
    ("size", "left", "reference", "reason"),
    [
        (0, 0, "1-14", "nobody"),
        (250, 0, "1-14", "nobody left"),
        (250, 250, "1-14", "everybody left"),
        (199, 60, "1-14", "few person-years"),
        (250, 19, "1-14", "few leavers"),
        (250, 231, "1-14", "few stayers"),
        (250, 20, "8", "no reference"),
        (250, 20, "1-14", ""),
    ],
)
def test_refusals(person_years, size, left, reference, reason):
    rows = person_years(6, size=size)
    assert refusal(rows.with_left(np.arange(size) < left).cells(), reference) == reason


@pytest.mark.parametrize(("schools", "reason"), [(2, "few schools"), (3, "")])
def test_one_or_two_schools_are_no_comparison(person_years, schools, reason):
    assert refusal(person_years(6, schools=schools).cells(), "1-14") == reason


def test_one_band_is_refused(person_years):
    rows = person_years(6, size=2000)
    few = rows.only(rows.dose == 1).cells()
    lone = Factor("dose", ("1-14",), np.zeros(len(few.dose.codes), dtype=np.int64))
    assert refusal(replace(few, dose=lone), "1-14") == "one band"
