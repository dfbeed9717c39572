"""The page and its download: who gets it, what it says, and that it is noted."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from tests.factories import CompletionFactory, SchoolFactory, SchoolYearFactory, employed, user_with_role
from tests.pd_tracker.reports.hr_summary.books import SHEETS, about, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def url():
    return reverse("reports:hr_summary")


@pytest.fixture
def hr(client):
    user = user_with_role(Role.HR, name="Ivy HR", email="ivy@alder.example")
    client.force_login(user)
    return user


def downloaded(response):
    return load_workbook(io.BytesIO(b"".join(response.streaming_content)))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
def test_only_hr_gets_in(client, url, role):
    client.force_login(user_with_role(role, SchoolFactory() if role is Role.PRINCIPAL else None))

    assert client.get(url).status_code == 403
    assert client.get(url, {"format": "xlsx"}).status_code == 403
    assert not AuditEvent.objects.filter(verb="hr_summary.exported").exists()


def test_strangers_are_asked_to_sign_in(client, url):
    assert client.get(url).status_code == 302


def test_the_page_counts_before_anything_is_made(client, url, hr):
    teacher = employed()
    CompletionFactory(teacher=teacher, minutes=90)
    CompletionFactory(teacher=teacher, state="pending")

    response = client.get(url)

    assert response.status_code == 200
    found = response.context["preview"]
    assert (found.people, found.completions, found.hours, found.pending) == (1, 2, 1.5, 1)
    assert "format=xlsx" in response.content.decode()


def test_the_download_holds_all_sheets_and_is_noted(client, url, hr):
    year = SchoolYearFactory()
    teacher = employed()
    CompletionFactory(teacher=teacher, minutes=90)
    school = teacher.assignments.get().school

    response = client.get(url, {"format": "xlsx", "year": year.label, "school": school.school_id})

    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Content-Disposition"] == f'attachment; filename="hr-summary-{year.label}.xlsx"'
    made = downloaded(response)
    assert made.sheetnames == SHEETS
    assert about(made)["How it was made", "Made by"] == "Ivy HR <ivy@alder.example>"
    assert about(made)["How it was made", "School"] == school.name
    event = AuditEvent.objects.get(verb="hr_summary.exported")
    assert event.actor_id == hr.pk
    assert event.detail["filters"] == {"year": year.label, "school": school.school_id, "left": "yes", "reasons": "no"}
    assert event.detail["rows"] | {"about": 0} == {
        "summary": event.detail["rows"]["summary"], "by_teacher": 1, "by_school": 1, "by_section": 1, "by_fund": 1,
        "transcript": 1, "renewals": 0, "exceptions": 0, "about": 0,
    }  # fmt: skip


def test_hr_of_one_school_gets_that_school_only(client, url):
    ours, theirs = SchoolFactory(), SchoolFactory()
    mine, other = employed(ours), employed(theirs)
    for teacher in (mine, other):
        CompletionFactory(teacher=teacher, minutes=60)
    client.force_login(user_with_role(Role.HR, ours))

    made = downloaded(client.get(url, {"format": "xlsx"}))

    assert [row["Staff id"] for row in rows(made["By teacher"])] == [mine.staff_id, "Total"]
    assert [row["Site code"] for row in rows(made["By school"])] == [ours.school_id, "Total"]
    assert [row["Staff id"] for row in rows(made["Transcript detail"])] == [mine.staff_id]
    assert about(made)["Hours", "All five agree"] == "Yes"
    refused = client.get(url, {"school": theirs.school_id})
    assert refused.status_code == 400


def test_leading_the_district_does_not_widen_what_hr_of_one_school_gets(client, url):
    ours, theirs = SchoolFactory(), SchoolFactory()
    mine, _other = employed(ours), employed(theirs)
    user = user_with_role(Role.HR, ours)
    user.role_grants.create(role=Role.LEADER.value, district=ours.district, starts_on=date(2020, 1, 1))
    client.force_login(user)

    made = downloaded(client.get(url, {"format": "xlsx"}))

    assert [row["Staff id"] for row in rows(made["By teacher"])] == [mine.staff_id, "Total"]
    assert [row["Site code"] for row in rows(made["By school"])] == [ours.school_id, "Total"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"year": "1999-00"}, "There is no school year 1999-00 here. Choose one of: {year}."),
        ({"year": "last year"}, "“last year” is not one of the choices."),
        ({"school": "77"}, "“77” cannot be chosen here"),
        ({"position": "pilot"}, "“pilot” is not one of the choices."),
        ({"left": "perhaps"}, "“perhaps” is not one of the choices."),
        ({"on": "January"}, "Write the day as 2026-01-31."),
        ({"on": "1990-01-01"}, "This day is not in the school year {year}"),
        ({"colour": "red"}, "no parameter “colour”"),
    ],
)
def test_what_cannot_be_understood_is_explained(client, url, hr, given, sentence):
    year = SchoolYearFactory()

    response = client.get(url, given | {"format": "xlsx"})

    assert response.status_code == 400
    assert sentence.format(year=year.label) in response.content.decode()
    assert not AuditEvent.objects.filter(verb="hr_summary.exported").exists()


def test_an_empty_district_says_so_and_still_gives_a_workbook(client, url, hr):
    page = client.get(url)

    assert "Nobody matches these filters" in page.content.decode()
    assert downloaded(client.get(url, {"format": "xlsx"})).sheetnames == SHEETS


def test_people_who_begin_after_today_are_listed_as_such(client, url, hr):
    begins = timezone.localdate() + timezone.timedelta(days=1)
    SchoolYearFactory(start=begins.year if begins.month >= 7 else begins.year - 1)
    employed(since=begins)

    found = rows(downloaded(client.get(url, {"format": "xlsx"}))["By teacher"])

    assert found[0]["Employment status"] == "Starts later"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_three_people_as_for_one(client, url, hr, count, django_assert_max_num_queries):
    for _ in range(count):
        CompletionFactory(teacher=employed())

    with django_assert_max_num_queries(13):
        assert client.get(url).context["preview"].people == count
