"""Home, search and language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import Completion
from pd_tracker.access import Role
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    SchoolFactory,
    SchoolYearFactory,
    UserFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db


def tiles(client):
    return {tile.label: tile.value for _, shown in client.get("/").context["sections"] for tile in shown}


def test_a_teacher_sees_what_is_due(client):
    teacher, today = teacher_with_sign_in(), timezone.localdate()
    plan = PlanFactory(teacher=teacher, school_year=SchoolYearFactory())
    PlanItemFactory(plan=plan, due_on=today - timedelta(days=1))
    PlanItemFactory(plan=plan, due_on=today)
    PlanItemFactory(due_on=today)
    client.force_login(teacher.user)
    PlanItemFactory(plan=plan, due_on=today + timedelta(days=200))
    assert tiles(client) == {"Overdue": 1, "Due soon": 1}
    page = client.get("/")
    assert [shown.progress for shown in page.context["next"]] == ["overdue", "due_soon"]
    assert "1 thing is overdue." in page.content.decode()


def test_a_coach_sees_who_needs_them(client):
    coach, teacher = user_with_role(Role.COACH), employed()
    PairingFactory(coach=coach, teacher=teacher)
    for _ in range(2):
        PlanItemFactory(plan=PlanFactory(teacher=teacher), due_on=timezone.localdate() - timedelta(days=1))
    client.force_login(coach)
    assert tiles(client) == {"Need you": 1, "Teachers": 1, "Reviews overdue": 0}


def test_a_leader_is_led_to_the_hours_of_coaches_and_a_principal_is_not(client):
    coach, school = user_with_role(Role.COACH), SchoolFactory()
    for _ in range(2):
        PairingFactory(coach=coach, teacher=employed(school))
    for user, seen in ((user_with_role(Role.LEADER), 1), (user_with_role(Role.PRINCIPAL, school), None)):
        client.force_login(user)
        assert tiles(client).get("Coaching") == seen
        assert (reverse("learning_plans:coaching_counts") in client.get("/").content.decode()) is bool(seen)


def test_hr_sees_what_waits(client):
    client.force_login(user_with_role(Role.HR))
    CompletionFactory(state="pending", teacher=employed())
    old = CompletionFactory(state="pending", teacher=employed())
    Completion.objects.filter(pk=old.pk).update(recorded_at=timezone.now() - timedelta(days=15))
    shown = tiles(client)
    assert (shown["Waiting"], shown["Waiting long"], shown["People"], shown["Last import"]) == (2, 1, 2, "–")


def test_a_principal_counts_their_own_school_only(client):
    school = SchoolFactory()
    employed(school)
    employed()
    client.force_login(user_with_role(Role.PRINCIPAL, school))
    assert tiles(client) == {"People": 1, "Reviews overdue": 0}


def test_an_administrator_sees_roles_and_who_never_came(client):
    user_with_role(Role.COACH)
    client.force_login(user_with_role(Role.ADMIN))
    assert tiles(client) == {"Roles": 2, "Not yet here": 1}


def test_without_a_role_the_page_says_who_can_give_one(client):
    client.force_login(UserFactory())
    assert "You hold no role yet" in client.get("/").content.decode()


def test_search_finds_only_people_in_reach(client):
    school = SchoolFactory()
    mine = employed(school, family_name="Quill", given_name="Ana")
    employed(family_name="Quill", given_name="Ben")
    course = CourseFactory(title="Quill and ink")
    client.force_login(user_with_role(Role.PRINCIPAL, school))
    page = client.get(reverse("dashboards:search"), {"q": "quill"})
    assert (list(page.context["people"]), list(page.context["courses"])) == ([mine], [course])
    assert list(client.get(reverse("dashboards:search"), {"q": "ana quill"}).context["people"]) == [mine]
    assert "Nothing you may see" in client.get(reverse("dashboards:search"), {"q": "zzz"}).content.decode()


@pytest.mark.parametrize(("role", "found"), [(Role.HR, 1), (Role.LEADER, 0)])
def test_search_does_not_tell_a_leader_that_somebody_left(client, role, found):
    left = employed(family_name="Quill", until=timezone.localdate() - timedelta(days=1))
    client.force_login(user_with_role(role))
    assert len(client.get(reverse("dashboards:search"), {"q": "quill"}).context["people"]) == found
    assert client.get(reverse("teachers:person", args=[left.pk])).status_code == (200 if found else 404)


def test_search_finds_reports_for_who_may_read_them(client):
    address = reverse("dashboards:search")
    for role, found in ((Role.LEADER, ["retention", "pd_retention"]), (Role.TEACHER, [])):
        client.force_login(user_with_role(role))
        assert [report.name for report in client.get(address, {"q": "RETENTION"}).context["reports"]] == found


def test_search_reads_no_further_than_it_shows(client):
    employed(family_name="Quill")
    CourseFactory(title="Quill and ink")
    client.force_login(user_with_role(Role.HR))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("dashboards:search"), {"q": "quill"})
    searches = [query["sql"] for query in asked if "LIKE" in query["sql"]]
    assert len(searches) == 2
    assert all("LIMIT 20" in sql and "COUNT(" not in sql for sql in searches)


def test_a_chosen_language_stays_with_the_person(client):
    user = user_with_role(Role.TEACHER)
    client.force_login(user)
    client.post(reverse("dashboards:language"), {"language": "es", "next": "/help/"})
    client.logout()
    client.force_login(user)
    assert '<html lang="es"' in client.get("/help/").content.decode()


def test_a_stranger_chooses_a_language_for_the_browser(client):
    client.post(reverse("dashboards:language"), {"language": "es", "next": "/help/"})
    assert '<html lang="es"' in client.get("/help/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_a_language_leads_nowhere_else(client, target):
    assert "evil" not in client.post(reverse("dashboards:language"), {"language": "es", "next": target}).url
