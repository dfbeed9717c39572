"""Writing about coaching on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from learning_plans.models import CoachingCycle, CoachingNote, Visit
from teachers.models import Draft
from tests.factories import (
    CoachingCycleFactory,
    CoachingNoteFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolYearFactory,
    VisitFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> Any:
    SchoolYearFactory()
    return teacher_with_sign_in(given_name="Ada", family_name="Quill")


@pytest.fixture
def coach(client, teacher) -> Any:
    coach = PairingFactory(coach=user_with_role("coach", name="Cora Coach"), teacher=teacher).coach
    client.force_login(coach)
    return coach


def facts(coach: Any, **more: Any) -> dict[str, Any]:
    return {"visited_on": coach.today.isoformat(), "minutes": 40, "activity": "visit", "sharing": "private", **more}


def address(name: str, *args: Any) -> str:
    return reverse(f"learning_plans:{name}", args=args)


def test_visit_time_parts_and_note_are_one_form_and_one_save(client, coach, teacher):
    item = PlanItemFactory(plan=PlanFactory(teacher=teacher))
    cycle = CoachingCycleFactory(teacher=teacher, coach=coach)
    sent = facts(coach, items=[item.pk], cycle=cycle.pk, note="Two\n lines ", sharing="shared", next_step="Go on")
    answer = client.post(address("log_visit", teacher.pk), sent)
    assert answer.url == address("teacher", teacher.pk)
    visit = Visit.objects.get()
    assert (visit.coach, visit.cycle, visit.minutes, list(visit.items.all())) == (coach, cycle, 40, [item])
    assert visit.notes.get().sharing == "shared"


def test_the_form_knows_the_day_and_the_step_one_comes_for(client, coach, teacher):
    cycle = CoachingCycleFactory(teacher=teacher, coach=coach)
    form = client.get(address("log_visit", teacher.pk), {"cycle": cycle.pk, "activity": "feedback"}).context["form"]
    assert [form[name].value() for name in ("visited_on", "cycle", "activity")] == [
        coach.today,
        str(cycle.pk),
        "feedback",
    ]
    form = client.get(address("log_visit", teacher.pk), {"cycle": "x", "activity": "x"}).context["form"]
    assert form["activity"].value() == "visit"


def test_who_will_read_it_is_named_beside_the_button(client, coach, teacher):
    PairingFactory(coach=user_with_role("mentor", name="Rosa Mentor"), teacher=teacher)
    page = client.get(address("log_visit", teacher.pk)).content.decode()
    assert "you, Ada Quill, Rosa Mentor." in page
    assert "only you, or you and Ada Quill if you share it" in page


def test_what_is_refused_keeps_every_word(client, coach, teacher):
    page = client.post(address("log_visit", teacher.pk), facts(coach, visited_on="2999-01-01", note="Keep me"))
    assert "visited_on" in page.context["form"].errors
    assert "Keep me" in page.content.decode()
    assert not Visit.objects.exists()


def test_what_was_typed_comes_back_and_goes_with_the_save(client, coach, teacher):
    form = address("log_visit", teacher.pk)
    client.post(reverse("teachers:drafts"), {"_draft_path": form, "note": "Half a sentence", "minutes": "35"})
    client.logout()
    client.force_login(coach)
    shown = client.get(form).context["form"]
    assert (shown["note"].value(), shown["minutes"].value()) == ("Half a sentence", "35")
    client.post(form, facts(coach, note="Half a sentence, ended"))
    assert not Draft.objects.exists()


def test_of_two_windows_the_second_is_told_and_keeps_its_text(client, coach, teacher):
    visit = VisitFactory(teacher=teacher, coach=coach)
    CoachingNoteFactory(visit=visit, text="As it was")
    form = client.get(address("edit_visit", visit.pk)).context["form"]
    assert form["note"].value() == "As it was"
    version = {"version": form["version"].value() or ""}
    assert client.post(address("edit_visit", visit.pk), facts(coach, note="First") | version).status_code == 302
    page = client.post(address("edit_visit", visit.pk), facts(coach, note="Second") | version)
    assert "Somebody changed this entry" in page.content.decode()
    assert "Second" in page.content.decode()
    assert CoachingNote.objects.get().text == "First"


def test_sharing_is_one_press_and_taken_back_by_another(client, coach, teacher):
    note = CoachingNoteFactory(visit=VisitFactory(teacher=teacher, coach=coach))
    for sharing in ("shared", "private"):
        client.post(address("share_note", note.pk), {"sharing": sharing})
        note.refresh_from_db()
        assert note.sharing == sharing
    assert client.post(address("share_note", note.pk), {"sharing": "everybody"}).status_code == 404


def test_a_note_and_a_visit_go_after_a_question(client, coach, teacher):
    visit = VisitFactory(teacher=teacher, coach=coach)
    note = CoachingNoteFactory(visit=visit)
    assert "nothing of it is kept" in client.get(address("delete_note", note.pk)).content.decode()
    client.post(address("delete_note", note.pk))
    assert not CoachingNote.objects.exists()
    CoachingNoteFactory(visit=visit)
    assert "for good" in client.get(address("remove_visit", visit.pk)).content.decode()
    client.post(address("remove_visit", visit.pk))
    assert not Visit.objects.exists()


def test_a_cycle_is_started_changed_closed_and_opened_again(client, coach, teacher):
    begun = {"focus": "Wait time", "started_on": coach.today.isoformat()}
    client.post(address("start_coaching", teacher.pk), begun)
    cycle = CoachingCycle.objects.get()
    form = client.get(address("edit_cycle", cycle.pk)).context["form"]
    changed = begun | {"focus": "Open questions", "version": form["version"].value()}
    assert client.post(address("edit_cycle", cycle.pk), changed).status_code == 302
    page = client.post(address("close_cycle", cycle.pk), {"ended_on": "2999-01-01"})
    assert "ended_on" in page.context["form"].errors
    client.post(address("close_cycle", cycle.pk), {"ended_on": coach.today.isoformat(), "outcome": "It works"})
    cycle.refresh_from_db()
    assert (cycle.focus, cycle.ended_on, cycle.outcome) == ("Open questions", coach.today, "It works")
    client.post(address("reopen_cycle", cycle.pk))
    cycle.refresh_from_db()
    assert cycle.ended_on is None


def test_people_one_does_not_coach_are_not_found(client, coach):
    stranger = employed()
    for name in ("teacher", "log_visit", "start_coaching"):
        assert client.get(address(name, stranger.pk)).status_code == 404
