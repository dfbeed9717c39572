"""Many courses in one model against statsmodels and planted differences."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from pd_tracker.reports.estimators.course_outcomes import course_outcomes
from pd_tracker.reports.estimators.shrinkage import forest


def classrooms(seed, *, size=1500, schools=60, shares=(0.2, 0.1, 0.3), effects=(0.0, 0.3, -0.2)):
    random = np.random.default_rng(seed)
    keen = random.normal(size=size)
    taken = np.column_stack([random.random(size) < share * np.exp(keen / 2) for share in shares])
    prior = random.normal(size=size) + 0.3 * keen
    data = pd.DataFrame({"prior": prior, "year": random.integers(2021, 2024, size), "teacher": np.arange(size) // 2})
    data["school"] = data["teacher"] % schools
    data["weight"] = random.integers(5, 60, size).astype(float)
    data["outcome"] = 0.5 * prior + taken @ effects + random.normal(size=size)
    return data, taken


def compare(data, taken, names="ABCDEFGH", **options):
    row, course = np.nonzero(taken)
    options = {"courses": list(names[: taken.shape[1]])} | options
    columns = (data[name] for name in ("outcome", "prior", "year", "weight", "school", "teacher"))
    return course_outcomes(*columns, taken_row=row, taken_course=[names[place] for place in course], **options)


def test_courses_in_one_model_agree_with_statsmodels():
    data, taken = classrooms(1)
    found = compare(data, taken)
    dummies = pd.get_dummies(data["year"], dtype=float).to_numpy()
    x = np.column_stack([taken, data["prior"], dummies]).astype(float)
    model = sm.WLS(data["outcome"].to_numpy(), x, weights=data["weight"].to_numpy())
    oracle = model.fit(cov_type="cluster", cov_kwds={"groups": data["school"].to_numpy()}, use_t=True)
    assert [one.difference.value for one in found.courses] == pytest.approx(oracle.params[:3])
    assert [one.difference.se for one in found.courses] == pytest.approx(oracle.bse[:3])
    assert [one.difference.p for one in found.courses] == pytest.approx(oracle.pvalues[:3])
    assert [one.classrooms for one in found.courses] == taken.sum(axis=0).tolist()
    mine = data[taken[:, 1]]
    assert (found.courses[1].teachers, found.courses[1].schools) == (
        mine["teacher"].nunique(),
        mine["school"].nunique(),
    )


def test_each_course_is_told_from_the_others_taken_with_it():
    data, taken = classrooms(2, size=20_000)
    for one, planted in zip(compare(data, taken).courses, (0.0, 0.3, -0.2), strict=True):
        assert one.difference.value == pytest.approx(planted, abs=0.06)


def test_seldom_taken_courses_share_a_column_and_get_no_number():
    data, taken = classrooms(3)
    few, one_school = np.zeros(1500, dtype=bool), (data["school"] == 7).to_numpy()
    few[:18] = True
    found = compare(data, np.column_stack([taken, few, one_school]))
    assert [(one.course, one.note) for one in found.courses[3:]] == [("D", "few takers"), ("E", "few takers")]
    assert found.courses[3].difference is found.courses[4].difference is None
    assert (found.courses[3].teachers, found.courses[4].schools) == (9, 1)
    assert found.fit["other courses"] is not None


def test_courses_that_go_together_get_no_number():
    data, taken = classrooms(4)
    found = compare(data, np.column_stack([taken, taken[:, 1]]))
    assert [one.note for one in found.courses] == ["", "inseparable", "", "inseparable"]
    assert found.courses[1].difference is None
    assert found.courses[0].difference.value == pytest.approx(compare(data, taken).courses[0].difference.value)


def test_missing_results_are_counted_out_and_not_counted_as_takers():
    data, taken = classrooms(5)
    data.loc[:99, "prior"] = np.nan
    earlier = np.where(np.arange(1500) >= 1400, np.nan, data["prior"].fillna(0) ** 2)
    found = compare(data, taken, earlier=earlier, covariates={"subject": ["Math", "Art"] * 750})
    assert (found.excluded, found.fit.n, found.merged) == (200, 1300, ())
    assert found.courses[0].classrooms == taken[100:1400, 0].sum()
    assert found.fit["earlier"] is not None


def test_nobody_took_anything():
    data, _taken = classrooms(6)
    found = compare(data, np.zeros((1500, 2), dtype=bool))
    assert [(one.classrooms, one.note) for one in found.courses] == [(0, "few takers")] * 2
    assert found.fit.dropped == ("other courses",)
    assert compare(data, np.zeros((1500, 0), dtype=bool)).courses == ()
    assert [one.note for one in compare(data[:0], np.zeros((0, 2), dtype=bool)).courses] == ["few takers"] * 2


def test_impossible_entries_are_refused():
    data, taken = classrooms(7)
    with pytest.raises(ValueError, match="not in the list"):
        compare(data, taken, courses=["A", "B"])
    with pytest.raises(ValueError, match="row that is not there"):
        compare(data[:100], taken)
    with pytest.raises(ValueError, match="differ in length"):
        course_outcomes([1.0], [1.0], [1], None, [1], [1, 2], taken_row=[], taken_course=[], courses=[])
    with pytest.raises(ValueError, match="differ in length"):
        course_outcomes([1.0], [1.0], [1], None, [1], [1], taken_row=[0], taken_course=[], courses=[])


def test_from_courses_to_the_forest():
    effects = (0.0,) * 9 + (0.4,)
    data, taken = classrooms(8, size=4000, shares=(0.1,) * 10, effects=effects)
    found = compare(data, taken, names="ABCDEFGHIJ").courses
    columns = zip(*((one.difference.value, one.difference.se, one.difference.p) for one in found), strict=True)
    value, se, p = (list(column) for column in columns)
    takers, schools = [one.teachers for one in found], [one.schools for one in found]
    shown = forest(value, se, p=p, scale=0.1, takers=takers, schools=schools)
    assert [one.promising for one in shown.courses] == [False] * 9 + [True]
