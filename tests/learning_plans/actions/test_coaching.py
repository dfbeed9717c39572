"""Writing about coaching."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from learning_plans.actions import coaching as actions
from learning_plans.models import CoachingCycle, CoachingNote, Visit
from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from teachers.models import Teacher, User
from tests.factories import (
    CoachingCycleFactory,
    CoachingNoteFactory,
    GoalFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    RoleGrantFactory,
    SchoolYearFactory,
    VisitFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 6, 18, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def teacher() -> Teacher:
    SchoolYearFactory()
    return teacher_with_sign_in()


@pytest.fixture
def coach(teacher) -> User:
    return PairingFactory(coach=user_with_role("coach", name="Cora Coach"), teacher=teacher).coach


def visit_of(teacher: Teacher, coach: User, **fields: Any) -> Visit:
    return Visit(**{"teacher": teacher, "coach": coach, "visited_on": coach.today, "minutes": 40} | fields)


def save(visit: Visit, coach: User, note: tuple[str, str] | None = None, items: Any = ()) -> Visit:
    given = actions.NoteText(*note) if note else None
    return actions.save_visit(visit=visit, items=items, actor=coach, on=coach.today, at=AT, note=given)


def told(teacher: Teacher) -> list[str]:
    return [notice.kind for notice in Notice.objects.filter(user=teacher.user).order_by("pk")]


def test_a_visit_with_note_is_one_act_that_the_teacher_hears_of(teacher, coach):
    item = PlanItemFactory(plan=PlanFactory(teacher=teacher))
    visit = save(visit_of(teacher, coach), coach, ("Words for both", "shared"), [item])
    assert (visit.logged_at, list(visit.items.all())) == (AT, [item])
    note = visit.notes.get()
    assert (note.author, note.text, note.written_at, note.shared_at) == (coach, "Words for both", AT, AT)
    assert told(teacher) == ["visit_logged", "note_shared"]
    assert {notice.facts["by"] for notice in Notice.objects.all()} == {"Cora Coach"}
    trail = AuditEvent.objects.filter(actor=coach).order_by("pk")
    assert [event.verb for event in trail] == ["visit.logged", "note.written"]
    assert [event.detail for event in trail] == [
        {"teacher": teacher.pk},
        {"teacher": teacher.pk, "sharing": "shared"},
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"visited_on": DAY}, "visited_on"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 721}, "minutes"),
        ({"next_step_on": -DAY, "next_step": "Go on"}, "__all__"),
        ({"next_step_on": DAY}, "next_step"),
        ({"activity": "dancing"}, "activity"),
    ],
)
def test_what_a_visit_cannot_be(teacher, coach, wrong, field):
    fields = {name: coach.today + value if isinstance(value, timedelta) else value for name, value in wrong.items()}
    with pytest.raises(ValidationError) as refused:
        save(visit_of(teacher, coach, **fields), coach, ("Words", "private"))
    assert set(refused.value.error_dict) == {field}
    assert not Visit.objects.exists()
    assert not CoachingNote.objects.exists()


def test_parts_cycles_and_goals_are_those_of_the_teacher(teacher, coach):
    other = PairingFactory(coach=coach, teacher=employed()).teacher
    with pytest.raises(ValidationError, match="parts from the plan"):
        save(visit_of(teacher, coach), coach, items=[PlanItemFactory(plan=PlanFactory(teacher=other))])
    for cycle in (CoachingCycleFactory(teacher=other, coach=coach), CoachingCycleFactory(teacher=teacher)):
        with pytest.raises(ValidationError, match="your own cycles"):
            save(visit_of(teacher, coach, cycle=cycle), coach)
    cycle = CoachingCycle(teacher=teacher, coach=coach, focus="Questions", started_on=coach.today)
    cycle.goal = GoalFactory(plan=PlanFactory(teacher=other))
    with pytest.raises(ValidationError, match="goal from the plan"):
        actions.save_cycle(cycle=cycle, actor=coach, on=coach.today)


def test_only_about_people_one_is_paired_with_today(teacher, coach):
    stranger, former = employed(), employed()
    PairingFactory(coach=coach, teacher=former, ended_on=coach.today - DAY)
    for somebody in (stranger, former):
        with pytest.raises(ValidationError, match="paired with today"):
            save(visit_of(somebody, coach), coach)
        with pytest.raises(ValidationError, match="paired with today"):
            actions.save_cycle(
                cycle=CoachingCycle(teacher=somebody, coach=coach, focus="x", started_on=coach.today),
                actor=coach,
                on=coach.today,
            )


def test_never_about_oneself(teacher):
    RoleGrantFactory(user=teacher.user, role="coach")
    PairingFactory(coach=teacher.user, teacher=teacher)
    with pytest.raises(ValidationError, match="Nobody coaches themselves"):
        save(visit_of(teacher, teacher.user), teacher.user)


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.HR, Role.LEADER])
def test_who_evaluates_writes_nothing_even_where_they_coach(teacher, role):
    school = teacher.assignments.get().school if role is Role.PRINCIPAL else None
    both = user_with_role(role, school)
    RoleGrantFactory(user=both, role="coach")
    PairingFactory(coach=both, teacher=teacher)
    with pytest.raises(ValidationError, match="paired with today"):
        save(visit_of(teacher, both), both)


def test_only_ones_own_is_corrected(teacher, coach):
    other = PairingFactory(coach=user_with_role("mentor"), teacher=teacher).coach
    visit = VisitFactory(teacher=teacher, coach=coach)
    note = CoachingNoteFactory(visit=visit)
    for act in (
        lambda: save(visit, other),
        lambda: actions.remove_visit(visit=visit, actor=other),
        lambda: actions.save_note(note=note, actor=other, at=AT),
        lambda: actions.save_note(note=CoachingNote(visit=visit, author=other, text="x"), actor=other, at=AT),
        lambda: actions.delete_note(note=note, actor=other),
    ):
        with pytest.raises(ValidationError, match="Only who wrote this"):
            act()


def test_a_correction_tells_nobody_and_keeps_what_was_not_given(teacher, coach):
    item = PlanItemFactory(plan=PlanFactory(teacher=teacher))
    visit = save(visit_of(teacher, coach), coach, ("Words", "private"), [item])
    visit.minutes = 55
    actions.save_visit(visit=visit, items=None, actor=coach, on=coach.today, at=AT + DAY)
    visit.refresh_from_db()
    assert (visit.minutes, visit.logged_at, list(visit.items.all())) == (55, AT, [item])
    assert visit.notes.get().text == "Words"
    assert told(teacher) == ["visit_logged"]
    assert AuditEvent.objects.filter(verb="visit.corrected").count() == 1


def test_the_note_of_the_form_is_changed_or_crossed_out(teacher, coach):
    visit = save(visit_of(teacher, coach), coach, ("First", "private"))
    save(visit, coach, ("First", "private"))
    assert not AuditEvent.objects.filter(verb="note.changed").exists()
    save(visit, coach, ("Second", "existence"))
    note = visit.notes.get()
    assert (note.text, note.sharing, note.shared_at) == ("Second", "existence", None)
    save(visit, coach, ("  ", "existence"))
    assert not visit.notes.exists()
    assert AuditEvent.objects.filter(verb="note.deleted").count() == 1


def test_sharing_is_told_once_and_again_after_it_was_taken_back(teacher, coach):
    note = CoachingNoteFactory(visit=VisitFactory(teacher=teacher, coach=coach))
    for sharing in ("shared", "shared", "private", "shared"):
        actions.share_note(note=note, sharing=sharing, actor=coach, at=AT)
        assert (note.shared_at is None) == (sharing == "private")
    assert told(teacher) == ["note_shared", "note_shared"]
    with pytest.raises(ValidationError):
        actions.share_note(note=note, sharing="everybody", actor=coach, at=AT)


def test_a_visit_logged_by_mistake_goes_with_its_note(teacher, coach):
    visit = save(visit_of(teacher, coach), coach, ("Words", "private"))
    actions.remove_visit(visit=visit, actor=coach)
    assert not Visit.objects.exists()
    assert not CoachingNote.objects.exists()
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["note.deleted", "visit.removed"]


def test_a_cycle_from_start_to_close_and_open_again(teacher, coach):
    goal = GoalFactory(plan=PlanFactory(teacher=teacher))
    cycle = CoachingCycle(teacher=teacher, coach=coach, focus="Questions", goal=goal, started_on=coach.today)
    actions.save_cycle(cycle=cycle, actor=coach, on=coach.today)
    for wrong in (coach.today + DAY, coach.today - DAY):
        with pytest.raises(ValidationError):
            actions.close_cycle(cycle=cycle, ended_on=wrong, outcome="", actor=coach, on=coach.today)
        cycle.ended_on = None
    actions.close_cycle(cycle=cycle, ended_on=coach.today, outcome="It works", actor=coach, on=coach.today)
    with pytest.raises(ValidationError, match="closed already"):
        actions.close_cycle(cycle=cycle, ended_on=coach.today, outcome="", actor=coach, on=coach.today)
    actions.reopen_cycle(cycle=cycle, actor=coach)
    cycle.refresh_from_db()
    assert (cycle.ended_on, cycle.outcome) == (None, "It works")
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["cycle.started", "cycle.closed", "cycle.reopened"]


def test_a_cycle_does_not_begin_tomorrow(teacher, coach):
    cycle = CoachingCycle(teacher=teacher, coach=coach, focus="Questions", started_on=coach.today + DAY)
    with pytest.raises(ValidationError, match="today or an earlier"):
        actions.save_cycle(cycle=cycle, actor=coach, on=coach.today)
