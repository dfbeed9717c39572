"""How practices spread, with small groups left untold."""

from __future__ import annotations

from datetime import date

from learning_plans.rules.practices import Spread, Taken, by_school, months_until, spread

MONTHS = [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]


def taken(person: int, month: int, area: str = "literacy", school: str = "Hill") -> Taken:
    return Taken(area, person, school, date(2026, month, 15))


def test_people_are_counted_once_and_up_to_each_month():
    rows = [taken(person, 9) for person in range(4)] + [taken(4, 10, school="Lake"), taken(4, 11), taken(5, 11)]
    assert spread(rows, MONTHS) == [Spread("literacy", (None, 5, 6), (None, 2, 2))]


def test_the_widest_comes_first():
    rows = [taken(person, 9, "data") for person in range(6)] + [taken(person, 9) for person in range(7)]
    assert [one.area for one in spread(rows, MONTHS)] == ["literacy", "data"]


def test_schools_with_fewer_than_five_people_are_not_told():
    rows = [taken(person, 9) for person in range(5)] + [taken(9, 9, school="Lake"), taken(8, 9, school="")]
    assert by_school(rows) == [("Hill", 5), ("Lake", None)]


def test_nothing_spreads_nowhere():
    assert spread([], MONTHS) == []
    assert by_school([]) == []


def test_months_pass_over_the_new_year():
    assert months_until(date(2027, 2, 28), 4) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 2, 1),
    ]
