"""Merging two records by the pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from teachers.models import MergedTeacher, Teacher
from tests.factories import EmploymentFactory, LicenceFactory, TeacherFactory, employed, user_with_role

pytestmark = pytest.mark.django_db
LIST = "/people/duplicates/"


@pytest.fixture
def client():
    found = Client()
    found.force_login(user_with_role("hr"))
    return found


@pytest.fixture
def pair():
    return [employed(given_name="Ana", family_name="Reyes"), TeacherFactory(given_name="ANA", family_name="reyes")]


def merge_page(old, new):
    return reverse("learning_plans:merge_person", args=[old.pk]) + f"?into={new.pk}"


def test_records_of_one_name_are_listed_until_somebody_looked(client, pair):
    employed(given_name="Ana", family_name="Moreno")
    one, other = pair
    assert client.get(LIST).context["pairs"] == [(one, other)]

    address = reverse("learning_plans:keep_apart", args=[other.pk]) + f"?into={one.pk}"
    assert list(client.post(address, {}).context["form"].errors) == ["reason"]
    client.post(address, {"reason": "Mother and daughter"})
    assert client.get(LIST).context["pairs"] == []


def test_the_record_that_stays_is_found_by_name(client, pair):
    one, other = pair
    address = reverse("learning_plans:merge_person", args=[other.pk])
    assert list(client.get(address + "?search=ana").context["found"]) == [one]


def test_merging_shows_what_moves_and_asks_for_the_name(client, pair):
    stays, goes = pair
    LicenceFactory(teacher=goes)
    page = client.get(merge_page(goes, stays))
    assert page.context["moved"] == [("licenses", 1)]
    assert Teacher.objects.count() == 2

    wrong = client.post(merge_page(goes, stays), {"reason": "Twice", "typed": "Ana Moreno"})
    assert list(wrong.context["form"].errors) == ["typed"]
    response = client.post(merge_page(goes, stays), {"reason": "Twice", "typed": "ana  reyes"})
    assert response.url == reverse("teachers:person", args=[stays.pk])
    assert stays.licences.count() == 1
    assert MergedTeacher.objects.get().reason == "Twice"
    assert goes.staff_id in client.get(LIST).content.decode()
    history = client.get(reverse("learning_plans:person_history", args=[stays.pk])).content.decode()
    assert f"Merged from {goes.staff_id}: Twice" in history


def test_what_stands_in_the_way_is_said_before_and_at_the_time(client, pair):
    stays, goes = pair
    EmploymentFactory(teacher=goes, started_on="2020-01-01")
    page = client.get(merge_page(goes, stays))
    assert len(page.context["problems"]) == 1

    refused = client.post(merge_page(goes, stays), {"reason": "Twice", "typed": str(goes)})
    assert refused.context["form"].non_field_errors()
    assert Teacher.objects.count() == 2
