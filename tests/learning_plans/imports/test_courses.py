from __future__ import annotations

from decimal import Decimal

import pytest

from learning_plans.models import Competency, Course, Provider
from tests.factories import CompetencyFactory, CourseFactory, FrameworkFactory
from tests.importing import loaded, planned, problems, totals

pytestmark = pytest.mark.django_db

ROW = {
    "code": "PD-101",
    "title": "Reading in grades 3 to 5",
    "provider": "County Office",
    "activity_type": "One-time Workshop Training",
    "minutes": "360",
    "category": "Instruction",
    "competencies": "C1; Asks good questions",
    "focus_areas": "literacy, inclusion",
    "cost": "$45.50",
    "evidence_tier": "Tier 3",
}


def test_a_course_is_created_with_its_provider_and_competencies():
    known = CompetencyFactory(code="C1", name="Plans lessons")

    applied = loaded("courses", [ROW])

    assert totals(applied.plan) == {"created": 1}
    course = Course.objects.get()
    assert (course.provider.name, course.activity_type, course.minutes, course.cost, course.evidence_tier) == (
        "County Office",
        "workshop",
        360,
        Decimal("45.50"),
        "promising",
    )
    assert course.focus_areas == "literacy; inclusion"
    own = Competency.objects.get(framework__name="District")
    assert set(course.competencies.all()) == {known, own}
    assert own.name == "Asks good questions"
    assert set(course.history.latest().competencies.values_list("competency", flat=True)) == {known.pk, own.pk}


def test_the_same_file_again_changes_nothing():
    loaded("courses", [ROW])

    named = Competency.objects.count()
    assert totals(loaded("courses", [ROW]).plan) == {"unchanged": 1}
    assert Competency.objects.count() == named


def test_providers_are_found_however_they_are_cased():
    loaded("courses", [ROW, ROW | {"code": "PD-102", "provider": "COUNTY OFFICE"}])

    assert Provider.objects.count() == 1


def test_a_course_changes_and_its_empty_minutes_change_nothing():
    course = CourseFactory(code="PD-101", title="Old", minutes=90)

    applied = loaded("courses", [{"code": "PD-101", "title": "New", "minutes": "", "provider": ""}])

    course.refresh_from_db()
    assert (course.title, course.minutes, course.provider) == ("New", 90, None)
    assert {edit.field for edit in applied.plan.changes["updated"][0].edits} == {"title", "provider"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": ""}, "code"),
        ({"title": ""}, "title"),
        ({"activity_type": "seance"}, "activity_type"),
        ({"minutes": "six"}, "minutes"),
        ({"cost": "-1"}, "cost"),
        ({"evidence_tier": "tier 9"}, "evidence_tier"),
        ({"competencies": "x" * 61}, "competencies"),
        ({"focus_areas": "x" * 401}, "focus_areas"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_field(changed, field):
    applied = loaded("courses", [ROW | changed])

    assert list(problems(applied.plan)) == [(2, field)]
    assert not Course.objects.exists()


def test_a_competency_in_two_frameworks_must_be_told_apart():
    CompetencyFactory(code="C1", framework=FrameworkFactory(name="One"))
    chosen = CompetencyFactory(code="C1", framework=FrameworkFactory(name="Two"))

    assert list(problems(planned("courses", [ROW]))) == [(2, "competencies")]

    loaded("courses", [ROW | {"competencies": "Two: C1"}])
    assert list(Course.objects.get().competencies.all()) == [chosen]


def test_the_same_code_twice_counts_once_and_differently_not_at_all():
    assert totals(planned("courses", [ROW, ROW])) == {"created": 1, "unchanged": 1}
    assert list(problems(planned("courses", [ROW, ROW | {"title": "Another"}]))) == [(3, "code")]


def test_the_number_of_queries_does_not_depend_on_the_rows(django_assert_max_num_queries):
    row = {key: value for key, value in ROW.items() if key != "competencies"}
    loaded("courses", [row])

    with django_assert_max_num_queries(24):
        loaded("courses", [row | {"code": f"PD-{number}", "provider": f"P{number}"} for number in range(30)])


def test_what_a_course_touches_too_is_kept_apart_and_has_its_history():
    main, aside = CompetencyFactory(code="C1"), CompetencyFactory(code="C2")
    loaded("courses", [ROW | {"competencies": "C1", "also_touches": "C2"}])
    course = Course.objects.get()
    assert (list(course.competencies.all()), list(course.also_touches.all())) == ([main], [aside])
    assert list(course.history.latest().also_touches.values_list("competency", flat=True)) == [aside.pk]
    assert totals(loaded("courses", [ROW | {"competencies": "C1", "also_touches": "C2"}]).plan) == {"unchanged": 1}

    loaded("courses", [ROW | {"competencies": "C1", "also_touches": ""}])
    assert not course.also_touches.exists()
    assert list(problems(planned("courses", [ROW | {"also_touches": "x" * 61}]))) == [(2, "also_touches")]


def test_a_providers_number_is_taken_from_the_file_and_a_blank_cell_keeps_it():
    numbered = ROW | {"provider_number": "500-114"}
    loaded("courses", [ROW])
    applied = loaded("courses", [numbered])
    assert [(edit.field, edit.old, edit.new) for edit in applied.plan.changes["updated"][0].edits] == [
        ("provider_number", "", "500-114")
    ]
    assert Provider.objects.get().number == "500-114"
    loaded("courses", [numbered | {"provider_number": ""}, numbered | {"code": "PD-102"}])
    assert Provider.objects.get().number == "500-114"
    loaded("courses", [ROW | {"provider": "Alder College", "provider_number": "500-115"}])
    assert Provider.objects.get(name="Alder College").number == "500-115"
