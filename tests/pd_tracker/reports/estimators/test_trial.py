"""A lottery for seats: fairness, and effects against statsmodels and planted truths."""

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from statsmodels.stats.contingency_tables import StratifiedTable

from pd_tracker.reports.estimators.trial import balance, complier_effect, offered_effect


def lottery(seed, *, sessions=6, each=40, effect=0.3, compliance=0.8, clusters=None, binary=False):
    random = np.random.default_rng(seed)
    size = sessions * each
    session = np.repeat(np.arange(sessions), each)
    drawn = np.arange(size) if clusters is None else np.tile(np.arange(each) % clusters, sessions) + 1000 * session
    luck = {(s, d): random.random() for s, d in zip(session, drawn, strict=True)}
    data = pd.DataFrame({"session": session, "drawn": drawn})
    data["luck"] = [luck[pair] for pair in zip(session, drawn, strict=True)]
    share = np.linspace(0.3, 0.7, sessions)[session]
    data["won"] = (data.groupby("session")["luck"].rank(pct=True, method="dense") <= share).astype(int)
    keen = random.random(size) < compliance
    data["took"] = np.where(data["won"] == 1, keen, keen & (random.random(size) < 0.1)).astype(int)
    data["before"], data["years"] = random.normal(size=size) + session * 0.3, random.integers(0, 30, size)
    level = data["before"] * 0.5 + 0.3 * keen + random.normal(0, 0.3, 2000)[data["drawn"] % 2000]
    y = level + effect * data["took"] + random.normal(size=size)
    data["y"] = (y > 0).astype(float) if binary else y
    return data


def offered(data, **options):
    return offered_effect(data["y"], data["won"], data["session"], data["drawn"], **options)


def compliers(data, **options):
    return complier_effect(data["y"], data["took"], data["won"], data["session"], data["drawn"], **options)


@pytest.mark.parametrize("clusters", [None, 10])
def test_winners_and_losers_agree_with_statsmodels(clusters):
    data = lottery(1, clusters=clusters)
    model = smf.ols("y ~ won + C(session)", data)
    oracle = model.fit(cov_type="cluster", cov_kwds={"groups": data["drawn"]}, use_t=True)
    found = offered(data)
    assert (found.value, found.se) == pytest.approx((oracle.params["won"], oracle.bse["won"]))
    assert (found.winners, found.losers) == (data["won"].sum(), (1 - data["won"]).sum())
    assert (found.sessions, found.drawn, found.note) == (6, 240 if clusters is None else 60, "")
    assert found.low < found.value < found.high
    assert 0 < found.p < 1


def test_a_risk_difference_is_that_of_mantel_and_haenszel():
    data = lottery(2, binary=True)
    value = weight = 0.0
    tables = []
    for _session, rows in data.groupby("session"):
        a, b = rows.loc[rows["won"] == 1, "y"], rows.loc[rows["won"] == 0, "y"]
        share = len(a) * len(b) / len(rows)
        value, weight = value + share * (a.mean() - b.mean()), weight + share
        tables.append([[a.sum(), len(a) - a.sum()], [b.sum(), len(b) - b.sum()]])
    assert offered(data).value == pytest.approx(value / weight)
    assert (offered(data).p < 0.05) == (StratifiedTable(tables).test_null_odds().pvalue < 0.05)


def matrices(data):
    sessions = pd.get_dummies(data["session"], dtype=float).to_numpy()
    return np.column_stack([data["took"], sessions]), np.column_stack([data["won"], sessions])


