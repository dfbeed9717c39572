"""The training of school years, summed up: true after every way of writing completions, and proven against them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from random import Random

import pytest
from django.apps import apps
from django.db import connection, transaction

from learning_plans.actions.completions import (
    approve_completion,
    correct_completion,
    record_completion,
    restore_completion,
    void_completion,
)
from learning_plans.models import Completion, TrainingDays, TrainingYear
from learning_plans.sums import compared, move_days, sum_up
from teachers.actions.places import save_school_year
from teachers.models import District, SchoolYear
from tests.factories import CompletionFactory, CourseFactory, DistrictFactory, SchoolYearFactory, TeacherFactory
from tests.importing import loaded

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 3)
MIGRATIONS = ("0004_training_years", "0012_last_day_of_training")
NOW = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
CATEGORIES = ("", "Literacy", "Safety")


@pytest.fixture
def district():
    return DistrictFactory()


def differences(district, *, repair=False):
    return [each for part in compared(district, repair=repair) for each in part]


def sums():
    rows = TrainingYear.objects.order_by("teacher", "year", "category")
    return list(rows.values_list("year", "category", "minutes", "completions"))


def day(random):
    """Of three school years; some days lie between the second and the third."""
    return date(2023, 6, 1) + timedelta(days=random.randrange(880))


class Writers:
    """Everybody who changes completions, one step after the other, in an order that only chance knows."""

    def __init__(self, seed):
        self.random, self.keys = Random(seed), iter(range(10_000))
        self.courses = [CourseFactory(code=f"PD-{n}", category=name) for n, name in enumerate(CATEGORIES)]
        self.people = [TeacherFactory(staff_id=f"S{n}") for n in range(4)]

    def step(self):
        random = self.random
        random.choice([self.record, self.correct, self.void, self.restore, self.approve, self.load, self.load])()

    def one_of(self, **wanted):
        rows = list(Completion.objects.filter(**wanted).order_by("pk"))
        return self.random.choice(rows) if rows else None

    def record(self):
        completion = Completion(
            teacher=self.random.choice(self.people),
            course=self.random.choice(self.courses),
            completed_on=day(self.random),
            minutes=self.random.randrange(0, 400),
            state=self.random.choice(["approved", "pending"]),
            external_key=f"R{next(self.keys)}",
        )
        record_completion(completion=completion, actor=None, at=NOW, on=TODAY)

    def correct(self):
        if completion := self.one_of():
            completion.completed_on, completion.minutes = day(self.random), self.random.randrange(400)
            completion.category = self.random.choice(CATEGORIES)
            completion.teacher, completion.external_key = self.random.choice(self.people), f"M{next(self.keys)}"
            correct_completion(completion=completion, actor=None, reason="Typing error", on=TODAY)

    def void(self):
        if completion := self.one_of(state="approved"):
            void_completion(completion=completion, actor=None, reason="Twice")

    def restore(self):
        if completion := self.one_of(state="voided"):
            restore_completion(completion=completion, actor=None, reason="It was right")

    def approve(self):
        if completion := self.one_of(state="pending"):
            approve_completion(completion=completion, actor=None, at=NOW)

    def load(self):
        """A file with new rows, and with rows that move completions of files before it to other days."""
        row = {"minutes": 60, "hours": "", "category": "Safety"}
        rows = [
            row
            | {
                "staff_id": self.random.choice(self.people).staff_id,
                "course_code": self.random.choice(self.courses).code,
                "completed_on": day(self.random).isoformat(),
                "minutes": self.random.randrange(1, 400),
                "external_key": f"L{self.random.randrange(12)}",
            }
            for _ in range(6)
        ]
        unlike = {(row["staff_id"], row["external_key"]): row for row in rows}
        assert loaded("completions", list(unlike.values())).done


@pytest.mark.parametrize("seed", range(3))
def test_the_sums_are_true_after_whatever_was_written(district, seed):
    SchoolYear.objects.create(
        district=district,
        label="2025-26",
        starts_on=date(2025, 8, 4),
        ends_on=date(2026, 6, 5),
        census_on=date(2025, 10, 1),
    )
    writers = Writers(seed)
    for _ in range(60):
        writers.step()
        assert differences(district) == []
    assert len({year for year, *_rest in sums()}) == 4
    assert TrainingDays.objects.get(year=2025).starts_on == date(2025, 8, 4)


def test_only_approved_completions_are_summed_up_by_year_and_category(district):
    teacher = TeacherFactory()
    for completed_on, more in (
        (date(2024, 7, 1), {}),
        (date(2025, 6, 30), {}),
        (date(2025, 7, 1), {}),
        (date(2025, 6, 30), {"category": "Safety"}),
        (date(2025, 6, 30), {"state": "pending"}),
        (date(2025, 6, 30), {"state": "voided", "void_reason": "Twice"}),
    ):
        given = {"category": "Literacy", "minutes": 90} | more
        CompletionFactory(teacher=teacher, completed_on=completed_on, **given)
    assert sums() == [(2024, "Literacy", 180, 2), (2024, "Safety", 90, 1), (2025, "Literacy", 90, 1)]


def test_what_was_changed_past_the_product_is_found_and_put_right(district):
    one, other = CompletionFactory.create_batch(2, completed_on=TODAY, minutes=60, category="Safety")
    TrainingYear.objects.filter(teacher=other.teacher).delete()
    Completion.objects.filter(pk=one.pk).update(minutes=90)
    Completion.objects.bulk_create(
        [Completion(teacher=one.teacher, course=one.course, completed_on=date(2019, 1, 5), minutes=5)]
    )

    found = differences(district)
    assert [(each.teacher, each.year, each.stored, each.facts) for each in found] == [
        (one.teacher_id, 2018, None, (5, 1, date(2019, 1, 5))),
        (one.teacher_id, 2025, (60, 1, TODAY), (90, 1, TODAY)),
        (other.teacher_id, 2025, None, (60, 1, TODAY)),
    ]
    assert differences(district) == found
    assert differences(district, repair=True) == found
    assert differences(district) == []


def test_a_school_year_with_other_days_is_summed_up_over_them(district):
    year, teacher = SchoolYearFactory(start=2024), TeacherFactory()
    for completed_on in (date(2024, 7, 20), date(2024, 9, 1)):
        CompletionFactory(teacher=teacher, completed_on=completed_on, minutes=60, category="")
    year.starts_on = date(2024, 8, 1)
    save_school_year(year=year, actor=None)
    assert sums() == [(2024, "", 120, 2)]
    move_days(district)
    assert sums() == [(2024, "", 60, 1)]
    assert differences(district) == []


def test_the_last_day_is_that_of_the_completions_that_stand(district):
    teacher, course = TeacherFactory(), CourseFactory(category="Safety")
    days = (date(2025, 9, 1), TODAY, date(2025, 10, 1))
    made = [CompletionFactory(teacher=teacher, course=course, category="Safety", completed_on=each) for each in days]
    assert TrainingYear.objects.get().last_on == TODAY
    void_completion(completion=made[1], reason="Twice", actor=None)
    assert TrainingYear.objects.get().last_on == date(2025, 10, 1)


def test_nothing_written_and_nothing_to_compare_are_no_trouble(district):
    sum_up([])
    assert differences(district) == []
    CompletionFactory(completed_on=date.min)
    assert (sums(), differences(district)) == ([], [])


def test_an_older_database_is_summed_up_when_it_is_brought_up_to_date(district):
    SchoolYearFactory(start=2024, starts_on=date(2024, 8, 1))
    for completed_on in (date(2023, 9, 1), date(2024, 7, 20), date(2024, 9, 1)):
        CompletionFactory(completed_on=completed_on)
    kept = sums()
    TrainingYear.objects.all().delete()
    TrainingDays.objects.all().delete()

    days, last_days = (import_module(f"learning_plans.migrations.{name}") for name in MIGRATIONS)
    days.note_days(apps, district)
    with connection.cursor() as cursor:
        cursor.execute(last_days.SUM_UP)

    assert sums() == kept
    assert len(kept) == 2
    assert differences(district) == []


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_people_who_write_for_one_teacher_at_once_wait_for_each_other():
    teacher, course = TeacherFactory(), CourseFactory(category="")
    days = [TODAY - timedelta(days=number) for number in range(24)]

    def write(completed_on):
        try:
            with transaction.atomic():
                Completion.objects.create(teacher=teacher, course=course, completed_on=completed_on, minutes=60)
                sum_up([(teacher.pk, completed_on)])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, days))
    assert sums() == [(2025, "", 24 * 60, 24)]
    assert differences(District.objects.get()) == []
