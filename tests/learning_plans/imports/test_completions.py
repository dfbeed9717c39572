from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from learning_plans.models import Completion, CreditLine
from learning_plans.rules.choices import CompletionState
from tests.factories import CompletionFactory, CourseFactory, SchoolFactory, employed, user_with_role
from tests.importing import NOW, TODAY, loaded, planned, problems, totals

pytestmark = pytest.mark.django_db

ROW = {
    "staff_id": "0042",
    "course_code": "PD-101",
    "completed_on": "2025-10-06",
    "hours": "6",
    "minutes": "",
    "category": "",
    "amount": "",
    "unit": "",
    "fund": "Title II-A",
    "source": "",
    "external_key": "",
}


@pytest.fixture(autouse=True)
def teacher():
    return employed(SchoolFactory(), staff_id="0042")


@pytest.fixture(autouse=True)
def course():
    return CourseFactory(code="PD-101", category="Instruction", minutes=360)


@pytest.fixture
def hr():
    user = user_with_role("hr")
    user.today = TODAY
    return user


def test_a_completion_is_approved_and_brings_the_hours_it_took(hr):
    applied = loaded("completions", [ROW], actor=hr)

    assert totals(applied.plan) == {"created": 1}
    completion = Completion.objects.get()
    assert (completion.minutes, completion.category, completion.fund, completion.source, completion.state) == (
        360,
        "Instruction",
        "Title II-A",
        "import",
        CompletionState.APPROVED,
    )
    assert (completion.recorded_by, completion.approved_by, completion.approved_at) == (hr, hr, NOW)
    line = completion.credit_lines.get()
    assert (line.unit, line.amount, line.category) == ("hour", Decimal(6), "Instruction")


@pytest.mark.parametrize(
    ("cells", "minutes"),
    [
        ({"hours": "22.5"}, 1350),
        ({"hours": "1:30"}, 90),
        ({"hours": "1.5 hrs"}, 90),
        ({"hours": "0.33"}, 20),
        ({"hours": "", "minutes": "45"}, 45),
        ({"hours": "0.75", "minutes": "45"}, 45),
    ],
)
def test_hours_become_minutes(cells, minutes):
    loaded("completions", [ROW | cells])

    assert Completion.objects.get().minutes == minutes


def test_the_same_file_again_changes_nothing():
    rows = [ROW, ROW | {"external_key": "A1"}, ROW | {"external_key": "A2", "unit": "CEUs", "amount": "0.6"}]
    assert totals(loaded("completions", rows).plan) == {"created": 3}
    before = Completion.history.count(), CreditLine.history.count()

    assert totals(loaded("completions", rows).plan) == {"unchanged": 3}
    assert (Completion.history.count(), CreditLine.history.count()) == before


def test_a_correction_is_found_by_its_key_wherever_it_moved():
    CourseFactory(code="PD-102")
    loaded("completions", [ROW | {"external_key": "A1"}])

    moved = ROW | {"external_key": "A1", "completed_on": "2024-03-01", "course_code": "PD-102", "hours": 3}
    applied = loaded("completions", [moved])

    assert totals(applied.plan) == {"updated": 1}
    completion = Completion.objects.get()
    assert (completion.completed_on, completion.course.code, completion.minutes) == (date(2024, 3, 1), "PD-102", 180)
    assert completion.credit_lines.get().amount == Decimal(3)
    edits = {edit.field: (edit.old, edit.new) for edit in applied.plan.changes["updated"][0].edits}
    assert edits["course_code"] == ("PD-101", "PD-102")


def test_one_completion_may_bring_credit_in_several_units():
    rows = [ROW, ROW | {"unit": "CEU", "amount": "0.6"}]

    assert totals(loaded("completions", rows).plan) == {"created": 2}
    assert totals(loaded("completions", rows).plan) == {"unchanged": 2}

    assert Completion.objects.count() == 1
    assert dict(CreditLine.objects.values_list("unit", "amount")) == {"hour": Decimal(6), "ceu": Decimal("0.6")}


def test_a_second_pass_on_another_day_is_a_second_completion():
    loaded("completions", [ROW, ROW | {"completed_on": "2025-10-07"}])

    assert Completion.objects.count() == 2


def test_what_was_voided_here_stays_voided(teacher, course):
    voided = CompletionFactory(
        teacher=teacher, course=course, completed_on=date(2025, 10, 6), state="voided", void_reason="Double"
    )

    applied = loaded("completions", [ROW])

    assert totals(applied.plan) == {"unchanged": 1}
    assert "voided" in applied.plan.notes[0].message
    assert list(Completion.objects.all()) == [voided]


def test_what_was_recorded_anew_after_it_was_voided_is_the_one_that_is_meant(teacher, course):
    fields = {"teacher": teacher, "course": course, "completed_on": date(2025, 10, 6)}
    CompletionFactory(**fields, state="voided", void_reason="Double")
    living = CompletionFactory(**fields)

    assert totals(loaded("completions", [ROW | {"hours": 4}]).plan) == {"updated": 1}

    living.refresh_from_db()
    assert living.minutes == 240


def test_nobody_certifies_their_own_hours(hr, teacher):
    teacher.user = hr
    teacher.save()

    loaded("completions", [ROW], actor=hr)

    completion = Completion.objects.get()
    assert (completion.state, completion.approved_by) == (CompletionState.PENDING, None)
    assert list(problems(planned("completions", [ROW | {"hours": 9}], actor=hr))) == [(2, "staff_id")]


def test_days_outside_the_employment_and_very_long_days_are_kept_and_remarked_on():
    applied = loaded("completions", [ROW | {"completed_on": "2001-03-05", "hours": 30}])

    assert applied.done
    assert [note.field for note in applied.plan.notes] == ["minutes", "completed_on"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"staff_id": "0099"}, "staff_id"),
        ({"staff_id": ""}, "staff_id"),
        ({"course_code": "PD-999"}, "course_code"),
        ({"completed_on": "2025-11-04"}, "completed_on"),
        ({"completed_on": "2025-02-30"}, "completed_on"),
        ({"completed_on": "2004"}, "completed_on"),
        ({"hours": ""}, "minutes"),
        ({"minutes": "300"}, "minutes"),
        ({"hours": "-1"}, "hours"),
        ({"unit": "CEU"}, "amount"),
        ({"unit": "stars", "amount": 1}, "unit"),
        ({"amount": "many"}, "amount"),
        ({"source": "rumor"}, "source"),
        ({"external_key": "x" * 201}, "external_key"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_field(changed, field):
    applied = loaded("completions", [ROW | {"completed_on": "2025-10-05"}, ROW | changed])

    assert list(problems(applied.plan)) == [(3, field)]
    assert totals(applied.plan) == {"created": 1, "rejected": 1}
    assert not Completion.objects.exists()


def test_the_same_row_twice_counts_once_and_differently_not_at_all():
    assert totals(planned("completions", [ROW, ROW])) == {"created": 1, "unchanged": 1}
    assert list(problems(planned("completions", [ROW, ROW | {"hours": 5}]))) == [(3, None)]


def test_the_number_of_queries_does_not_depend_on_the_rows(django_assert_max_num_queries):
    loaded("completions", [ROW])

    with django_assert_max_num_queries(26):
        loaded("completions", [ROW | {"external_key": f"K{number}"} for number in range(30)])
