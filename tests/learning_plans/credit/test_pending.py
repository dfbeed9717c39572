"""What approving a completion would change."""

from datetime import date

import pytest

from learning_plans.credit.pending import effects_of
from learning_plans.models import CategoryMeaning
from tests.factories import CompletionFactory, LicenceFactory, TeacherFactory

pytestmark = pytest.mark.django_db
TODAY, FIRST, LAST = date(2025, 3, 3), date(2022, 7, 1), date(2027, 6, 30)


def waiting(teacher, **more):
    values = {"teacher": teacher, "minutes": 360, "completed_on": TODAY, "category": "", "state": "pending"}
    return CompletionFactory(**values | more)


def held(teacher, **more):
    values = {"teacher": teacher, "rule_pack": "NY-CTLE", "valid_from": FIRST, "valid_until": LAST}
    return LicenceFactory(**values | more)


def test_each_waiting_completion_is_looked_at_by_itself():
    teacher = TeacherFactory()
    held(teacher)
    one, two = waiting(teacher), waiting(teacher, minutes=120)

    found = effects_of([one, two], on=TODAY)
    assert [each.words for each in found[one.pk]] == ["WA Professional: 0 → 6 of 100 hours"]
    assert [each.words for each in found[two.pk]] == ["WA Professional: 0 → 2 of 100 hours"]
    assert found[one.pk][0].why == "It counts in full."
    assert not found[one.pk][0].turns


def test_it_says_why_nothing_would_change():
    teacher = TeacherFactory()
    held(teacher)
    row = waiting(teacher, category="Strange")

    effect = effects_of([row], on=TODAY)[row.pk][0]
    assert effect.before.decision.counted == effect.after.decision.counted == 0
    assert effect.why == "These rules do not know the category: Strange."

    CategoryMeaning.objects.create(district=teacher.district, category="Strange", codes=[])
    assert effects_of([row], on=TODAY)[row.pk][0].after.decision.counted == 6


def test_only_licenses_that_are_valid_on_the_day_are_named():
    teacher = TeacherFactory()
    held(teacher, valid_from=date(2026, 1, 1))
    row = waiting(teacher)

    assert effects_of([row], on=TODAY) == {row.pk: []}


def test_a_status_that_turns_is_seen():
    teacher = TeacherFactory()
    held(teacher)
    waiting(teacher, minutes=85 * 60, state="approved", completed_on=date(2024, 1, 1))
    row = waiting(teacher, minutes=15 * 60, category="language_acquisition")

    effect = effects_of([row], on=TODAY)[row.pk][0]
    assert effect.turns
    assert effect.after.status == "met"


@pytest.mark.parametrize("count", [1, 3])
def test_many_take_as_many_questions_as_one(count, django_assert_num_queries):
    rows = []
    for _number in range(count):
        teacher = TeacherFactory()
        held(teacher)
        rows.append(waiting(teacher))

    with django_assert_num_queries(10):
        assert len(effects_of(rows, on=TODAY)) == count
