"""Codes of labels."""

import numpy as np
import pytest
from scipy.stats import t

from pd_tracker.reports.estimators.groups import (
    first_label,
    group_codes,
    places,
    spread,
    sum_by,
    t_critical,
    two_sided_p,
    variance_kind,
)


def test_group_codes_number_each_combination_once():
    codes, count = group_codes([2023, 2023, 2024, 2024, 2023], ["a", None, "a", "a", "a"])
    assert count == 3
    assert codes[0] == codes[4] != codes[1]
    assert codes[2] == codes[3] not in {codes[0], codes[1]}


def test_group_codes_do_not_overflow_narrow_columns():
    columns = [np.repeat(np.arange(100, dtype=np.int8), 100), np.tile(np.arange(100, dtype=np.int8), 100)]
    codes, count = group_codes(*columns, *columns)
    assert (codes.dtype, count) == (np.int64, 10_000)
    assert len(np.unique(codes)) == 10_000


def test_numbers_are_numbered_alike_whether_they_lie_close_together_or_far_apart():
    close, far = np.array([7, -2, 7, 3, -2], dtype=np.int8), np.array([7_000, -2_000, 7_000, 3_000, -2_000])
    for labels in (close, far, close.astype(np.uint8), far > 0):
        codes, count = group_codes(labels)
        assert np.array_equal(codes, np.unique(labels, return_inverse=True)[1])
        assert (codes.dtype, count) == (np.int64, len(set(labels.tolist())))


def test_group_codes_of_nothing():
    assert group_codes([])[1] == 0
    with pytest.raises(ValueError, match="At least one"):
        group_codes()


def test_group_codes_refuse_ragged_columns():
    with pytest.raises(ValueError, match="differ in length"):
        group_codes([1, 2], [1])
    with pytest.raises(ValueError, match="one-dimensional"):
        group_codes([[1, 2]])


def test_places_follow_the_order_and_refuse_strangers():
    assert places(["b", "a", "b"], ["a", "b", "c"]).tolist() == [1, 0, 1]
    assert places([], []).tolist() == []
    with pytest.raises(ValueError, match="not in the list: d, e"):
        places(["e", "a", "d"], ["a"])


def test_two_sided_p_agrees_with_scipy():
    assert two_sided_p(-0.3, 0.1, 12) == pytest.approx(2 * t(11).sf(3))
    assert two_sided_p(0.5, 0.0, 12) == 1


def test_teachers_who_move_keep_their_first_school():
    teacher, year, school = [7, 8, 7, 8, 7], [3, 1, 1, 2, 2], ["Oak", "Elm", "Hill", "Elm", "Oak"]
    assert first_label(teacher, year, school).tolist() == ["Hill", "Elm", "Hill", "Elm", "Hill"]
    assert first_label([], [], []).tolist() == []
    with pytest.raises(ValueError, match="differ in length"):
        first_label([1], [1, 2], ["Hill"])


def test_sum_by_keeps_empty_groups():
    assert sum_by(np.array([0, 2, 2]), np.array([100, 100, 100], dtype=np.int8), 4).tolist() == [100, 0, 200, 0]


def test_t_critical_agrees_with_scipy():
    assert t_critical(10) == pytest.approx(t.ppf(0.975, 9))
    assert t_critical(5, 0.9) == pytest.approx(t.ppf(0.95, 4))


@pytest.mark.parametrize(
    ("schools", "kind"),
    [
        (4, "none"),
        (5, "school jackknife"),
        (49, "school jackknife"),
        (50, "school-clustered"),
        (8000, "school-clustered"),
    ],
)
def test_variance_depends_on_the_number_of_schools(schools, kind):
    assert variance_kind(schools) == kind


@pytest.mark.parametrize("schools", [6, 60])
def test_spread_of_a_mean_is_its_standard_error(schools):
    values = np.random.default_rng(schools).normal(size=schools)
    influence = (values - values.mean()) / schools
    without_each = (values.sum() - values) / (schools - 1) - values.mean()
    for deviations, kind in ((influence, "school-clustered"), (without_each, "school jackknife")):
        length = np.linalg.norm(spread(deviations[:, None], kind))
        assert length == pytest.approx(values.std(ddof=1) / np.sqrt(schools))
