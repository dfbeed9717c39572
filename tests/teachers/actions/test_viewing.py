from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pd_tracker.access import Operator
from pd_tracker.audit import actions
from pd_tracker.audit.models import AuditEvent
from teachers.actions.viewing import note_export
from teachers.models import Teacher
from tests.factories import LONG_AGO, TeacherFactory, UserFactory

pytestmark = pytest.mark.django_db


def note(reader) -> None:
    note_export(reader=reader, teachers=Teacher.objects.order_by("family_name"), part="people")


def test_everybody_but_the_reader_gets_a_mark():
    reader = UserFactory()
    TeacherFactory(user=reader)
    others = [TeacherFactory(), TeacherFactory(user=UserFactory())]

    note(reader)

    events = AuditEvent.objects.filter(verb="person.exported")
    assert {event.subject_id for event in events} == {str(teacher.pk) for teacher in others}
    assert {(event.actor_id, event.subject_type, event.detail["part"]) for event in events} == {
        (reader.pk, "teachers.teacher", "people")
    }


def test_many_people_are_noted_in_few_statements(monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 5)
    reader = UserFactory()
    TeacherFactory.create_batch(12)

    with CaptureQueriesContext(connection) as captured:
        note(reader)

    inserts = [query for query in captured.captured_queries if query["sql"].startswith("INSERT")]
    assert (len(inserts), AuditEvent.objects.count()) == (3, 12)


def test_the_operator_leaves_no_mark():
    TeacherFactory()
    note(Operator(today=LONG_AGO))
    assert not AuditEvent.objects.exists()
