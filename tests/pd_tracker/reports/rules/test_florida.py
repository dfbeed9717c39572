"""The record of 58 characters, place by place as the state published it."""

from __future__ import annotations

import pytest

from learning_plans.rules.choices import ActivityType
from pd_tracker.reports.rules.florida import (
    LAYOUT,
    LENGTH,
    METHOD_OF_TYPE,
    Shape,
    fiscal_year,
    record,
    unfit,
    whole_hours,
)

# Item, first and last character, shape, of the published layout; it names no field for item 18 in full.
PUBLISHED = [
    (1, 1, 2, "N/R"), (2, 3, 6, "N/R"), (3, 7, 16, "A/N/L"), (4, 17, 17, "N"), (5, 18, 21, "N"), (6, 22, 28, "A/N"),
    (7, 29, 29, "A/N"), (8, 30, 35, ""), (9, 36, 38, "N/R"), (10, 39, 39, ""), (11, 40, 43, ""), (12, 44, 44, "A"),
    (13, 45, 46, "N/R"), (14, 47, 54, ""), (15, 55, 55, "A"), (16, 56, 56, "A"), (17, 57, 57, "A"), (18, 58, 58, "A"),
]  # fmt: skip
VALUES = {
    "district": "1", "school": "101", "person": "P123456", "survey_period": "5", "fiscal_year": "2526",
    "component": "2007003", "staff_evaluation": "A", "hours": "12", "transaction": "A", "completed_in": "1",
    "purpose": "C", "learning_method": "G", "implementation_method": "M", "student_evaluation": "B",
}  # fmt: skip


def test_every_place_is_where_the_state_wants_it():
    found = [
        (item, place.first, place.first + place.size - 1, place.shape.value) for item, place in enumerate(LAYOUT, 1)
    ]

    assert found == PUBLISHED
    assert sum(place.size for place in LAYOUT) == LENGTH == 58


def test_numbers_stand_behind_zeros_and_ids_before_blanks():
    line = record(VALUES)

    assert line == "010101P123456   525262007003A      012     A01        CGMB"
    assert len(line) == LENGTH


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("district", "101"), ("district", ""), ("school", "A101"), ("school", "10101"), ("person", ""),
        ("person", "123-45-678"), ("person", "12345678901"), ("component", "PD-1"), ("component", "200700"),
        ("hours", "1000"), ("fiscal_year", "202"), ("purpose", "c"), ("staff_evaluation", "é"),
    ],
)  # fmt: skip
def test_what_has_no_place_is_named(name, value):
    assert unfit(VALUES) is None
    assert unfit(VALUES | {name: value}) == name


@pytest.mark.parametrize(("minutes", "hours"), [(0, 0), (59, 0), (60, 1), (119, 1), (120, 2)])
def test_hours_are_cut_and_never_rounded_up(minutes, hours):
    assert whole_hours(minutes) == hours


def test_a_fiscal_year_has_four_digits():
    assert fiscal_year("2025-26") == "2526"


def test_only_kinds_that_fit_one_method_have_a_letter():
    assert {kind for kind in ActivityType if kind not in METHOD_OF_TYPE} == {
        ActivityType.COURSE, ActivityType.ONLINE, ActivityType.OBSERVATION, ActivityType.COLLEGE, ActivityType.OTHER,
        ActivityType.PRESENTING, ActivityType.EXAM, ActivityType.GROWTH_PLAN, ActivityType.ACADEMY,
    }  # fmt: skip
    assert Shape.FILLER == ""
