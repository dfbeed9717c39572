"""The editor of templates, the ready-made ones, and whom they fit today."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from learning_plans.actions.shipped import SHIPPED
from learning_plans.models import PlanTemplate
from tests.factories import (
    CourseFactory,
    PlanFactory,
    PlanTemplateFactory,
    SchoolYearFactory,
    TemplateItemFactory,
    employed,
    user_with_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return user_with_role("leader")


@pytest.fixture
def client(leader) -> Client:
    client = Client()
    client.force_login(leader)
    return client


def sent(client: Client, address: str, **changed: Any) -> dict[str, Any]:
    """The form as the page offers it, with some of it changed."""
    context = client.get(address).context
    found = {}
    for form in (context["form"], context["items"].management_form, *context["items"]):
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                found[field.html_name] = value
    return found | changed


class TestEditing:
    def test_a_new_template_with_a_course_and_a_task(self, client, leader):
        course = CourseFactory()
        lines = {"items-0-course": course.code, "items-1-task": "Meet", "items-1-due_after_days": "30"}
        body = sent(client, "/templates/new/", name="Ours", experience_to="2", **lines)
        assert client.post("/templates/new/", body).url == "/templates/"
        template = PlanTemplate.objects.get()
        assert (template.for_whom, template.district.name) == ("first 3 years of teaching", "Alder Valley")
        assert {(item.course, item.task, item.due_after_days) for item in template.items.all()} == {
            (course, "", None), (None, "Meet", 30),
        }  # fmt: skip
        assert template.history.get().history_user == leader

    def test_items_are_changed_and_taken_out_and_plans_stay(self, client):
        template = PlanTemplateFactory(guidance="Old words.")
        stays, goes = TemplateItemFactory(template=template), TemplateItemFactory(template=template)
        plan = PlanFactory(template=template, guidance="Old words.")
        address = f"/templates/{template.pk}/"
        order = [form.instance.pk for form in client.get(address).context["items"].initial_forms]
        body = sent(client, address, guidance="New words.")
        body |= {f"items-{order.index(stays.pk)}-task": "Another", f"items-{order.index(goes.pk)}-DELETE": "on"}
        assert client.post(address, body).status_code == 302
        assert [item.task for item in template.items.all()] == ["Another"]
        plan.refresh_from_db()
        assert plan.guidance == "Old words."
        assert type(goes).history.filter(history_type="-").count() == 1

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"review_days": "soon"}, "such as 90, 180"),
            ({"experience_from": "5", "experience_to": "2"}, "from the smaller to the larger"),
            ({"name": "Taken"}, "already has this name"),
            ({"items-0-task": "A task", "items-0-course": "PD-1"}, "not both"),
        ],
    )
    def test_what_is_refused_keeps_what_was_typed(self, client, wrong, words):
        CourseFactory(code="PD-1")
        PlanTemplateFactory(name="Taken")
        body = sent(client, "/templates/new/", name="Ours", guidance="My words") | wrong
        text = client.post("/templates/new/", body).content.decode()
        assert words in text
        assert "My words" in text
        assert PlanTemplate.objects.count() == 1

    def test_the_second_of_two_editors_is_told_and_keeps_their_text(self, client):
        template = PlanTemplateFactory()
        address = f"/templates/{template.pk}/"
        mine, theirs = sent(client, address, guidance="Mine"), sent(client, address, guidance="Theirs")
        client.post(address, theirs)
        text = client.post(address, mine).content.decode()
        assert "Somebody changed this entry" in text
        assert "Mine" in text
        assert "Theirs" in text

    def test_retired_and_brought_back(self, client):
        template = PlanTemplateFactory()
        for is_retired in (True, False):
            client.post(f"/templates/{template.pk}/retire/")
            template.refresh_from_db()
            assert template.is_retired is is_retired


class TestReadyMade:
    def test_all_of_them_are_taken_once(self, client, leader):
        assert client.get("/templates/shipped/").status_code == 200
        body = {"take": [each.key for each in SHIPPED]}
        client.post("/templates/shipped/", body)
        assert PlanTemplate.objects.count() == len(SHIPPED) == 5
        induction = PlanTemplate.objects.get(name="California induction")
        numbers = (induction.mentor_within_days, induction.goals_within_days, induction.weekly_minutes)
        assert (numbers, induction.is_apart_from_evaluation) == ((30, 60, 60), True)
        text = client.post("/templates/shipped/", body, follow=True).content.decode()
        assert "of these names already" in text
        assert PlanTemplate.objects.count() == 5

    def test_nothing_chosen(self, client):
        assert "Choose at least one" in client.post("/templates/shipped/", {}).content.decode()


def test_whom_they_fit_today(client):
    SchoolYearFactory()
    template = PlanTemplateFactory(position="classroom_teacher")
    employed()
    found = client.get("/templates/today/").context["fits"]
    assert (found.by_template, found.without, found.unknown_experience) == ([(template, 1)], 0, 1)
