"""Letters with fields."""

from learning_plans.rules.merging import filled, unknown_fields


def test_fields_are_filled_and_other_braces_stay():
    assert filled("Dear {name}, { end }! {} {x}", {"name": "Ada", "end": "June 30"}) == "Dear Ada, June 30! {} {x}"


def test_strangers_are_named_once():
    assert unknown_fields("{name} {naem} {x} {naem} {}") == ("naem", "x", "")


def test_a_value_with_braces_is_not_filled_again():
    assert filled("{name}", {"name": "{end}", "end": "never"}) == "{end}"
