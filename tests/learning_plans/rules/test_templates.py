"""Which template fits, how long somebody has taught, and on which days the parts of a plan fall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from learning_plans.rules.templates import (
    Post,
    begins_on,
    due_day,
    experience,
    fits,
    fitting,
    review_dates,
    review_days,
)

YEAR = {"starts_on": date(2026, 7, 1), "ends_on": date(2027, 6, 30)}


@dataclass(frozen=True)
class Template:
    position: str = ""
    experience_from: int | None = None
    experience_to: int | None = None
    school_level: str = ""
    school_id: int | None = None
    subject: str = ""


HERE = Post("classroom_teacher", 0, "high", 7, "Special education")


@pytest.mark.parametrize(
    ("template", "does"),
    [
        (Template(), True),
        (Template(position="classroom_teacher"), True),
        (Template(position="aide"), False),
        (Template(experience_from=0, experience_to=0), True),
        (Template(experience_to=0), True),
        (Template(experience_from=1), False),
        (Template(school_level="high"), True),
        (Template(school_level="middle"), False),
        (Template(school_id=7), True),
        (Template(school_id=8), False),
        (Template(subject=" special EDUCATION "), True),
        (Template(subject="Science"), False),
        (Template("classroom_teacher", 0, 1, "high", 7, "Special education"), True),
    ],
)
def test_every_part_of_the_audience_has_to_hold(template, does):
    assert fits(template, HERE) is does


def test_whose_years_nobody_knows_fits_only_where_no_years_are_asked_for():
    unknown = Post("classroom_teacher", None)
    assert fits(Template(position="classroom_teacher"), unknown)
    assert not fits(Template(experience_from=0), unknown)
    assert not fits(Template(experience_to=40), unknown)


def test_the_first_that_fits_is_taken():
    first, second = Template(subject="Special education"), Template()
    assert fitting(HERE, [Template(position="aide"), first, second]) is first
    assert fitting(Post(), [first, second]) is second
    assert fitting(Post(), [first]) is None


@pytest.mark.parametrize(
    ("at_hire", "hired_on", "on", "years"),
    [
        ("0", date(2026, 8, 15), date(2026, 8, 15), 0),
        ("0", date(2026, 8, 15), date(2027, 6, 30), 0),
        ("0", date(2026, 8, 15), date(2027, 7, 1), 1),  # the second school year, though not a year has passed
        ("0", date(2027, 3, 1), date(2027, 7, 1), 1),
        ("3.5", date(2024, 8, 15), date(2026, 9, 1), 5),
        ("2", date(2027, 8, 15), date(2027, 7, 1), 2),  # hired for later in the year
    ],
)
def test_experience_counts_school_years(at_hire, hired_on, on, years):
    assert experience(Decimal(at_hire), hired_on, on) == years


def test_experience_may_be_unknown():
    assert experience(None, date(2024, 8, 15), date(2026, 9, 1)) is None
    assert experience(Decimal(1), None, date(2026, 9, 1)) is None


def test_a_plan_begins_with_its_year_or_on_its_day():
    assert begins_on(date(2026, 5, 1), **YEAR) == date(2026, 7, 1)
    assert begins_on(date(2026, 10, 5), **YEAR) == date(2026, 10, 5)
    assert begins_on(date(2027, 8, 1), **YEAR) == date(2027, 6, 30)


def test_due_days_stay_within_the_year():
    assert due_day(date(2026, 7, 1), 30, YEAR["ends_on"]) == date(2026, 7, 31)
    assert due_day(date(2026, 7, 1), 900, YEAR["ends_on"]) == date(2027, 6, 30)
    assert due_day(date(2026, 7, 1), None, YEAR["ends_on"]) is None


def test_review_days_are_numbers_with_commas():
    assert review_days("180, 90,90,") == [90, 180]
    assert review_days("") == []
    for wrong in ("90, soon", "90, -3", "90, 9999999", "0"):
        with pytest.raises(ValueError, match=wrong.split(", ")[-1]):
            review_days(wrong)


def test_reviews_behind_the_beginning_are_left_out():
    days = review_dates("30, 90, 366", begins=date(2026, 8, 15), **YEAR)
    assert list(days) == [date(2026, 9, 29), date(2027, 6, 30)]
