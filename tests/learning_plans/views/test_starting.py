"""The pages of a start: looking ahead, starting, watching, taking back; and one person's plan."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from learning_plans.actions.cycles import run_start
from learning_plans.models import CycleStart, Plan
from pd_tracker.audit.models import AuditEvent
from pd_tracker.jobs.models import Job
from teachers.models import SchoolYear
from tests.factories import (
    PairingFactory,
    PlanFactory,
    PlanTemplateFactory,
    SchoolFactory,
    SchoolYearFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db

START = "/plans/start/"


@pytest.fixture
def year() -> SchoolYear:
    return SchoolYearFactory()


@pytest.fixture
def school():
    return SchoolFactory(name="Hill School")


@pytest.fixture
def leader():
    return user_with_role("leader")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestLookingAhead:
    def test_counts_reasons_and_files(self, year, school, leader):
        PlanTemplateFactory(name="Special", subject="Art", place=1)
        PlanTemplateFactory(name="New", experience_to=0)
        starter = employed(school, experience_years=0, since=year.starts_on)
        planned = PlanFactory(teacher=employed(school), school_year=year).teacher
        nothing = employed(school, experience_years=20)
        client = signed_in(leader)
        page = client.get(START, {"year": year.label})
        text = page.content.decode()
        assert "first year of teaching" in text
        for words in ("1 person gets a new draft", "1 person has a plan already", "1 person fits no template"):
            assert words in text
        for part, person in (("starts", starter), ("has_plan", planned), ("no_template", nothing)):
            answer = client.get(START, {"year": year.label, "part": part, "format": "csv"})
            lines = b"".join(answer.streaming_content).decode("utf-8-sig")
            assert [each.staff_id in lines for each in (starter, planned, nothing)] == [
                each == person for each in (starter, planned, nothing)
            ]
            assert AuditEvent.objects.filter(subject_id=str(person.pk), verb__contains="exported").exists()
        assert not CycleStart.objects.exists()

    def test_nothing_is_looked_at_before_a_year_is_chosen(self, year, leader):
        assert signed_in(leader).get(START).context["preview"] is None

    def test_a_year_that_is_not_offered(self, year, leader):
        page = signed_in(leader).get(START, {"year": "1999-00"})
        assert page.context["preview"] is None
        assert page.context["form"].errors["year"]

    def test_a_principal_sees_and_starts_their_school_only(self, year, school):
        PlanTemplateFactory()
        other = SchoolFactory()
        employed(school), employed(other)
        client = signed_in(user_with_role("principal", school))
        assert list(client.get(START).context["form"].fields["school"].queryset) == [school]
        for wrong in ("", other.pk):
            answer = client.post(START, {"year": year.label, "school": wrong})
            assert answer.context["form"].errors["school"]
        assert client.post(START, {"year": year.label, "school": school.pk}).status_code == 302
        assert CycleStart.objects.get().school == school


class TestStarted:
    @pytest.fixture
    def start(self, year, school, leader) -> CycleStart:
        PlanTemplateFactory(name="Ordinary")
        employed(school), employed(school)
        signed_in(leader).post(START, {"year": year.label, "school": ""})
        return CycleStart.objects.get()

    def test_while_it_runs_its_page_watches_it(self, start, leader):
        assert start.job.get_absolute_url() in signed_in(leader).get(start.get_absolute_url()).content.decode()
        other = signed_in(user_with_role("leader")).get(start.get_absolute_url()).content.decode()
        assert start.job.get_absolute_url() not in other
        assert "still at work" in other

    def test_afterwards_it_counts_lists_and_can_be_taken_back(self, start, leader, school):
        run_start(start, actor=leader, told=lambda _: None, total=lambda _: None)
        Job.objects.update(state=Job.State.DONE)
        client = signed_in(leader)
        page = client.get(start.get_absolute_url())
        assert page.context["counts"] == [("Ordinary", 2)]
        assert page.context["page"].paginator.count == page.context["removable"] == 2
        response = client.post(reverse("learning_plans:undo_start", args=[start.pk]))
        assert response.url == start.get_absolute_url()
        start.refresh_from_db()
        assert (start.undone_at is not None, start.job.function) == (True, "learning_plans.jobs.undo_start")
        again = client.post(reverse("learning_plans:undo_start", args=[start.pk]), follow=True)
        assert "taken back already" in again.content.decode()

    def test_a_failed_start_says_how_to_go_on(self, start, leader):
        Job.objects.update(state=Job.State.FAILED, message="It broke.")
        text = signed_in(leader).get(start.get_absolute_url()).content.decode()
        assert "It broke." in text
        assert "Start the cycle again" in text

    def test_what_the_district_started_is_not_the_principals(self, start, school):
        principal = signed_in(user_with_role("principal", school))
        assert principal.get(start.get_absolute_url()).status_code == 404


class TestOnePerson:
    def test_a_teacher_begins_their_own(self, year):
        PlanTemplateFactory(guidance="Begin small.")
        teacher = teacher_with_sign_in()
        client = signed_in(teacher.user)
        assert "Begin small." in client.get("/my-plan/").content.decode()
        response = client.post(f"/plans/{teacher.pk}/start/")
        assert (response.url, Plan.objects.get().teacher) == ("/my-plan/", teacher)
        assert "Start this plan" not in client.get("/my-plan/").content.decode()
        again = client.post(f"/plans/{teacher.pk}/start/", follow=True)
        assert "already has a plan" in again.content.decode()

    def test_a_coach_begins_it_on_the_plan_page_and_a_principal_does_not(self, year, school):
        PlanTemplateFactory()
        teacher = employed(school)
        coach = PairingFactory(coach=user_with_role("coach"), teacher=teacher).coach
        principal = signed_in(user_with_role("principal", school))
        address = f"/plans/{teacher.pk}/"
        assert "Start this plan" not in principal.get(address).content.decode()
        assert principal.post(f"{address}start/").status_code == 404
        assert "Start this plan" in signed_in(coach).get(address).content.decode()
        assert signed_in(coach).post(f"{address}start/").url == address
        assert Plan.objects.get().history.get().history_user == coach
