"""Files and links that prove a completion."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.actions.evidence import MOST
from learning_plans.models import Evidence
from learning_plans.rules.evidence import LARGEST
from pd_tracker.access import Role
from tests.factories import CompletionFactory, PairingFactory, teacher_with_sign_in, user_with_role

pytestmark = pytest.mark.django_db
PDF, PNG, JPEG = b"%PDF-1.7\n...", b"\x89PNG\r\n\x1a\n...", b"\xff\xd8\xff\xe0..."


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def completion():
    return CompletionFactory(teacher=teacher_with_sign_in(), state="pending")


def browse(user: Any) -> Client:
    found = Client()
    found.force_login(user)
    return found


def add(user: Any, completion: Any, **given: Any) -> Any:
    return browse(user).post(reverse("learning_plans:add_evidence", args=[completion.pk]), given)


def a_file(content: bytes = PDF, name: str = "Zeugnis – March.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [(PDF, "a.PDF", "application/pdf"), (PNG, "a.png", "image/png"), (JPEG, "a.jpeg", "image/jpeg")],
)
def test_a_file_is_added_and_opened_as_what_it_is(completion, content, name, kind):
    own = completion.teacher.user
    assert add(own, completion, file=a_file(content, name), note="Page 2").status_code == 302
    row = Evidence.objects.get()
    assert (row.filename, row.content_type, row.size, row.added_by) == (name, kind, len(content), own)
    assert name not in row.file.name

    for who in (own, user_with_role(Role.HR)):
        response = browse(who).get(row.get_absolute_url())
        assert (b"".join(response), response["Content-Type"]) == (content, kind)
        assert response["Content-Disposition"].startswith("attachment")
        assert "no-store" in response["Cache-Control"]
        shown = browse(who).get(row.get_absolute_url() + "?show")
        assert shown["Content-Disposition"].startswith("inline")
        assert (shown["X-Frame-Options"], shown["X-Content-Type-Options"]) == ("SAMEORIGIN", "nosniff")
        assert "default-src 'none'" in shown["Content-Security-Policy"]
        b"".join(shown)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>", "a.pdf"),
        (b"<svg xmlns='x'>", "a.svg"),
        (b"MZ\x90", "a.exe"),
        (PDF, "a.png"),
        (PNG, "a.png.html"),
        (b"", "a.pdf"),
        (PDF + b"." * LARGEST, "large.pdf"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(completion, content, name):
    response = add(completion.teacher.user, completion, file=a_file(content, name))

    assert list(response.context["form"].errors) == ["file"]
    assert not Evidence.objects.exists()


def test_a_link_leads_away_and_only_to_the_web(completion):
    own = completion.teacher.user
    for link in ("javascript:alert(1)", "ftp://example.org/a", "file:///etc/passwd"):
        assert list(add(own, completion, link=link).context["form"].errors) == ["link"]
    add(own, completion, link="https://example.org/badge/7")

    assert browse(own).get(Evidence.objects.get().get_absolute_url()).url == "https://example.org/badge/7"


def test_a_file_or_a_link_not_both_and_not_neither(completion):
    own = completion.teacher.user
    for given in ({}, {"file": a_file(), "link": "https://example.org/"}):
        assert add(own, completion, **given).context["form"].non_field_errors()
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(completion=completion, added_at=timezone.now())


def test_nobody_else_adds_or_opens_it(completion):
    school = completion.teacher.assignments.get().school
    coach, principal = user_with_role(Role.COACH), user_with_role(Role.PRINCIPAL, school)
    PairingFactory(coach=coach, teacher=completion.teacher)
    add(completion.teacher.user, completion, file=a_file())
    row = Evidence.objects.get()

    for who in (coach, principal, teacher_with_sign_in().user):
        assert browse(who).get(row.get_absolute_url()).status_code == 404
        assert add(who, completion, file=a_file(PNG, "a.png")).status_code == 404
    page = browse(coach).get(reverse("learning_plans:completion", args=[completion.pk])).content.decode()
    assert "Zeugnis" not in page
    assert Evidence.objects.count() == 1


def test_the_same_file_twice_and_too_many_are_refused(completion):
    own = completion.teacher.user
    add(own, completion, file=a_file())
    assert list(add(own, completion, file=a_file()).context["form"].errors) == ["file"]
    for number in range(MOST - 1):
        add(own, completion, link=f"https://example.org/{number}")
    assert add(own, completion, link="https://example.org/more").context["form"].non_field_errors()


def test_it_is_taken_out_with_a_reason_and_stays_in_the_history(completion):
    own = completion.teacher.user
    add(own, completion, file=a_file())
    row = Evidence.objects.get()
    address = reverse("learning_plans:remove_evidence", args=[row.pk])

    assert list(browse(own).post(address, {}).context["form"].errors) == ["reason"]
    browse(own).post(address, {"reason": "Wrong page"})
    assert browse(own).get(row.get_absolute_url()).status_code == 404
    assert row.history.first().history_change_reason == "Wrong page"
    assert add(own, completion, file=a_file()).status_code == 302


def test_a_voided_completion_takes_nothing(completion):
    completion.state, completion.void_reason = "voided", "Twice"
    completion.save()

    assert add(completion.teacher.user, completion, file=a_file()).status_code == 404
