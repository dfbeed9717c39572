"""What holds for every pack and any lines, and lines that make no sense."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning_plans.rules.credit.deciding import converted_amount, decide
from learning_plans.rules.credit.decision import Reason, Status
from learning_plans.rules.credit.facts import Facts, Licence, Line, LineState, Spell
from learning_plans.rules.credit.pack import ACTIVITIES, UNITS
from learning_plans.rules.credit.shelf import shipped
from tests.learning_plans.rules.credit.facts import decision, line

FIRST, LAST = date(2021, 7, 1), date(2026, 6, 30)
CATEGORIES = ("content", "pedagogy", "reading", "disabilities", "knowledge", "statute_topics", "stem", "equity", "odd")
FACTS = {"plan_approved_on": "2021-07-01", "contract_hours": 18}

some_lines = st.lists(
    st.builds(
        Line,
        day=st.dates(FIRST - timedelta(days=40), LAST + timedelta(days=40)),
        activity=st.sampled_from((*ACTIVITIES, "juggling")),
        unit=st.sampled_from(UNITS),
        amount=st.decimals("0", "60", places=1).map(Fraction),
        categories=st.lists(st.sampled_from(CATEGORIES), max_size=3, unique=True).map(tuple),
        topic=st.sampled_from(("", "knots", "talk")),
        state=st.sampled_from(LineState),
    ),
    max_size=12,
)
some_pack = st.sampled_from(sorted(shipped()))


def twice(lines):
    """The same learning entered again, with other amounts."""
    keyed = [replace(each, key=f"c{n}") for n, each in enumerate(lines)]
    return [*keyed, *(replace(each, amount=each.amount / 2) for each in keyed[::2])]


def facts_of(lines, as_of=LAST):
    licence = Licence("", FIRST, LAST, ("mathematics", "physics"))
    return Facts(as_of, licence, (Spell(FIRST, None, Fraction(1)),), facts=FACTS, lines=tuple(lines))


@settings(max_examples=150, deadline=None)
@given(some_pack, some_lines)
def test_every_hour_is_accounted_for_once(pack, lines):
    found = decide(shipped()[pack], facts_of(lines))
    assert found.counted + found.pending + found.uncounted == sum(each.converted for each in found.lines)
    assert found.counted == sum(each.counted for each in found.lines)
    for each in found.lines:
        assert 0 <= each.counted <= each.converted
        assert (each.reason is Reason.COUNTED) == (each.counted == each.converted and each.reason is Reason.COUNTED)
        if each.counted:
            assert each.converted == converted_amount(shipped()[pack], lines[each.index])


@settings(max_examples=150, deadline=None)
@given(some_pack, some_lines.map(twice), st.randoms())
def test_the_order_of_lines_changes_nothing(pack, lines, random):
    shuffled = lines.copy()
    random.shuffle(shuffled)
    found, again = decide(shipped()[pack], facts_of(lines)), decide(shipped()[pack], facts_of(shuffled))
    assert (found.counted, found.pending, found.status, found.minimums) == (
        again.counted, again.pending, again.status, again.minimums,
    )  # fmt: skip

    def told(decided, given_lines):
        return Counter((given_lines[each.index], each.counted, each.reason) for each in decided.lines)

    assert told(found, lines) == told(again, shuffled)


@settings(max_examples=150, deadline=None)
@given(some_pack, some_lines, some_lines)
def test_an_approved_line_more_never_lowers_what_counts(pack, lines, others):
    more = [each for each in others if each.state is LineState.APPROVED]
    before = decide(shipped()[pack], facts_of(lines))
    for each in more:
        lines = [*lines, each]
        after = decide(shipped()[pack], facts_of(lines))
        assert after.counted >= before.counted
        before = after


@settings(max_examples=75, deadline=None)
@given(some_lines)
def test_a_minimum_never_holds_more_than_counts_where_hours_are_not_shared(lines):
    found = decide(shipped()["MA-primary"], facts_of(lines))
    assert sum(each.counted for each in found.minimums) <= found.counted


def test_hours_that_could_serve_two_minimums_go_where_they_are_needed():
    """Only this sharing meets all three: greedy ones that fill content first miss pedagogy or reading."""
    found = decision(
        "MA-primary",
        line(15, "workshop", "content", "pedagogy", unit="pdp"),
        line(15, "workshop", "content", "disabilities", unit="pdp"),
        line(15, "workshop", "content", unit="pdp"),
        line(15, "workshop", "pedagogy", "sei_esl", unit="pdp"),
    )
    assert [each.short for each in found.minimums] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (line(-5), Reason.BELOW_ZERO),
        (line(5, unit="plan"), Reason.UNKNOWN_UNIT),
        (line(5, "workshop", "juggling"), Reason.UNKNOWN_CATEGORY),
        (line(5, "juggling"), Reason.UNKNOWN_ACTIVITY),
        (line(5, on="2021-02-28"), Reason.BEFORE_WINDOW),
        (line(5, state="voided"), Reason.VOIDED),
    ],
)
def test_what_makes_no_sense_is_kept_and_not_counted(bad, reason):
    found = decision("TX-teacher", line(10), bad)
    assert [each.reason for each in found.lines] == [Reason.COUNTED, reason]
    assert found.counted == 10


def test_a_day_still_to_come_and_one_after_the_end():
    found = decision("TX-teacher", line(5, on="2026-01-01"), line(5, on="2026-04-01"), as_of="2025-12-31")
    assert [each.reason for each in found.lines] == [Reason.NOT_YET, Reason.NOT_YET]
    late = decision("TX-teacher", line(5, on="2026-04-01"), as_of="2026-05-01")
    assert late.lines[0].reason is Reason.AFTER_WINDOW
    assert late.status is Status.OVERDUE


def test_the_same_learning_counts_once():
    found = decision("TX-teacher", line(6, id="c1"), line(8, id="c1"), line(8, id="c2"))
    assert (found.counted, found.lines[0].reason) == (16, Reason.SAME_HOUR)


def test_pending_hours_are_beside_and_never_counted():
    found = decision("TX-teacher", line(100), line(50, state="pending"))
    assert (found.counted, found.pending, found.uncounted, found.is_met) == (100, 50, 0, False)


@pytest.mark.parametrize(
    ("hours", "on", "status"),
    [
        (75, "2023-08-30", Status.ON_TRACK),
        (74, "2023-08-30", Status.AT_RISK),
        (30, "2023-08-30", Status.BEHIND),
        (0, "2021-03-01", Status.ON_TRACK),
        (150, "2022-01-01", Status.MET),
        (149, "2026-02-28", Status.AT_RISK),
        (149, "2026-03-01", Status.OVERDUE),
    ],
)
def test_pace_is_the_share_counted_beside_the_share_of_time(hours, on, status):
    assert decision("TX-teacher", line(hours), as_of=on).status is status


def test_a_license_without_days_is_unknown():
    assert decision("TX-teacher", period=(None, None), as_of="2026-01-01").status is Status.UNKNOWN
    assert decision("TX-teacher", period=("2021-03-01", None), as_of="2026-01-01").window.last == date(2026, 2, 28)


def test_five_years_from_a_leap_day_end_before_the_first_of_march():
    found = decision("TX-teacher", period=("2020-02-29", None), as_of="2021-01-01")
    assert found.window.last == date(2025, 2, 28)
    until = decision("TX-teacher", period=(None, "2024-02-29"), as_of="2021-01-01")
    assert until.window.first == date(2019, 3, 1)


def test_half_points_are_exact():
    found = decision("MA-primary", *(line("0.1", unit="pdp") for _ in range(1499)))
    assert found.counted == Fraction("149.9")
    assert not found.is_met


def test_what_came_in_counts_and_says_from_where():
    before = {"counted": 230, "required": 180, "by_date": [{"date": "2020-05-01", "amount": 40}, ["2017-05-01", 60]]}
    found = decision("PA-Act48", line(140), previous=before)
    assert (found.carried_in, found.counted, found.is_met) == (40, 180, True)
    assert found.steps[-1].key == "carried_in"
