"""What colleagues say about courses and ask for: given with one tap, told only of groups."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import CourseOpinion, CourseWish
from teachers.models import Teacher, User
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    SchoolFactory,
    SchoolYearFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def signed_in(user: User | None) -> Client:
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def teacher() -> Teacher:
    SchoolYearFactory()
    return teacher_with_sign_in()


def give(client: Client, completion: Any, **data: Any) -> Any:
    return client.post(reverse("learning_plans:give_opinion", args=[completion.pk]), data, follow=True)


def page(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(f"learning_plans:{name}", args=args)).content.decode()


class TestOpinions:
    def test_the_record_asks_until_there_is_an_answer(self, teacher):
        completion, client = CompletionFactory(teacher=teacher), signed_in(teacher.user)
        assert "Would you recommend it to a colleague?" in page(client, "my_record")
        text = give(client, completion, stars="4", back="record").content.decode()
        assert "counts without your name" in text
        assert "Would you recommend it to a colleague?" not in text
        assert CourseOpinion.objects.get().stars == 4

    def test_it_is_changed_where_the_completion_stands(self, teacher):
        completion, client = CompletionFactory(teacher=teacher), signed_in(teacher.user)
        give(client, completion, stars="4")
        text = give(client, completion, stars="2").content.decode()
        assert CourseOpinion.objects.get().stars == 2
        assert 'name="stars" value="2" aria-pressed="true"' in text
        assert 'name="stars" value="4" aria-pressed="false"' in text

    @pytest.mark.parametrize("stars", ["", "0", "6", "x", "4.5"])
    def test_what_is_no_answer(self, teacher, stars):
        text = give(signed_in(teacher.user), CompletionFactory(teacher=teacher), stars=stars).content.decode()
        assert "Choose one of the five answers." in text
        assert not CourseOpinion.objects.exists()

    def test_nobody_answers_for_somebody_else(self, teacher):
        completion = CompletionFactory(teacher=teacher)
        assert give(signed_in(teacher_with_sign_in().user), completion, stars="1").status_code == 404
        assert give(signed_in(user_with_role("hr")), completion, stars="1").status_code == 403
        assert "Would you recommend" not in page(signed_in(user_with_role("hr")), "completion", completion.pk)

    def test_the_course_tells_from_five_people_on(self, teacher):
        course = CourseFactory()
        for number in range(5):
            assert "of 5, from" not in page(signed_in(teacher.user), "course", course.pk)
            completion = CompletionFactory(course=course)
            CourseOpinion.objects.create(completion=completion, stars=4 + number % 2, given_at=NOW)
        assert "4.5 of 5, from 5 or more answers" in page(signed_in(teacher.user), "course", course.pk)


class TestWishes:
    def test_a_teacher_asks_on_the_page_of_the_course(self, teacher):
        course, client = CourseFactory(), signed_in(teacher.user)
        assert "Ask for a session" in page(client, "course", course.pk)
        client.post(reverse("learning_plans:ask_for_course", args=[course.pk]))
        assert "You asked for a session." in page(client, "course", course.pk)

    def test_leaders_see_how_many_and_those_who_may_see_records_who(self, teacher):
        course, elsewhere = CourseFactory(title="Number talks"), SchoolFactory()
        for somebody in (teacher, employed(elsewhere, family_name="Elsewhere")):
            CourseWish.objects.create(teacher=somebody, course=course, wished_at=NOW)
        text = page(signed_in(user_with_role("hr")), "course", course.pk)
        assert "2 people" in text
        assert "Elsewhere" in text
        principal = signed_in(user_with_role("principal", teacher.assignments.get().school))
        text = page(principal, "course", course.pk)
        assert "2 people" in text
        assert str(teacher) in text
        assert "Elsewhere" not in text
        assert "2 people" not in page(signed_in(teacher.user), "course", course.pk)

    def test_the_catalog_counts_them_for_those_who_plan(self, teacher):
        course = CourseFactory()
        CourseWish.objects.create(teacher=teacher, course=course, wished_at=NOW)
        address = reverse("learning_plans:courses")
        for_leader = signed_in(user_with_role("leader")).get(address).context["table"]
        assert [row[-1] for row in for_leader.rows] == [1]
        for_teacher = signed_in(teacher.user).get(address).context["table"]
        assert "wishes" not in {column.key for column in for_teacher.columns}

    def test_the_catalog_is_narrowed_by_a_whole_focus_area(self, teacher):
        CourseFactory(title="A", focus_areas="data; literacy")
        CourseFactory(title="B", focus_areas="big data")
        found = signed_in(teacher.user).get(reverse("learning_plans:courses"), {"focus_area": "Data"})
        assert [row[0] for row in found.context["table"].rows] == ["A"]
