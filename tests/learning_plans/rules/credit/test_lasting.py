"""A decision that is kept says itself until when it may be."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from learning_plans.rules.credit.deciding import decide
from learning_plans.rules.credit.facts import read_facts
from learning_plans.rules.credit.lasting import holds_until
from learning_plans.rules.credit.renewals import Bucket, bucket_of
from learning_plans.rules.credit.shelf import shipped

PACKS = ("NY-CTLE", "TX-teacher", "KY-annual", "IL-PEL-admin", "NJ-PDP", "PA-Act48", "CA-clear", "VA-10-year")


def facts_on(day, *, amounts, leaves_on=None, position="classroom_teacher"):
    return read_facts(
        {
            "as_of": day.isoformat(),
            "licence": {"type": "", "valid_from": "2022-07-01", "valid_until": "2024-06-30"},
            "employment": [
                {
                    "from": "2020-08-01",
                    "to": leaves_on and leaves_on.isoformat(),
                    "position": position,
                }
            ],
            "lines": [
                {"date": (date(2022, 7, 1) + timedelta(days=n)).isoformat(), "activity": "workshop", "amount": amount}
                for n, amount in amounts
            ],
        }
    )


some_days = st.dates(date(2022, 7, 1), date(2024, 9, 30))
some_amounts = st.lists(st.tuples(st.integers(0, 720), st.integers(1, 40)), max_size=6)


def without_the_passing_of_time(found):
    return replace(found, elapsed=Fraction(0))


@given(st.sampled_from(PACKS), some_days, some_amounts, st.none() | some_days, st.sampled_from(["aide", "other"]))
@settings(max_examples=150, deadline=None)
def test_until_that_day_the_decision_stays_the_same(code, day, amounts, leaves_on, position):
    pack = shipped()[code]
    facts = facts_on(day, amounts=amounts, leaves_on=leaves_on, position=position)
    found = decide(pack, facts)
    last = holds_until(pack, facts, found)

    assert last >= day
    span = (min(last, day + timedelta(days=900)) - day).days
    for days in sorted({0, span, span // 2, span // 3, min(1, span)}):
        later = decide(pack, replace(facts, as_of=day + timedelta(days=days)))
        assert without_the_passing_of_time(later) == without_the_passing_of_time(found)


def test_the_pace_falls_on_the_day_after():
    pack, facts = shipped()["NY-CTLE"], facts_on(date(2023, 1, 1), amounts=[(0, 50)])
    found = decide(pack, facts)
    last = holds_until(pack, facts, found)

    assert found.status == "on_track"
    assert decide(pack, replace(facts, as_of=last + timedelta(days=1))).status == "at_risk"


def test_a_period_falls_into_one_bucket_at_each_distance():
    today = date(2025, 3, 1)
    found = [bucket_of(today + timedelta(days=days), on=today) for days in (-1, 0, 90, 91, 180, 181, 365, 366)]

    soon, later, latest = Bucket.DAYS_90, Bucket.DAYS_180, Bucket.DAYS_365
    assert found == [Bucket.OVERDUE, soon, soon, later, later, latest, latest, None]
    assert bucket_of(None, on=today) is None
