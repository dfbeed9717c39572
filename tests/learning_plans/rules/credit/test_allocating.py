"""The exact sharing, beside an independent solver."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from learning_plans.rules.credit.allocating import among_minimums, largest_sum, total

limits = st.integers(1, 6).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(
            st.tuples(st.sets(st.integers(0, count - 1), min_size=1), st.integers(0, 40).map(Fraction)), max_size=5
        ),
    )
)


@settings(max_examples=150, deadline=None)
@given(limits)
def test_the_largest_sum_is_that_of_an_independent_solver(given_limits):
    count, some = given_limits
    every = [*some, *(({n}, Fraction(25)) for n in range(count))]
    found = largest_sum(count, every)
    table = np.array([[n in members for n in range(count)] for members, _limit in every], dtype=float)
    best = linprog(-np.ones(count), A_ub=table, b_ub=[float(limit) for _members, limit in every])
    assert float(sum(found)) == pytest.approx(-best.fun)
    assert all(sum(found[n] for n in members) <= limit for members, limit in every)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20).map(Fraction), st.sets(st.integers(0, 3)).map(frozenset)), max_size=8),
    st.lists(st.integers(0, 30).map(Fraction), min_size=4, max_size=4),
)
def test_as_much_of_the_minimums_is_met_as_can_be(amounts, needs):
    got = among_minimums(amounts, needs, may_share=False)
    edges = [(k, n) for k, (_amount, serves) in enumerate(amounts) for n in serves]
    met = sum(min(has, need) for has, need in zip(got, needs, strict=True))
    assert sum(got) == sum(amount for amount, serves in amounts if serves)
    if not edges:
        assert met == 0
        return
    from_lines = [[k == line for k, _n in edges] for line in range(len(amounts))]
    to_needs = [[n == need for _k, n in edges] for need in range(4)]
    most = [*(float(amount) for amount, _serves in amounts), *map(float, needs)]
    best = linprog(-np.ones(len(edges)), A_ub=np.array([*from_lines, *to_needs], dtype=float), b_ub=most)
    assert float(met) == pytest.approx(-best.fun)


def test_sums_are_exact():
    assert total(Fraction(1, n) for n in range(1, 30)) == sum(Fraction(1, n) for n in range(1, 30))
    assert total([]) == 0