@pytest.mark.parametrize("clusters", [None, 10])
def test_compliers_agree_with_two_stage_least_squares_in_matrices(clusters):
    data = lottery(3, clusters=clusters)
    x, z = matrices(data)
    b = np.linalg.solve(z.T @ x, z.T @ data["y"])
    scores = pd.DataFrame(z * (data["y"].to_numpy() - x @ b)[:, None]).groupby(data["drawn"].to_numpy()).sum()
    bread, drawn, people = np.linalg.inv(z.T @ x), len(scores), len(data)
    factor = drawn / (drawn - 1) * (people - 1) / (people - 7)
    covariance = factor * bread @ scores.to_numpy().T @ scores.to_numpy() @ bread.T
    found = compliers(data)
    assert (found.value, found.se) == pytest.approx((b[0], np.sqrt(covariance[0, 0])))
    first = smf.ols("took ~ won + C(session)", data).fit(cov_type="cluster", cov_kwds={"groups": data["drawn"]})
    assert found.compliers == pytest.approx(first.params["won"])
    assert found.first_stage == pytest.approx((first.params["won"] / first.bse["won"]) ** 2)


def test_one_session_is_walds_ratio():
    data = lottery(4, sessions=1, each=200)
    means = data.groupby("won")[["y", "took"]].mean().diff().loc[1]
    assert compliers(data).value == pytest.approx(means["y"] / means["took"])
    assert compliers(data).value == pytest.approx(offered(data).value / compliers(data).compliers)


def test_full_compliance_makes_both_the_same():
    data = lottery(5)
    data["took"] = data["won"]
    assert compliers(data).value == pytest.approx(offered(data).value)
    assert compliers(data).se == pytest.approx(offered(data).se)
    assert compliers(data).compliers == pytest.approx(1)
    assert compliers(data).first_stage > 1e9


@pytest.mark.slow
def test_intervals_cover_what_was_planted():
    as_offered = as_taken = naive = 0
    for seed in range(300):
        data = lottery(seed, sessions=4, each=30)
        row = compliers(data)
        as_taken += row.low < 0.3 < row.high
        row = offered(data)
        as_offered += row.low < 0.3 * 0.8 * 0.9 < row.high
        naive += data.groupby("took")["y"].mean().diff().loc[1]
    assert 0.92 < as_offered / 300 < 0.98
    assert 0.92 < as_taken / 300 < 0.98
    assert naive / 300 > 0.4  # those who took part were keener


def test_a_weak_instrument_is_refused():
    data = lottery(6)
    data["took"] = (np.random.default_rng(99).random(240) < 0.5).astype(int)
    found = compliers(data)
    assert (found.note, found.value, found.low, found.p) == ("weak instrument", None, None, None)
    assert found.first_stage < 10
    assert found.compliers == pytest.approx(0, abs=0.2)
    data["took"] = 1
    assert (compliers(data).note, compliers(data).first_stage) == ("weak instrument", 0.0)


def test_sessions_that_all_won_say_nothing():
    data = lottery(7)
    easy = lottery(8, sessions=1).assign(won=1, session=99, drawn=np.arange(40) + 5000)
    found, without = offered(pd.concat([data, easy])), offered(data)
    assert found == without


def test_who_has_no_outcome_is_counted_by_arm():
    data = lottery(9)
    gone = (data["won"] == 1) & (data.index % 4 == 0)
    data.loc[gone, "y"] = np.nan
    found = offered(data)
    assert found.lost.trained.value == pytest.approx(gone.sum() / data["won"].sum())
    assert (found.lost.others.value, found.lost.doubtful) == (0, True)
    assert found.winners == data["won"].sum() - gone.sum()
    kept = offered(data[~gone])
    assert (found.value, found.se) == (kept.value, kept.se)


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda d: d[(d["won"] == 0) | (d["won"].cumsum() < 10)], "few winners"),
        (lambda d: d[(d["won"] == 1) | ((1 - d["won"]).cumsum() < 10)], "few losers"),
        (lambda d: d.assign(drawn=d["won"] * 2 + d["session"] % 2), "few drawn"),
        (lambda d: d.assign(y=0.1), "outcome does not vary"),
        (lambda d: d.assign(y=d["session"] / 3), "outcome does not vary"),
        (lambda d: d[:0], "few winners"),
        (lambda d: d.assign(won=0), "few winners"),
    ],
)
def test_too_little_to_say(change, note):
    data = change(lottery(10))
    for found in (offered(data), compliers(data)):
        assert (found.note, found.value, found.se, found.low, found.high, found.p) == (note, *[None] * 5)


