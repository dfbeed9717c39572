"""Many rows written at once are what they would be one by one: the same values, defaults, history and refusals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from learning_plans.models import Completion, CreditLine
from pd_tracker.imports.staging import Note, insert, update
from teachers.models import School, Teacher
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    DistrictFactory,
    SchoolFactory,
    TeacherFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 11, 3, 9, 30, 15, 123456, tzinfo=UTC)
UGLY = ["a\tb", "a\\tb", "\\N", "\\.", "line\nbreak", "carriage\rreturn", "'; DROP TABLE x; --", "%s", "漢 😀", ""]


@pytest.fixture
def note():
    return Note(UserFactory().pk, "Import of a file", NOW)


def test_text_of_every_kind_comes_back_as_it_was(note):
    district = DistrictFactory().pk

    keys = insert(
        School, [{"district_id": district, "school_id": str(n), "name": name} for n, name in enumerate(UGLY)], note
    )

    assert list(School.objects.order_by("pk").values_list("pk", "name")) == list(zip(keys, UGLY, strict=True))
    assert list(School.history.order_by("id").values_list("name", flat=True)) == UGLY


def test_values_of_every_type_and_defaults_for_what_is_not_said(note):
    made, course, user = TeacherFactory(), CourseFactory(), UserFactory()
    said = {"teacher_id": made.pk, "course_id": course.pk, "minutes": 90, "recorded_at": NOW}
    rows = [
        said | {"completed_on": date(2025, 10, 6), "approved_at": NOW, "approved_by_id": user.pk},
        said | {"completed_on": date(2025, 10, 7), "minutes": 60, "fund": "Title II-A"},
    ]

    keys = insert(Completion, rows, note)
    insert(CreditLine, [{"completion_id": key, "amount": Decimal("1.5")} for key in keys], note)

    first, second = Completion.objects.order_by("pk")
    assert (first.completed_on, first.minutes, first.fund, first.approved_at) == (date(2025, 10, 6), 90, "", NOW)
    assert (first.approved_by, second.approved_by, second.approved_at, second.session) == (user, None, None, None)
    assert (second.fund, second.source, second.state, second.recorded_at) == ("Title II-A", "hr", "approved", NOW)
    assert set(CreditLine.objects.values_list("unit", "amount")) == {("hour", Decimal("1.500"))}


def test_history_holds_the_row_and_who_when_and_why(note):
    (key,) = insert(School, [{"district_id": DistrictFactory().pk, "school_id": "1", "name": "Cedar"}], note)
    update(School, {key: {"name": "Birch"}}, note)

    changed, made = School.history.order_by("-history_id")
    assert [(each.id, each.name, each.school_id) for each in (made, changed)] == [
        (key, "Cedar", "1"),
        (key, "Birch", "1"),
    ]
    assert (made.history_type, changed.history_type) == ("+", "~")
    assert {(each.history_user_id, each.history_change_reason, each.history_date) for each in (made, changed)} == {
        (note.user_id, "Import of a file", NOW)
    }


def test_each_row_changes_in_its_own_values(note):
    people = [TeacherFactory(given_name="Ana", email="ana@alder.example", birth_year=1980) for _ in range(3)]
    one, two, three = (person.pk for person in people)

    update(
        Teacher, {one: {"given_name": "Bea"}, two: {"birth_year": None, "email": ""}, three: {"birth_year": 1981}}, note
    )

    assert list(Teacher.objects.order_by("pk").values_list("given_name", "email", "birth_year")) == [
        ("Bea", "ana@alder.example", 1980),
        ("Ana", "", None),
        ("Ana", "ana@alder.example", 1981),
    ]
    assert Teacher.history.filter(history_type="~").count() == 3


def test_what_is_stored_already_is_not_touched(note):
    same = TeacherFactory(birth_year=None, experience_years=Decimal("2.5"), email="")
    other = TeacherFactory(birth_year=None, experience_years=Decimal("2.5"), email="")
    values = {"birth_year": None, "experience_years": Decimal("2.50"), "email": ""}

    update(Teacher, {same.pk: values, other.pk: values | {"birth_year": 1980}}, note)

    assert set(Teacher.history.filter(history_type="~").values_list("id", flat=True)) == {other.pk}
    assert Teacher.objects.get(pk=other.pk).birth_year == 1980


def test_a_row_that_is_gone_is_left_out(note):
    update(Teacher, {10**9: {"given_name": "Bea"}}, note)

    assert not Teacher.history.filter(id=10**9).exists()


def test_keys_are_nobody_elses(note):
    district = DistrictFactory().pk
    keys = insert(School, [{"district_id": district, "school_id": str(n), "name": "Oak"} for n in range(3)], note)

    later = SchoolFactory()

    assert len({*keys, later.pk}) == 4
    assert later.pk > max(keys)


def test_what_the_database_refuses_leaves_nothing_behind(note):
    made = CompletionFactory(external_key="A1")
    said = {"teacher_id": made.teacher_id, "course_id": made.course_id, "completed_on": date(2025, 1, 1), "minutes": 1}

    for _twice in range(2):  # the table of passage is gone as well
        with pytest.raises(IntegrityError), transaction.atomic():
            insert(Completion, [said | {"external_key": "A2"}, said | {"external_key": "A1"}], note)
    assert Completion.objects.count() == 1

    assert insert(Completion, [said | {"external_key": "A2"}], note)


def test_a_name_that_the_model_does_not_have_is_a_mistake(note):
    with pytest.raises(KeyError, match="colour"):
        insert(School, [{"colour": "blue"}], note)


def test_the_number_of_queries_does_not_depend_on_the_rows(note, django_assert_max_num_queries):
    district = DistrictFactory().pk
    rows = [{"district_id": district, "school_id": str(n), "name": f"Oak {n}"} for n in range(50)]

    with django_assert_max_num_queries(6):
        keys = insert(School, rows, note)
    with django_assert_max_num_queries(6):
        update(School, {key: {"name": f"Birch {key}"} for key in keys}, note)


def test_a_long_text_of_the_history_is_kept_whole(note):
    reason = "Import of " + "a" * 200
    insert(School, [{"district_id": DistrictFactory().pk, "school_id": "1", "name": "Oak"}], Note(None, reason, NOW))

    kept = School.history.get()
    assert (kept.history_change_reason, kept.history_user) == (reason, None)
    assert "passage" not in " ".join(connection.introspection.table_names())
