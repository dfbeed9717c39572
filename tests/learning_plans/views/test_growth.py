"""Where a teacher could grow: what they see, answer and take back, and what their coach may add."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import Need, NeedReason
from pd_tracker.notices.models import Notice
from tests.factories import (
    CompetencyFactory,
    NeedFactory,
    NeedReasonFactory,
    PairingFactory,
    PlanFactory,
    PriorityFactory,
    SchoolFactory,
    SchoolYearFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
GROWTH = reverse("learning_plans:growth")


@pytest.fixture
def teacher():
    return teacher_with_sign_in()


@pytest.fixture
def mine(teacher):
    client = Client()
    client.force_login(teacher.user)
    return client


@pytest.fixture
def coach(teacher):
    user = user_with_role("coach")
    PairingFactory(coach=user, teacher=teacher)
    return user


@pytest.fixture
def theirs(coach):
    client = Client()
    client.force_login(coach)
    return client


def answer(client, need, said, **fields):
    return client.post(reverse("learning_plans:answer_need", args=[need.pk, said]), fields)


def test_a_need_is_shown_with_its_reasons_in_words_and_no_decimals(teacher, mine):
    measure = {
        "name": "Student growth", "years": [2023, 2024], "own": 41.34, "peers": 47.9, "students": 58, "scores": 2,
        "fewest_peers": 40, "value": -0.6, "low": -1.0, "high": -0.2,
    }  # fmt: skip
    need = NeedReasonFactory(need__teacher=teacher).need
    NeedReasonFactory(need=need, source="kpi", strength="0.600", figures={"measures": [measure]})

    page = mine.get(GROWTH).content.decode()

    assert "Much speaks for this" in page
    assert "Says: “I do it now and then, or with help”." in page
    assert "Student growth, 2023-24 to 2024-25: 41.3; comparable ones 47.9 (58 students, beside 40 others)." in page
    assert "That is clearly apart, also after allowing for chance." in page
    assert "0.6" not in page


def test_observations_are_compared_with_colleagues_of_the_school(teacher, mine):
    measure = {
        "name": "Observation score", "years": [2024], "own": 2.1, "peers": 3.0, "students": None, "scores": 3,
        "fewest_peers": 22, "value": -0.9,
    }  # fmt: skip
    NeedReasonFactory(need__teacher=teacher, source="observation", figures={"measures": [measure]})

    page = mine.get(GROWTH).content.decode()

    assert "Observation score, 2024-25: 2.1; colleagues of the same school 3.0 (3 scores, beside 22 others)." in page


def test_a_need_is_accepted_and_the_answer_taken_back(teacher, mine):
    need = NeedReasonFactory(need__teacher=teacher).need

    assert answer(mine, need, "accepted").status_code == 302
    need.refresh_from_db()
    assert (need.answer, need.answered_at is not None) == ("accepted", True)
    assert f"/plans/{teacher.pk}/goals/new/?need={need.pk}" in mine.get(GROWTH).content.decode()

    answer(mine, need, "open")
    need.refresh_from_db()
    assert (need.answer, need.answered_at) == ("open", None)
    assert [change.answer for change in need.history.all()][:2] == ["open", "accepted"]


def test_a_need_that_was_put_off_comes_back_on_its_day(teacher, mine):
    need, today = NeedReasonFactory(need__teacher=teacher).need, timezone.localdate()

    refused = answer(mine, need, "put_off", put_off_until=(today - timedelta(days=2)).isoformat())
    assert refused.context["form"].errors == {"put_off_until": ["Choose a day after today."]}

    answer(mine, need, "put_off", put_off_until=(today + timedelta(days=30)).isoformat())
    need.refresh_from_db()
    assert need.answer == "put_off"
    assert [shown.need for shown in mine.get(GROWTH).context["others"]] == [need]
    assert list(Need.objects.waiting(on=today)) == []
    assert list(Need.objects.waiting(on=today + timedelta(days=30))) == [need]


def test_who_disagrees_says_why(teacher, mine):
    need = NeedReasonFactory(need__teacher=teacher).need

    assert "comment" in answer(mine, need, "disagreed", comment="  ").context["form"].errors
    answer(mine, need, "disagreed", comment="My class is new to the school.")

    need.refresh_from_db()
    assert (need.answer, need.comment) == ("disagreed", "My class is new to the school.")


def test_nobody_answers_for_somebody_else(teacher, mine, theirs):
    other = NeedReasonFactory(need__teacher=teacher_with_sign_in()).need
    need = NeedReasonFactory(need__teacher=teacher).need

    assert answer(mine, other, "accepted").status_code == 404
    assert answer(mine, need, "maybe").status_code == 404
    assert answer(theirs, need, "accepted").status_code == 403


def test_a_need_that_nothing_speaks_for_anymore_is_not_asked_about(teacher, mine):
    NeedFactory(teacher=teacher)
    kept = NeedFactory(teacher=teacher, answer="accepted")

    context = mine.get(GROWTH).context

    assert (context["waiting"], [shown.need for shown in context["accepted"]]) == ([], [kept])


def test_priorities_of_the_own_school_and_district_can_be_taken_up(teacher, mine):
    ours = PriorityFactory(school=teacher.assignments.get().school)
    whole = PriorityFactory(school=None)
    elsewhere = PriorityFactory(school=SchoolFactory())
    PriorityFactory(school=None, ended_on=timezone.localdate() - timedelta(days=3))
    assert set(mine.get(GROWTH).context["priorities"]) == {ours, whole}

    mine.post(reverse("learning_plans:take_up_priority", args=[ours.pk]))

    need = Need.objects.get()
    assert (need.teacher, need.competency, need.answer) == (teacher, ours.competency, "accepted")
    assert need.reasons.get().words == ours.reason
    assert mine.get(GROWTH).context["priorities"] == [whole]
    assert mine.post(reverse("learning_plans:take_up_priority", args=[elsewhere.pk])).status_code == 404


def test_a_priority_speaks_for_a_need_that_is_there_already(teacher, mine):
    need = NeedReasonFactory(need__teacher=teacher).need
    PriorityFactory(competency=need.competency, reason="The whole district works on this.")
    context = mine.get(GROWTH).context
    assert [reason.source for reason in context["waiting"][0].reasons] == ["self_assessment", "priority"]
    assert context["priorities"] == []


def test_a_coach_suggests_and_takes_it_back(teacher, mine, coach, theirs):
    competency = CompetencyFactory()
    suggest = reverse("learning_plans:suggest_need", args=[teacher.pk])
    assert "words" in theirs.post(suggest, {"competency": competency.pk}).context["form"].errors

    theirs.post(suggest, {"competency": competency.pk, "words": "The groups wait long for a task."})
    theirs.post(suggest, {"competency": competency.pk, "words": "The second group waits long for a task."})

    reason = NeedReason.objects.get()
    assert (reason.given_by, reason.words) == (coach, "The second group waits long for a task.")
    assert Notice.objects.filter(user=teacher.user, kind="need_suggested").count() == 1
    page = mine.get(GROWTH).content.decode()
    assert coach.name in page
    assert "The second group waits long" in page

    theirs.post(reverse("learning_plans:take_back_suggestion", args=[reason.pk]))
    assert not NeedReason.objects.exists()


def test_a_coach_takes_back_only_their_own(teacher, theirs):
    reason = NeedReasonFactory(need__teacher=teacher, source="coach", given_by=user_with_role("coach"))
    assert theirs.post(reverse("learning_plans:take_back_suggestion", args=[reason.pk])).status_code == 404


def test_a_coach_reads_the_needs_of_their_caseload_and_nobody_else_does(teacher, theirs):
    NeedReasonFactory(need__teacher=teacher)
    page = reverse("learning_plans:person_growth", args=[teacher.pk])
    assert "Take my suggestion back" not in theirs.get(page).content.decode()
    assert theirs.get(reverse("learning_plans:person_growth", args=[teacher_with_sign_in().pk])).status_code == 404
    for role in ("principal", "hr", "leader", "admin"):
        client = Client()
        client.force_login(user_with_role(role, teacher.assignments.get().school if role == "principal" else None))
        assert client.get(page).status_code == 403


def test_many_needs_cost_as_many_queries_as_one(teacher, mine):
    NeedReasonFactory(need__teacher=teacher)
    mine.get(GROWTH)
    with CaptureQueriesContext(connection) as one:
        mine.get(GROWTH)
    for _ in range(9):
        NeedReasonFactory(need__teacher=teacher)
        PriorityFactory(school=None)
    with CaptureQueriesContext(connection) as many:
        mine.get(GROWTH)
    assert len(many) <= len(one) + 1


@pytest.mark.parametrize(("state", "may_add"), [("draft", True), ("active", False), (None, True)])
def test_a_goal_is_made_of_a_need_only_where_the_plan_still_takes_goals(teacher, mine, state, may_add):
    year = SchoolYearFactory()
    NeedFactory(teacher=teacher, answer="accepted")
    if state is not None:
        PlanFactory(teacher=teacher, school_year=year, state=state)
    page = mine.get(GROWTH).content.decode()
    assert ("Make a goal of it" in page) == may_add
    assert ("Talk to your coach about a new goal." in page) != may_add
