"""The demonstration district: always the same, believable, and never mixed with real people."""

from __future__ import annotations

from datetime import date
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F

from learning_plans.models import CoachingCycle, CoachingNote, Completion, CreditLine, PlanItem, Session, Visit
from learning_plans.rules.choices import Sharing
from learning_plans.rules.progress import NextStep, Progress
from pd_tracker.access import Role
from pd_tracker.demo.cast import NAMES, PASSWORD, cast_for, email_of
from pd_tracker.demo.district import play
from pd_tracker.demo.words import DISTRICT, school_name
from pd_tracker.notices.models import Notice
from teachers.models import (
    District,
    KpiValue,
    Pairing,
    RosterExtract,
    Teacher,
    User,
)
from teachers.rules.periods import Year, periods_overlap

TODAY = date(2026, 11, 23)
SMALL = {"teachers": 60, "years": 4, "seed": 7}


def demo(**options):
    output = StringIO()
    call_command("demo", stdout=output, **(SMALL | {"today": TODAY} | options))
    return output.getvalue()


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """Loaded once for all tests that only look."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(demonstration, db):
    return District.objects.get()


# --- Believable ---------------------------------------------------------------------------------------------------


def test_about_a_tenth_leave_in_a_year():
    played = play(teachers=600, years=6, seed=7, today=TODAY)
    for year in played.years[:-1]:
        there = [career for career in played.careers if career.teaches_on(year.census_on)]
        gone = [career for career in there if not career.works_on(Year(year.start + 1).census_on)]
        assert 580 <= len(there) <= 610
        assert 0.06 <= len(gone) / len(there) <= 0.14


def test_hours_are_few_for_most_and_many_for_some():
    played = play(teachers=600, years=6, seed=7, today=TODAY)
    year = played.years[-2]
    hours = sorted(career.minutes_in(year) / 60 for career in played.careers if career.teaches_on(year.census_on))
    assert 0.05 < sum(hour == 0 for hour in hours) / len(hours) < 0.15
    assert 15 < hours[len(hours) // 2] < 30
    assert hours[-1] > 60


def test_ugly_cases_are_there():
    played = play(teachers=600, years=6, seed=7, today=TODAY)
    careers = played.careers
    assert any(len(one.spells) == 2 and one.spells[0].reason for one in careers)  # came back
    assert any(not away.may_return for one in careers for away in one.leaves)
    assert any(one.spells[0].start < one.posts[0].start for one in careers)  # known late
    assert any(len({post.place.number for post in one.posts}) > 1 for one in careers)
    assert sum(place.successor is not None for place in played.places) == 1
    closed = next(place for place in played.places if place.closed_on)
    assert not any(post.place is closed and post.start > closed.closed_on for one in careers for post in one.posts)


def test_spells_and_posts_of_one_person_never_overlap_wrongly():
    for career in play(teachers=600, years=6, seed=7, today=TODAY).careers:
        for rows in (career.spells, career.posts):
            for before, after in pairwise(rows):
                assert not periods_overlap(before.start, before.end, after.start, after.end)
        for post in career.posts:
            assert career.works_on(post.start)
            assert career.works_on(post.end or TODAY)


def test_school_names_are_different_and_put_together():
    names = {school_name(number, "high") for number in range(250)}
    assert len(names) == 250


def test_caseloads_are_disjoint():
    cast = cast_for(play(teachers=300, years=4, seed=7, today=TODAY))
    numbers = [career.number for coach in cast.coaches for career in coach.caseload]
    assert len(numbers) == len(set(numbers))
    assert cast.teacher in cast.coaches[0].caseload


# --- Loaded -------------------------------------------------------------------------------------------------------


def test_district_is_marked_as_invented(loaded):
    district = District.objects.get()
    assert (district.name, district.is_demonstration) == (DISTRICT, True)
    assert district.records_begin_on == date(2023, 7, 1)
    assert not User.objects.exclude(email__endswith="@demo.example").exists()
    assert not Teacher.objects.exclude(email__endswith="@demo.example").exists()


def test_counts_fit_together(loaded):
    assert RosterExtract.objects.filter(is_full=True).count() == 5
    assert Completion.objects.filter(state="approved").count() == CreditLine.objects.filter(unit="hour").count()
    assert KpiValue.objects.filter(suppressed_at_source=True).exists()
    assert set(KpiValue.objects.values_list("student_group", flat=True)) >= {"all", "english_learners", "low_income"}
    coaches = Pairing.objects.filter(kind="coach").values("coach").annotate(count=Count("pk"))
    assert coaches.get(coach__email=email_of(Role.COACH))["count"] == 15


@pytest.mark.parametrize("role", list(NAMES))
def test_everybody_signs_in_with_the_printed_password(loaded, client, role):
    user = User.objects.get(email=email_of(role))
    assert user.check_password(PASSWORD)
    assert user.holds(role)


def test_teacher_has_an_item_in_every_state(loaded):
    items = PlanItem.objects.filter(plan__teacher__user__email=email_of(Role.TEACHER)).standing().with_facts()
    assert {item.progress(on=TODAY) for item in items} == set(Progress)
    steps = {item.next_step for item in items}
    assert steps >= {
        NextStep.NOTHING,
        NextStep.APPROVAL,
        NextStep.WAIT_FOR_SEAT,
        NextStep.ATTEND,
        NextStep.REGISTER,
        NextStep.DO_TASK,
    }


def test_teacher_is_seen_by_coach_and_principal_and_has_a_history(loaded):
    star = Teacher.objects.get(user__email=email_of(Role.TEACHER))
    for role in (Role.COACH, Role.PRINCIPAL, Role.HR, Role.LEADER):
        assert star in Teacher.objects.visible_to(User.objects.get(email=email_of(role)))
    changes = star.history.exclude(history_type="+")
    assert changes.filter(history_user__email=email_of(Role.HR)).exists()
    categories = (
        Completion.objects.counted().filter(teacher=star, completed_on__gte=date(2026, 7, 1)).values("category")
    )
    assert categories.distinct().count() >= 4
    assert Notice.objects.filter(user=star.user).count() == 6  # four from the coach, two of a rule
    assert set(star.needs.values_list("reasons__source", flat=True)) >= {"self_assessment", "coach"}


@pytest.mark.parametrize("role", [Role.COACH, Role.MENTOR])
def test_coaches_have_logged_visits_cycles_and_notes_of_every_kind(loaded, role):
    coach = User.objects.get(email=email_of(role))
    visits = Visit.objects.visible_to(coach)
    assert {note.sharing for note in CoachingNote.objects.visible_to(coach)} == set(Sharing)
    assert CoachingCycle.objects.visible_to(coach).open().exists()
    assert not visits.filter(visited_on__gt=TODAY).exists()
    assert {visit.teacher_id for visit in visits} == {pairing.teacher_id for pairing in coach.pairings.all()}
    assert not visits.filter(cycle__started_on__gt=F("visited_on")).exists()


def test_sessions_are_on_working_days_and_never_overfull(loaded):
    assert not Session.objects.with_seats().filter(taken__gt=F("capacity")).exists()
    assert not Session.objects.filter(starts_at__iso_week_day__gt=5).exists()
