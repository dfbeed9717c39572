"""Why two systems count differently."""

from fractions import Fraction

import pytest

from learning_plans.rules.parallel import Item, explain

PENDING, VOIDED, CARRIED = Item("pending", Fraction(6)), Item("voided", Fraction(4)), Item("carried_in", Fraction(-10))


@pytest.mark.parametrize(
    ("difference", "keys", "rest"),
    [
        (0, [], 0),
        (Fraction(1, 200), [], 0),
        (6, ["pending"], 0),
        (10, ["pending", "voided"], 0),
        (-10, ["carried_in"], 0),
        (-4, ["carried_in", "pending"], 0),
        (7, ["pending", "voided"], -3),
        (12, ["pending", "voided"], 2),
        (-3, ["carried_in"], 7),
    ],
)
def test_the_fewest_items_that_fit_explain_a_difference(difference, keys, rest):
    found = explain(Fraction(difference), [VOIDED, PENDING, CARRIED])

    assert [item.key for item in found.items] == keys
    assert found.rest == rest
    assert found.is_whole == (rest == 0)


def test_more_than_the_difference_is_told_from_less():
    assert explain(Fraction(7), [VOIDED, PENDING]).is_too_much
    assert not explain(Fraction(12), [VOIDED, PENDING]).is_too_much
    assert explain(Fraction(-3), [CARRIED]).is_too_much
    assert not explain(Fraction(5), []).is_too_much


def test_many_items_are_still_answered_at_once():
    items = [Item(f"i{n}", Fraction(2**n, 3)) for n in range(40)]
    assert not explain(Fraction(1, 7), items).is_whole


def test_thirds_are_compared_as_other_systems_round_them():
    assert explain(Fraction("0.33"), [Item("pending", Fraction(1, 3))]).is_whole