def test_a_perfect_split_gets_no_interval():
    data = lottery(11)
    data["y"] = data["won"].astype(float)
    found = offered(data)
    assert (found.value, found.se, found.low, found.p, found.note) == (pytest.approx(1), None, None, None, "")


def test_the_order_of_rows_changes_nothing():
    data = lottery(12, clusters=10)
    found, again = compliers(data), compliers(data.sample(frac=1, random_state=12))
    assert (found.value, found.se) == pytest.approx((again.value, again.se))


def check(data, seed=1, **covariates):
    return balance(covariates or data[["before", "years"]], data["won"], data["session"], data["drawn"], seed=seed)


@pytest.mark.slow
def test_a_fair_draw_looks_fair_as_often_as_it_should():
    p = np.array([check(lottery(seed, sessions=3, each=20)).p for seed in range(200)])
    assert 0.02 <= (p < 0.05).mean() <= 0.09
    assert p.mean() == pytest.approx(0.5, abs=0.06)


def test_a_draw_by_merit_is_found_out():
    data = lottery(13)
    data["won"] = (data.groupby("session")["before"].rank(pct=True) > 0.5).astype(int)
    found = check(data)
    assert found.differences["before"] > 1
    assert abs(found.differences["years"]) < 0.3
    assert found.p == 0.001


def test_the_permutation_test_is_the_exact_one():
    # One session of eight: all 70 draws of four can be looked at.
    before = np.array([0.1, 2.0, 0.4, -1.0, 1.5, 0.3, -0.2, 0.9])
    won = np.array([0, 1, 0, 0, 1, 0, 1, 1])
    found = balance({"before": before}, won, np.zeros(8), np.arange(8), seed=3)
    sums = [abs(before[list(four)].sum() - before.sum() / 2) for four in combinations(range(8), 4)]
    observed = abs(before[won == 1].sum() - before.sum() / 2)
    exact = sum(value >= observed - 1e-9 for value in sums) / comb(8, 4)
    assert found.p == pytest.approx(exact, abs=0.04)
    spread = np.sqrt((before[won == 1].var(ddof=1) + before[won == 0].var(ddof=1)) / 2)
    assert found.differences["before"] == pytest.approx((before[won == 1].mean() - before[won == 0].mean()) / spread)


def test_balance_is_repeatable_and_keeps_what_was_drawn_together():
    data = lottery(14, clusters=10)
    assert check(data) == check(data)
    assert check(data, seed=2).p == pytest.approx(check(data).p, abs=0.06)
    alone = check(data.assign(drawn=np.arange(240)))
    assert alone.differences == check(data).differences
    assert alone.statistic == pytest.approx(check(data).statistic)
    assert alone.p != check(data).p


def test_covariates_that_cannot_be_compared():
    data = lottery(15)
    found = check(data, same=np.ones(240), unknown=np.full(240, np.nan), gaps=data["before"].where(data.index % 3 > 0))
    assert (found.differences["same"], found.differences["unknown"]) == (None, None)
    assert found.differences["gaps"] == check(data[data.index % 3 > 0]).differences["before"]
    assert 0 < found.p <= 1
    assert balance({}, data["won"], data["session"], data["drawn"], seed=1).p == 1
    empty = check(data[:0])
    assert (empty.differences, empty.p) == ({"before": None, "years": None}, 1)


def test_impossible_lotteries_are_refused():
    data = lottery(16, clusters=10)
    with pytest.raises(ValueError, match="wins or loses together"):
        offered(data.assign(won=(np.arange(240) % 3 == 0).astype(int)))
    with pytest.raises(ValueError, match="wins or loses together"):
        check(data.assign(won=0.5))
    with pytest.raises(ValueError, match="must be known"):
        compliers(data.assign(took=np.nan))
    with pytest.raises(ValueError, match="differ in length"):
        offered_effect([1.0, 0.0], [1], [1], [1])
