"""Certificates: printed by whose they are, checked by anybody who holds the number."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.actions.certificates import certificate_of
from learning_plans.models import Certificate
from tests.factories import CompletionFactory, CourseFactory, ProviderFactory, teacher_with_sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_asked_yet():
    cache.clear()


@pytest.fixture
def completion():
    teacher = teacher_with_sign_in(given_name="Ada", family_name="Moreno")
    provider = ProviderFactory(name="Quilltarn University", number="500-114")
    course = CourseFactory(title="Bloodborne pathogens", provider=provider, category="Safety", focus_areas="health")
    return CompletionFactory(teacher=teacher, course=course, completed_on=date(2025, 9, 8), minutes=90)


def check(number: str):
    return Client().get(reverse("learning_plans:certificate", args=[number]))


def test_the_printed_page_says_provider_and_number_educator_date_content_and_hours(completion):
    client = Client()
    client.force_login(completion.teacher.user)
    page = client.get(reverse("learning_plans:completion", args=[completion.pk]))
    text, certificate = page.content.decode(), Certificate.objects.get()
    for words in (
        "Quilltarn University",
        "500-114",
        "Ada Moreno",
        "Sep 8, 2025",
        "Safety · health",
        "1.5",
        str(certificate),
    ):
        assert words in text
    assert f"http://testserver/certificates/{certificate}/" in text
    client.get(reverse("learning_plans:completion", args=[completion.pk]))
    assert Certificate.objects.count() == 1


def test_what_names_no_provider_the_district_has_given_itself(completion):
    completion.course.provider = None
    completion.course.save()
    district = completion.teacher.district
    district.state_id = "19-64881"
    district.save()
    client = Client()
    client.force_login(completion.teacher.user)
    context = client.get(reverse("learning_plans:completion", args=[completion.pk])).context
    assert (context["provider"], context["provider_number"]) == (district.name, "19-64881")


def test_a_stranger_sees_course_date_hours_and_that_it_is_valid_and_nothing_else(completion):
    certificate = certificate_of(completion, at=timezone.now())
    text = check(certificate.number.lower()).content.decode()
    for words in ("This certificate is valid", "Bloodborne pathogens", "Sep 8, 2025", "1.5", str(certificate)):
        assert words in text
    for words in ("Ada", "Moreno", completion.teacher.staff_id, "Quilltarn", "Safety"):
        assert words not in text


def test_a_voided_one_is_said_to_be_voided_without_the_reason(completion):
    certificate = certificate_of(completion, at=timezone.now())
    completion.state, completion.void_reason = "voided", "Entered for the wrong person"
    completion.save()
    text = check(str(certificate)).content.decode()
    assert "This certificate was voided" in text
    assert "wrong person" not in text


@pytest.mark.parametrize("number", ["7K3M-2PQR-9XYZ-4HJK", "1", "nothing of the kind"])
def test_what_is_no_number_is_not_found(number):
    answer = check(number)
    assert (answer.status_code, "There is no certificate with this number" in answer.content.decode()) == (404, True)


def test_a_typed_number_leads_to_its_page_and_a_slip_is_said(completion):
    certificate, page = certificate_of(completion, at=timezone.now()), reverse("learning_plans:check_certificate")
    assert "This is no number" not in Client().get(page).content.decode()
    assert Client().get(page, {"number": f" {certificate.number.lower()} "}).url == f"/certificates/{certificate}/"
    slip = Client().get(page, {"number": "7K3M-2PQR"}).content.decode()
    assert "This is no number of a certificate." in slip
    assert "7K3M-2PQR" in slip


def test_one_address_may_not_try_numbers_without_end(settings):
    settings.CERTIFICATE_RATE_LIMITS = {"check": "3/m/ip"}
    answers = [check(f"7K3M-2PQR-9XYZ-4HJ{letter}").status_code for letter in "ABCDE"]
    assert answers == [404, 404, 404, 429, 429]
