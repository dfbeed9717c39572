from __future__ import annotations

import pytest
from django.db import connection

from pd_tracker.reports.facts import numbers
from teachers.models import Teacher
from tests.factories import TeacherFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("behind_a_pool", [True, False])
def test_rows_come_as_columns_in_several_parts(monkeypatch, behind_a_pool):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", behind_a_pool)
    monkeypatch.setattr(numbers, "CHUNK", 2)
    people = [TeacherFactory(birth_year=1970 + number) for number in range(5)]
    found = numbers.columns(Teacher.objects.order_by("pk").values_list("pk", "birth_year"), 2)
    assert found.tolist() == [[person.pk for person in people], [1970, 1971, 1972, 1973, 1974]]


def test_nobody_is_no_rows():
    assert numbers.columns(Teacher.objects.none().values_list("pk", "birth_year"), 2).shape == (2, 0)
    assert numbers.columns(Teacher.objects.filter(pk=0).values_list("pk", "birth_year"), 2).shape == (2, 0)
