"""A need in a browser: one course added, another asked for, a practice shared and taken up by a colleague."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from learning_plans.models import CourseOpinion, CourseWish, Need, PlanItem, Practice
from tests.factories import (
    CompetencyFactory,
    CompletionFactory,
    CourseFactory,
    SchoolYearFactory,
    SessionFactory,
    teacher_with_sign_in,
)
from tests.journeys.test_seats_by_lot import look, sign_in


@pytest.mark.django_db(transaction=True)
def test_a_teacher_finds_help_and_shares_a_practice(page: Page, live_server) -> None:
    SchoolYearFactory()
    teacher, colleague = teacher_with_sign_in(), teacher_with_sign_in()
    assert teacher.user is not None
    assert colleague.user is not None
    need = Need.objects.create(teacher=teacher, competency=CompetencyFactory(name="Questions in class"))
    talks, strings = CourseFactory(title="Number talks"), CourseFactory(title="Number strings")
    for course in (talks, strings):
        course.competencies.add(need.competency)
    start = timezone.now() + timedelta(days=4)
    SessionFactory(course=talks, starts_at=start, ends_at=start + timedelta(hours=2), capacity=9)
    CompletionFactory(teacher=teacher, course__title="Exit tickets")
    sign_in(page, teacher.user, live_server.url)

    look(page, f"/my-growth/{need.pk}/help/")
    page.get_by_role("button", name="Add to the plan Number talks").click()
    expect(page.get_by_text("“Number talks” is in the plan now.")).to_be_visible()
    page.get_by_role("button", name="Ask for a session Number strings").click()
    expect(page.get_by_text("You asked for a session.")).to_be_visible()
    assert (PlanItem.objects.get().course, CourseWish.objects.get().course) == (talks, strings)
    page.get_by_text("Part by part").click()
    expect(page.get_by_text("Nobody has recorded evidence for it.").last).to_be_visible()

    look(page, "/my-record/")
    page.get_by_role("button", name="Gladly").click()
    expect(page.get_by_text("counts without your name")).to_be_visible()
    assert CourseOpinion.objects.get().stars == 5

    look(page, "/practices/new/")
    page.get_by_label("What I tried").fill("Seven seconds")
    page.get_by_label("How I did it").fill("I count in my head.")
    page.get_by_role("button", name="Share with colleagues").click()
    expect(page.get_by_role("heading", name="Seven seconds")).to_be_visible()
    practice = Practice.objects.get()
    assert practice.shared_at is not None

    sign_in(page, colleague.user, live_server.url)
    look(page, f"/practices/{practice.pk}/")
    page.get_by_role("button", name="I try this too").click()
    page.get_by_label("How it went").fill("The room became calm.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Colleagues read it without your name.")).to_be_visible()
    look(page, "/practices/")
