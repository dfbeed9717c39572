"""A teacher's own assessment: kept as it is filled in, finished into needs, read beside earlier ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import Framework, NeedReason, SelfAssessment, SelfRating
from tests.factories import (
    CompetencyFactory,
    FrameworkFactory,
    PairingFactory,
    SelfAssessmentFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
BEGIN = reverse("learning_plans:assess")


@pytest.fixture
def teacher():
    return teacher_with_sign_in()


@pytest.fixture
def mine(teacher):
    client = Client()
    client.force_login(teacher.user)
    return client


@pytest.fixture
def parts():
    whole = CompetencyFactory(name="Whole")
    return [CompetencyFactory(parent=whole, name=f"Part {number}", place=number) for number in range(3)]


@pytest.fixture
def assessment(teacher, parts):
    return SelfAssessmentFactory(teacher=teacher, framework=parts[0].framework, finished_at=None)


def keep(client, assessment, **said):
    return client.post(reverse("learning_plans:keep_assessment", args=[assessment.pk]), said)


def page_of(assessment):
    return reverse("learning_plans:assessment", args=[assessment.pk])


def said_of(part, **values):
    return {f"c{part.pk}-{name}": value for name, value in values.items()}


def test_intasc_is_proposed_and_an_open_one_is_gone_on_with(teacher, mine):
    framework = Framework.objects.get(is_default=True)
    assert mine.get(BEGIN).context["form"].fields["framework"].initial == framework

    first = mine.post(BEGIN, {"framework": framework.pk})
    second = mine.post(BEGIN, {"framework": framework.pk})

    begun = SelfAssessment.objects.get()
    assert first.url == second.url == page_of(begun)
    page = mine.get(page_of(begun)).content.decode()
    assert page.count("<legend") == 10
    assert "The Learner and Learning" in page


def test_every_change_is_kept_and_nothing_else_moves(mine, assessment, parts):
    assert keep(mine, assessment, **said_of(parts[0], level=2)).status_code == 204
    assert keep(mine, assessment, **said_of(parts[0], level=2, relevance=4, comment="Mornings")).status_code == 204

    rating = SelfRating.objects.get()
    assert (rating.competency, rating.level, rating.confidence, rating.relevance) == (parts[0], 2, None, 4)
    assert rating.comment == "Mornings"
    assessment.refresh_from_db()
    assert (assessment.saved_at > assessment.started_at, assessment.finished_at) == (True, None)
    assert not NeedReason.objects.exists()


def test_what_cannot_be_kept_is_said_and_keeps_nothing(mine, assessment, parts):
    answer = keep(mine, assessment, **said_of(parts[0], level=9), **said_of(parts[1], level=1))
    assert (answer.status_code, SelfRating.objects.count()) == (400, 0)
    assert "9" in answer.json()["message"]
    stranger = CompetencyFactory(framework=FrameworkFactory(name="Another"))
    assert keep(mine, assessment, **said_of(stranger, level=1)).status_code == 204
    assert not SelfRating.objects.exists()


def test_after_signing_in_again_the_page_gets_a_fresh_token(mine, assessment):
    assert mine.get(reverse("learning_plans:keep_assessment", args=[assessment.pk])).json()["token"]


def test_finishing_makes_needs_of_what_is_low_and_matters(mine, teacher, assessment, parts):
    sent = {
        **said_of(parts[0], level=1, confidence=2, relevance=4),
        **said_of(parts[1], level=1, relevance=1),
        **said_of(parts[2], level=4, relevance=4),
    }

    answer = mine.post(page_of(assessment), {**sent, "finish": "yes"}, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("learning_plans:growth")
    reason = NeedReason.objects.get()
    assert (reason.need.teacher, reason.need.competency, reason.source) == (teacher, parts[0], "self_assessment")
    assert (float(reason.strength), reason.figures) == (1, {"level": 1, "confidence": 2, "relevance": 4})
    assert reason.history.get().history_user == teacher.user


def test_a_later_one_counts_instead_of_the_earlier(mine, teacher, parts):
    for number, level in enumerate((1, 4)):
        begun = SelfAssessmentFactory(teacher=teacher, framework=parts[0].framework, finished_at=None)
        sent = said_of(parts[0], level=level, relevance=4) | {"finish": "yes"}
        mine.post(page_of(begun), sent)
        assert NeedReason.objects.count() == 1 - number

    page = mine.get(page_of(begun)).content.decode()
    assert page.index("I could show others how") < page.index("I am at the beginning")
    assert mine.post(page_of(begun), sent).status_code == 404


def test_nothing_at_all_cannot_be_finished(mine, assessment):
    answer = mine.post(page_of(assessment), {"finish": "yes"}, follow=True)
    assert "Say for at least one part where you are, then finish." in answer.content.decode()
    assessment.refresh_from_db()
    assert assessment.finished_at is None


def test_a_part_retired_in_the_meantime_is_said_and_its_rating_kept(mine, assessment, parts):
    keep(mine, assessment, **said_of(parts[0], level=1, relevance=4))
    for part in parts[:2]:
        part.is_retired = True
        part.save()

    page = mine.get(page_of(assessment)).content.decode()
    assert page.count("This part was taken out of the framework after you began.") == 1
    assert "Part 1" not in page
    sent = said_of(parts[0], level=1, relevance=4) | said_of(parts[2], level=3)
    mine.post(page_of(assessment), {**sent, "finish": "yes"})
    assert SelfRating.objects.get(competency=parts[0]).level == 1
    assert not NeedReason.objects.exists()


def test_an_unfinished_one_is_its_teachers_alone(teacher, assessment):
    coach = user_with_role("coach")
    PairingFactory(coach=coach, teacher=teacher)
    client = Client()
    client.force_login(coach)
    assert client.get(page_of(assessment)).status_code == 404
    assert client.post(page_of(assessment), {"finish": "yes"}).status_code == 404
    assert keep(client, assessment).status_code == 403

    assessment.finished_at = timezone.now() + timedelta(days=1)
    assessment.save()
    assert client.get(page_of(assessment)).status_code == 200


def test_a_retired_framework_is_not_offered(mine):
    retired = FrameworkFactory(is_retired=True)
    assert "framework" in mine.post(BEGIN, {"framework": retired.pk}).context["form"].errors
    empty = FrameworkFactory(name="Empty")
    assert "framework" in mine.post(BEGIN, {"framework": empty.pk}).context["form"].errors
