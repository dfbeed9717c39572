"""Practices on their pages: written, shared, found, taken up, and counted for leaders."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import Adoption, Practice
from teachers.models import Teacher, User
from tests.factories import CompetencyFactory, CourseFactory, SchoolFactory, teacher_with_sign_in, user_with_role

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate()


def signed_in(user: User | None) -> Client:
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def author() -> Teacher:
    return teacher_with_sign_in(given_name="Ada", family_name="Abara")


@pytest.fixture
def colleague() -> Teacher:
    return teacher_with_sign_in(given_name="Ben", family_name="Bakshi")


def shared(teacher: Teacher, **fields: Any) -> Practice:
    given = {"title": "Exit tickets", "how": "On paper", "written_at": NOW, "shared_at": NOW} | fields
    return Practice.objects.create(teacher=teacher, **given)


def url(name: str, practice: Practice | None = None) -> str:
    return reverse(f"learning_plans:{name}", args=[practice.pk] if practice else [])


class TestWriting:
    def write(self, client: Client, address: str, **data: Any) -> Any:
        return client.post(address, {"title": "Exit tickets", "how": "On paper"} | data)

    def test_a_draft_and_then_shared(self, author, colleague):
        client = signed_in(author.user)
        course, competency = CourseFactory(title="Talk moves"), CompetencyFactory()
        text = client.get(url("write_practice")).content.decode()
        assert "Please name no student" in text
        assert "data-autosave" in text
        more = {"course": "Talk moves", "competency": competency.pk, "focus_area": "classroom talk"}
        assert self.write(client, url("write_practice"), **more).status_code == 302
        made = Practice.objects.get()
        assert (made.teacher, made.course, made.competency, made.shared_at) == (author, course, competency, None)
        assert signed_in(colleague.user).get(url("practice", made)).status_code == 404
        client.post(url("share_practice", made))
        assert "Ada Abara shared this" in signed_in(colleague.user).get(url("practice", made)).content.decode()
        client.post(url("share_practice", made))
        assert signed_in(colleague.user).get(url("practice", made)).status_code == 404

    def test_shared_at_once(self, author):
        self.write(signed_in(author.user), url("write_practice"), share="1")
        assert Practice.objects.get().shared_at is not None

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, author):
        response = self.write(signed_in(author.user), url("write_practice"), title="", evidence_url="http://x.example")
        text = response.content.decode()
        assert "begins with https://" in text
        assert "On paper" in text
        assert not Practice.objects.exists()

    def test_the_second_of_two_editors_is_told(self, author):
        practice, client = shared(author), signed_in(author.user)
        opened = client.get(url("change_practice", practice)).context["form"]["version"].value()
        self.write(client, url("change_practice", practice), title="Quick checks", version=opened)
        response = self.write(client, url("change_practice", practice), title="Small checks", version=opened)
        text = response.content.decode()
        assert "Somebody changed this entry" in text
        assert "Small checks" in text
        assert Practice.objects.get().title == "Quick checks"

    def test_of_others_it_is_not_there(self, author, colleague):
        practice = shared(author)
        for name in ("change_practice", "share_practice"):
            assert signed_in(colleague.user).post(url(name, practice), {"title": "x"}).status_code == 404
        assert Practice.objects.get().title == "Exit tickets"

    def test_markup_is_shown_as_typed(self, author):
        practice = shared(author, title="<script>alert(1)</script>", how="<b>bold</b>")
        text = signed_in(author.user).get(url("practice", practice)).content.decode()
        assert "<script>alert" not in text
        assert "&lt;b&gt;bold" in text


class TestFinding:
    def test_filters(self, author):
        competency, course = CompetencyFactory(), CourseFactory()
        shared(author, title="Talk circles", focus_area="classroom talk", competency=competency)
        shared(author, title="Number strings", how="With chalk", course=course)
        shared(author, title="A draft", shared_at=None)
        shared(author, title="Taken back", withdrawn_at=NOW)
        client = signed_in(user_with_role("coach"))

        def titles(**query: Any) -> set[str]:
            return {row[0] for row in client.get(url("practices"), query).context["table"].rows}

        assert titles() == {"Talk circles", "Number strings"}
        assert titles(search="chalk") == {"Number strings"}
        assert titles(focus_area="Classroom talk") == {"Talk circles"}
        assert titles(competency=competency.pk) == {"Talk circles"}
        assert titles(course=course.pk) == {"Number strings"}

    def test_own_drafts_stand_above_for_their_author_alone(self, author, colleague):
        shared(author, title="My draft", shared_at=None)
        assert "My draft" in signed_in(author.user).get(url("practices")).content.decode()
        assert "My draft" not in signed_in(colleague.user).get(url("practices")).content.decode()


class TestTakingUp:
    def test_one_tap_then_how_it_went_then_back(self, author, colleague):
        practice, client = shared(author), signed_in(colleague.user)
        assert "I try this too" in client.get(url("practice", practice)).content.decode()
        client.post(url("try_practice", practice), {"comment": ""})
        assert "You try this since" in client.get(url("practice", practice)).content.decode()
        client.post(url("try_practice", practice), {"comment": "Calm lessons"})
        text = signed_in(author.user).get(url("practice", practice)).content.decode()
        assert "Calm lessons" in text
        assert "1 colleague tries it too" in text
        assert "Bakshi" not in text
        client.post(url("stop_practice", practice))
        assert not Adoption.objects.exists()

    def test_not_ones_own_and_not_as_a_coach(self, author):
        practice = shared(author)
        assert "I try this too" not in signed_in(author.user).get(url("practice", practice)).content.decode()
        response = signed_in(author.user).post(url("try_practice", practice), {"comment": ""}, follow=True)
        assert "your own practice" in response.content.decode()
        assert signed_in(user_with_role("coach")).post(url("try_practice", practice)).status_code == 403
        assert not Adoption.objects.exists()

    def test_too_long_a_comment_is_refused_kindly(self, author, colleague):
        practice = shared(author)
        response = signed_in(colleague.user).post(url("try_practice", practice), {"comment": "x" * 2001}, follow=True)
        assert "at most 2000 characters" in response.content.decode()


class TestSpread:
    def test_counts_of_five_and_more_and_never_who(self, author):
        school = author.assignments.get().school
        practice = shared(author, focus_area="data")
        lonely = shared(author, focus_area="rare words")
        for number in range(5):
            teacher = teacher_with_sign_in(school, family_name=f"Tester{number}")
            Adoption.objects.create(practice=practice, teacher=teacher, adopted_on=TODAY)
        Adoption.objects.create(practice=lonely, teacher=teacher, adopted_on=TODAY)
        response = signed_in(user_with_role("leader")).get(url("practices_spread"))
        assert [*response.context["areas"].rows] == [("data", "6", "1"), ("rare words", "fewer than 5", "fewer than 5")]
        assert [*response.context["schools"].rows] == [(school.name, "6")]
        assert "Tester" not in response.content.decode()

    def test_a_principal_counts_their_own_school(self, author):
        shared(author, focus_area="data")
        elsewhere = signed_in(user_with_role("principal", SchoolFactory()))
        assert "Nothing to count yet" in elsewhere.get(url("practices_spread")).content.decode()

    def test_teachers_do_not_open_it(self, author):
        assert signed_in(author.user).get(url("practices_spread")).status_code == 403
