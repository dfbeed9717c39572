"""What two designs say together, on every constellation and on planted selection."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from pd_tracker.reports.estimators.event_study import event_study
from pd_tracker.reports.estimators.lagged_outcome import lagged_outcome
from pd_tracker.reports.estimators.least_squares import Coefficient
from pd_tracker.reports.estimators.verdict import losses, verdict


def found(low, high):
    return Coefficient("dose", (low + high) / 2, 0.1, low, high)


@pytest.mark.parametrize(
    ("lagged", "skipped", "expected"),
    [
        (found(0.1, 0.3), found(0.2, 0.4), "consistent"),
        (found(-0.3, -0.1), found(-0.4, -0.2), "consistent"),
        (found(0.1, 0.3), found(-0.1, 0.4), "weak"),
        (found(-0.3, 0.1), found(-0.4, -0.2), "weak"),
        (found(0.1, 0.3), found(-0.4, 0.2), "inconclusive"),
        (found(0.1, 0.3), found(-0.4, -0.2), "inconclusive"),
        (found(-0.1, 0.3), found(-0.2, 0.4), "inconclusive"),
        (found(0.0, 0.3), found(0.0, 0.4), "inconclusive"),
        (Coefficient("dose", 0.2, None, None, None), found(0.2, 0.4), "weak"),
        (Coefficient("dose", 0.2, None, None, None), Coefficient("dose", 0.3, None, None, None), "inconclusive"),
        (None, found(0.2, 0.4), "inconclusive"),
        (found(0.2, 0.4), None, "inconclusive"),
        (Coefficient("dose", 0.0, 0.1, -0.2, 0.2), found(0.2, 0.4), "inconclusive"),
    ],
)
def test_verdict(lagged, skipped, expected):
    assert verdict(lagged, skipped) == verdict(skipped, lagged) == expected


def both_designs(chosen, *, effect=0.0, size=8000, seed=1):
    """Results of five years; training between the fourth and the fifth for those who `chosen` picks."""
    random = np.random.default_rng(seed)
    quality = random.normal(0, 0.7, size)
    y = quality[:, None] + random.normal(0, 0.7, (size, 5))
    trained = chosen(quality, y[:, 3], random)
    y[:, 4] += effect * trained
    school, unit = np.arange(size) % 60, np.repeat(np.arange(size), 5)
    band = np.where(trained, "15+", "0").tolist()
    lagged = (
        lagged_outcome(
            y[:, 4],
            y[:, 3],
            band,
            np.full(size, 2024),
            None,
            school,
            reference="0",
            bands=["0", "15+"],
            earlier=y[:, 2],
        )
        .bands[1]
        .difference
    )
    year, cohort = np.tile(np.arange(2020, 2025), size), np.where(trained, 2024, 0)[unit]
    study = event_study(unit, school[unit], year, y.ravel(), cohort, seed=1)
    return lagged, next(line for line in study.by_event if line.label == 0)


def at_random(_quality, _before, random):
    return random.random(len(_quality)) < 0.4


def after_a_bad_year(_quality, before, random):
    return before + random.normal(0, 0.3, len(before)) < -0.3


def of_low_quality(quality, _before, random):
    return quality + random.normal(0, 0.3, len(quality)) < -0.3


@pytest.mark.parametrize("chosen", [at_random, after_a_bad_year])
def test_an_effect_that_both_designs_see_is_consistent(chosen):
    assert verdict(*both_designs(chosen, effect=0.3)) == "consistent"


def test_lasting_differences_between_teachers_are_not_taken_for_an_effect():
    lagged, skipped = both_designs(of_low_quality)
    assert lagged.high < -0.2
    assert skipped.low < 0 < skipped.high
    assert verdict(lagged, skipped) in {"weak", "inconclusive"}


@pytest.mark.parametrize("chosen", [at_random, after_a_bad_year])
def test_no_effect_is_inconclusive(chosen):
    lagged, skipped = both_designs(chosen)
    assert abs(lagged.value) < 0.06
    assert abs(skipped.value) < 0.08
    assert verdict(lagged, skipped) != "consistent"


def test_losses_of_both_groups():
    lost = losses(200, 180, 300, 285)
    assert (lost.trained.value, lost.others.value) == pytest.approx((0.10, 0.05))
    assert (lost.trained.low, lost.trained.high) == pytest.approx(proportion_confint(20, 200, method="wilson"))
    assert lost.difference.value == pytest.approx(0.05)
    assert not lost.doubtful
    assert losses(200, 179, 300, 285).doubtful
    assert losses(200, 200, 300, 280).doubtful


def test_losses_of_nobody():
    lost = losses(0, 0, 10, 9)
    assert (lost.trained.value, lost.difference.value, lost.doubtful) == (None, None, False)
    with pytest.raises(ValueError, match="not a share"):
        losses(10, 11, 5, 5)
