"""What rules ask beside hours."""

import pytest

from learning_plans.rules.credit.asking import FactKind, asked_by
from learning_plans.rules.credit.shelf import shipped


@pytest.mark.parametrize(
    ("pack", "asked"),
    [
        ("NY-CTLE", {"permanent_certificate": "yes_no", "national_board": "yes_no"}),
        ("CA-induction", {"mentor_assigned_on": "day", "goals_set_on": "day"}),
        ("KS-professional", {"retired": "yes_no", "bachelor_only": "yes_no", "plan_approved_on": "day"}),
        ("district-contract", {"contract_hours": "number"}),
        ("none", {}),
    ],
)
def test_rules_say_what_they_ask_and_how(pack, asked):
    assert asked_by(shipped()[pack]) == asked


def test_every_shipped_pack_can_be_asked():
    for pack in shipped().values():
        assert set(asked_by(pack)) == set(pack.facts) - {"extended_until"}
        assert set(asked_by(pack).values()) <= set(FactKind)
