"""Who changed since a moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pd_tracker.audit.since import LONGEST_TRANSACTION, changed_since
from teachers.models import Employment
from tests.factories.people import EmploymentFactory

pytestmark = pytest.mark.django_db


def changed(moment):
    return set(changed_since(Employment, "teacher_id", moment))


def test_whoever_was_added_changed_or_removed_is_told():
    added, altered, removed = EmploymentFactory.create_batch(3)
    Employment.history.update(history_date=timezone.now() - timedelta(days=9))
    moment = timezone.now()
    assert changed(moment) == set()

    altered.save()
    removed.delete()
    assert changed(moment) == {altered.teacher_id, removed.teacher_id}
    Employment.history.filter(id=added.pk).update(history_date=moment)
    assert changed(moment) == {added.teacher_id, altered.teacher_id, removed.teacher_id}


def test_what_was_written_by_a_transaction_that_ended_later_is_told():
    row = EmploymentFactory()
    moment = timezone.now()
    Employment.history.update(history_date=moment - LONGEST_TRANSACTION + timedelta(minutes=1))
    assert changed(moment) == {row.teacher_id}
    Employment.history.update(history_date=moment - LONGEST_TRANSACTION - timedelta(minutes=1))
    assert changed(moment) == set()


def test_whoever_a_row_was_taken_from_is_told_too():
    row, other = EmploymentFactory(), EmploymentFactory()
    before = row.teacher_id
    Employment.history.update(history_date=timezone.now() - timedelta(days=9))
    moment = timezone.now()
    other.delete()
    row.teacher_id = other.teacher_id
    row.save()
    assert changed(moment) == {before, other.teacher_id}
