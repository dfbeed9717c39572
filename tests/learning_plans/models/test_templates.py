"""Templates say for whom they are, and refuse what could not be followed."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from tests.factories import DistrictFactory, PlanTemplateFactory, SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        ({}, "everybody"),
        ({"experience_from": 0, "experience_to": 0}, "first year of teaching"),
        ({"experience_to": 2}, "first 3 years of teaching"),
        ({"experience_from": 0}, "everybody"),
        ({"experience_from": 3}, "year 4 of teaching and later"),
        ({"experience_from": 1, "experience_to": 3}, "years 2 to 4 of teaching"),
        (
            {"experience_to": 0, "position": "classroom_teacher", "school_level": "high", "subject": "Science"},
            "first year of teaching, Classroom teacher, High school, Science",
        ),
    ],
)
def test_the_audience_in_words(audience, words):
    assert PlanTemplateFactory(**audience).for_whom == words


def test_a_school_is_named():
    assert PlanTemplateFactory(school=SchoolFactory(name="Hill School")).for_whom == "Hill School"


def test_review_days_that_are_no_numbers_are_refused_at_their_field():
    with pytest.raises(ValidationError) as refused:
        PlanTemplateFactory.build(district=DistrictFactory(), review_days="in spring").full_clean()
    assert "such as 90, 180" in refused.value.message_dict["review_days"][0]


def test_a_school_of_another_district_is_refused():
    away = SchoolFactory(district=DistrictFactory(name="Birch Hills"))
    with pytest.raises(ValidationError) as refused:
        PlanTemplateFactory.build(district=DistrictFactory(), school=away).full_clean()
    assert set(refused.value.message_dict) == {"school"}
