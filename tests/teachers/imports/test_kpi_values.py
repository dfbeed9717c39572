from __future__ import annotations

from decimal import Decimal

import pytest

from teachers.models import KpiValue, SchoolYear
from tests.factories import SchoolFactory, employed
from tests.importing import loaded, planned, problems, totals

pytestmark = pytest.mark.django_db

ROW = {
    "kpi": "Growth",
    "school_year": "2024-25",
    "term": "Whole year",
    "level": "Classroom",
    "staff_id": "0042",
    "school_id": "0101",
    "section": "3A",
    "subject": "Mathematics",
    "grades": "3",
    "student_group": "All students",
    "value": "52.4",
    "n": 24,
    "sd": 8.1,
}
SCHOOL = ROW | {"level": "school", "staff_id": "", "section": "", "kpi": "chronic absence", "value": 12}


@pytest.fixture(autouse=True)
def teacher():
    return employed(SchoolFactory(school_id="0101"), staff_id="0042")


def test_figures_of_every_level_are_created_and_the_same_file_again_changes_nothing():
    rows = [
        ROW,
        SCHOOL,
        SCHOOL | {"level": "district", "school_id": ""},
        ROW | {"level": "teacher", "kpi": "observation"},
    ]

    assert totals(loaded("kpi_values", rows).plan) == {"created": 4}
    assert totals(loaded("kpi_values", rows).plan) == {"unchanged": 4}

    figure = KpiValue.objects.get(kpi__code="growth")
    assert (figure.value, figure.n, figure.sd, figure.term, figure.student_group) == (
        Decimal("52.4"),
        24,
        Decimal("8.1"),
        "year",
        "all",
    )
    assert SchoolYear.objects.get().label == "2024-25"


def test_a_corrected_figure_is_updated():
    loaded("kpi_values", [ROW])

    applied = loaded("kpi_values", [ROW | {"value": 53}])

    assert totals(applied.plan) == {"updated": 1}
    assert applied.plan.changes["updated"][0].edits[0].old == "52.4"


@pytest.mark.parametrize("mark", ["*", "suppressed", "<10", "n < 10", "≤5%", "**"])
def test_what_the_source_hides_is_neither_zero_nor_missing(mark):
    loaded("kpi_values", [ROW | {"value": mark}])

    figure = KpiValue.objects.get()
    assert (figure.value, figure.suppressed_at_source) == (None, True)


def test_a_row_without_a_value_records_nothing():
    applied = loaded("kpi_values", [ROW | {"value": "N/A"}])

    assert totals(applied.plan) == {"unchanged": 1}
    assert not KpiValue.objects.exists()


@pytest.mark.parametrize(("means", "label"), [("end", "2023-24"), ("start", "2024-25")])
def test_a_lone_year_means_what_the_file_says(means, label):
    loaded("kpi_values", [ROW | {"school_year": 2024}], year_means=means)

    assert KpiValue.objects.get().school_year.label == label


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kpi": "happiness"}, "kpi"),
        ({"school_year": "soon"}, "school_year"),
        ({"term": "summer"}, "term"),
        ({"level": ""}, "level"),
        ({"staff_id": ""}, "staff_id"),
        ({"staff_id": "0099"}, "staff_id"),
        ({"school_id": "999"}, "school_id"),
        ({"level": "school"}, "staff_id"),
        ({"level": "school", "staff_id": "", "school_id": ""}, "school_id"),
        ({"level": "district", "staff_id": ""}, "school_id"),
        ({"value": "good"}, "value"),
        ({"kpi": "attendance", "value": 101}, "value"),
        ({"n": -1}, "n"),
        ({"sd": -1}, "sd"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_field(changed, field):
    plan = planned("kpi_values", [ROW | changed])

    assert list(problems(plan)) == [(2, field)]
    assert totals(plan) == {"rejected": 1}


def test_the_same_figure_twice_counts_once_and_differently_not_at_all():
    assert totals(planned("kpi_values", [ROW, ROW])) == {"created": 1, "unchanged": 1}
    assert list(problems(planned("kpi_values", [ROW, ROW | {"value": 1}]))) == [(3, None)]


def test_percentages_that_look_like_shares_are_remarked_on():
    plan = planned("kpi_values", [ROW | {"kpi": "attendance", "value": 0.94}])

    assert "multiply them by 100" in plan.notes[0].message


def test_the_number_of_queries_does_not_depend_on_the_rows(django_assert_max_num_queries):
    loaded("kpi_values", [ROW])

    with django_assert_max_num_queries(17):
        loaded("kpi_values", [ROW | {"section": f"3{number}"} for number in range(30)])
