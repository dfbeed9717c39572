"""A license explains itself: to the teacher, to HR, on paper and in files."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import CategoryMeaning, Evidence, PackChoice
from pd_tracker.web import pdf
from teachers.models import Licence, School, Teacher
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    CreditLineFactory,
    LicenceFactory,
    SchoolFactory,
    teacher_with_sign_in,
    user_with_role,
)

TODAY = date.today()
BEGIN = TODAY - timedelta(days=400)
pytestmark = pytest.mark.django_db


@pytest.fixture
def hill() -> School:
    return SchoolFactory(name="Hill School")


@pytest.fixture
def ada(hill: School) -> Teacher:
    return teacher_with_sign_in(hill, given_name="Ada", family_name="Moreno")


@pytest.fixture
def licence(ada: Teacher) -> Licence:
    return LicenceFactory(
        teacher=ada, rule_pack="NY-CTLE", valid_from=BEGIN, valid_until=BEGIN + timedelta(days=5 * 365)
    )


@pytest.fixture
def teacher_client(ada: Teacher) -> Client:
    return signed_in(ada.user)


@pytest.fixture
def hr_client() -> Client:
    return signed_in(user_with_role("hr"))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def completed(teacher: Teacher, title: str, minutes: int = 360, days_ago: int = 30, **more):
    course = CourseFactory(district=teacher.district, title=title, category=more.get("category", ""))
    on = TODAY - timedelta(days=days_ago)
    return CompletionFactory(
        **{"teacher": teacher, "course": course, "minutes": minutes, "completed_on": on, "category": ""} | more
    )


def page(client: Client, name: str, *args: int, **query: str) -> str:
    response = client.get(reverse(f"learning_plans:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_every_line_stands_with_its_reason(teacher_client: Client, licence: Licence, ada: Teacher) -> None:
    completed(ada, "Number talks")
    completed(ada, "Spreadsheets", category="Technology")
    completed(ada, "Writing", state="pending")
    completed(ada, "Long ago", days_ago=500)
    said = page(teacher_client, "licence", licence.pk)

    assert "6 of 100 hours count. Still missing: 94 hours; 15 of “language acquisition”." in said
    assert "It counts in full." in said
    assert "These rules do not know the category: Technology." in said
    assert "waiting for 0 days" in said
    assert "Long ago</a>" not in said


def test_hr_answers_why_an_hour_is_not_counted_from_the_completion(
    hr_client: Client, licence: Licence, ada: Teacher
) -> None:
    odd = completed(ada, "Spreadsheets", category="Technology")
    early = completed(ada, "Long ago", days_ago=500)

    assert "0 of 6 hours count." in page(hr_client, "completion", odd.pk)
    assert "These rules do not know the category: Technology." in page(hr_client, "completion", odd.pk)
    assert "this period began later" in page(hr_client, "completion", early.pk)


def test_a_completion_is_judged_by_the_license_of_its_time(hr_client: Client, licence: Licence, ada: Teacher) -> None:
    LicenceFactory(
        teacher=ada,
        rule_pack="KY-annual",
        licence_type="Initial",
        valid_from=BEGIN - timedelta(days=365),
        valid_until=BEGIN - timedelta(days=1),
    )
    said = page(hr_client, "completion", completed(ada, "Long ago", days_ago=500).pk)
    assert "WA Initial" in said
    assert "It counts in full." in said


def test_another_choice_of_rules_explains_everything_anew(
    teacher_client: Client, licence: Licence, ada: Teacher
) -> None:
    licence.rule_pack = ""
    licence.save()
    completed(ada, "Number talks")
    assert "The state asks for no hours" in page(teacher_client, "licence", licence.pk)

    choice = PackChoice.objects.create(district=ada.district, rule_pack="PA-Act48")
    assert "6 of 180 hours count." in page(teacher_client, "licence", licence.pk)
    choice.rule_pack = "VA-10-year"
    choice.save()
    assert "These rules are unverified" in page(teacher_client, "licence", licence.pk)


def test_a_renewed_license_is_over_and_not_overdue(teacher_client: Client, licence: Licence, ada: Teacher) -> None:
    before = LicenceFactory(
        teacher=ada, rule_pack="NY-CTLE", valid_from=BEGIN - timedelta(days=900), valid_until=BEGIN - timedelta(days=1)
    )
    completed(ada, "Long ago", days_ago=500)
    said = page(teacher_client, "licence", before.pk)
    assert "Renewed" in said
    assert "The period ended on" in said
    assert "Overdue" not in said
    assert "What to take next" not in said
    assert f"/licenses/{before.pk}/" not in page(teacher_client, "my_licences")


def test_what_if_says_what_a_course_would_add(teacher_client: Client, licence: Licence, ada: Teacher) -> None:
    CategoryMeaning.objects.create(district=ada.district, category="Language", codes=["language_acquisition"])
    course = CourseFactory(district=ada.district, title="Sheltered instruction", minutes=900, category="Language")
    said = page(teacher_client, "licence", licence.pk, course=course.code)

    words = "15 more would count: 15 of 100 hours. Language acquisition: 15 of 15. It counts in full."
    assert said.count(words) == 2  # as a suggestion, and as the answer
    assert words in page(teacher_client, "course", course.pk)
    assert "No course here is called" in page(teacher_client, "licence", licence.pk, course="no such course")


def test_a_license_of_somebody_else_is_not_found(licence: Licence) -> None:
    stranger = signed_in(teacher_with_sign_in(SchoolFactory()).user)
    for name in ("licence", "statement"):
        assert stranger.get(reverse(f"learning_plans:{name}", args=[licence.pk])).status_code == 404


def test_rules_that_nobody_knows_are_named(teacher_client: Client, licence: Licence) -> None:
    licence.rule_pack = "old-rules"
    licence.save()
    assert "Nobody knows renewal rules called “old-rules”" in page(teacher_client, "licence", licence.pk)
    assert teacher_client.get(reverse("learning_plans:statement", args=[licence.pk])).status_code == 404


def test_lines_come_as_files(teacher_client: Client, licence: Licence, ada: Teacher) -> None:
    completed(ada, "=1+1", minutes=100)
    url = reverse("learning_plans:licence", args=[licence.pk])

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(teacher_client.get(url, {"format": "xlsx"})))).active
    assert sheet["A2"].data_type == "s"
    data = json.loads(b"".join(teacher_client.get(url, {"format": "json"})))
    assert (data["counted"], data["lines"][0]["reason"], data["entries"][0]["title"]) == ("1.6666", "counted", "=1+1")


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", " ")


@pytest.mark.pdf
def test_the_statement_is_paper_for_an_auditor(teacher_client: Client, licence: Licence, ada: Teacher) -> None:
    completed(ada, "Números y señas")
    completed(ada, "Spreadsheets", category="Technology")
    assert "Statement of professional development" in page(teacher_client, "statement", licence.pk)

    response = teacher_client.get(reverse("learning_plans:statement", args=[licence.pk]), {"format": "pdf"})
    drawn = b"".join(response)
    assert response["Content-Type"] == "application/pdf"
    assert pypdfium2.PdfDocument(drawn).is_tagged()  # screen readers can follow it
    said = text_of(drawn)
    for words in ("Ada Moreno", "6 of 100 hours count.", "Números y señas", "do not know the category: Technology"):
        assert words in said


@pytest.mark.pdf
def test_the_statement_comes_with_the_files_that_prove_it(
    teacher_client: Client, licence: Licence, ada: Teacher
) -> None:
    row, about = completed(ada, "Number talks"), {"added_at": timezone.now(), "sha256": "0" * 64}
    proof = Evidence(completion=row, filename="../../proof.pdf", content_type="application/pdf", **about)
    proof.file.save("proof.pdf", ContentFile(b"%PDF-1.7 proof"))
    Evidence.objects.create(completion=row, link="https://example.org/badge", **about)
    taken_out = Evidence(completion=row, filename="old.pdf", removed_at=timezone.now(), **about | {"sha256": "1" * 64})
    taken_out.file.save("old.pdf", ContentFile(b"%PDF-1.7 old"))
    url = reverse("learning_plans:statement", args=[licence.pk])
    assert "Download with proofs" in teacher_client.get(url).content.decode()

    packed = zipfile.ZipFile(io.BytesIO(b"".join(teacher_client.get(url, {"format": "zip"}))))
    assert packed.namelist() == [f"statement-{ada.staff_id}-{licence.pk}.pdf", "proofs/01 proof.pdf"]
    assert packed.read("proofs/01 proof.pdf") == b"%PDF-1.7 proof"
    said = text_of(packed.read(packed.namelist()[0]))
    assert "01 proof.pdf" in said
    assert "https://example.org/badge" in said


@pytest.mark.pdf
def test_whoever_may_not_approve_gets_the_statement_without_the_proofs(licence: Licence, ada: Teacher) -> None:
    about = {"added_at": timezone.now(), "sha256": "0" * 64}
    proof = Evidence(completion=completed(ada, "Number talks"), filename="proof.pdf", **about)
    proof.file.save("proof.pdf", ContentFile(b"%PDF-1.7 proof"))
    leader = signed_in(user_with_role("leader"))
    url = reverse("learning_plans:statement", args=[licence.pk])
    assert "proof.pdf" not in leader.get(url).content.decode()
    packed = zipfile.ZipFile(io.BytesIO(b"".join(leader.get(url, {"format": "zip"}))))
    assert len(packed.namelist()) == 1


@pytest.mark.pdf
def test_a_pdf_opens_no_address_and_no_file() -> None:
    from pd_tracker.web import pdf_engine

    fetcher = pdf_engine.OurFilesOnly()
    for url in ("http://example.org/a.png", "file:///etc/passwd", "static:../manage.py", "data:text/plain,a"):
        with pytest.raises(ValueError, match="static files"):
            fetcher.fetch(url)


def test_a_teacher_takes_the_whole_record_along(teacher_client: Client, licence: Licence, ada: Teacher) -> None:
    row = completed(ada, "Number talks", minutes=95)
    CreditLineFactory(completion=row, amount=Decimal("1.5"), category="")
    url = reverse("learning_plans:take_along")
    assert "Take your record with you" in teacher_client.get(url).content.decode()
    files = {wanted: b"".join(teacher_client.get(url, {"format": wanted})) for wanted in ("xlsx", "csv", "json")}

    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    assert [sheet.max_row for sheet in book] == [2, 2, 2, 2]
    names = zipfile.ZipFile(io.BytesIO(files["csv"])).namelist()
    assert names == ["record.csv", "credit.csv", "licenses.csv", f"license-{licence.pk}.csv"]
    data = json.loads(files["json"])
    assert data["credit"][0]["amount"] == "1.500"
    assert data["licenses"][0]["counted"] == "1.5"


@pytest.mark.pdf
def test_the_record_along_comes_as_paper_too(teacher_client: Client, licence: Licence, ada: Teacher) -> None:
    completed(ada, "Number talks")
    said = text_of(b"".join(teacher_client.get(reverse("learning_plans:take_along"), {"format": "pdf"})))
    assert "Record of professional development" in said
    assert said.count("Number talks") == 2  # in the record, and in the statement of the license


def test_without_the_library_for_text_the_way_round_is_said(
    teacher_client: Client, licence: Licence, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*args: object) -> bytes:
        raise pdf.PdfMissing

    monkeypatch.setattr(pdf, "pdf_of", missing)
    url = reverse("learning_plans:statement", args=[licence.pk])
    response = teacher_client.get(url, {"format": "pdf"}, follow=True)
    assert response.redirect_chain == [(url, 302)]
    assert "Print the page, and choose PDF as the printer." in response.content.decode()


def cost(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_the_page_costs_the_same_for_one_line_and_for_three(hr_client: Client, licence: Licence, ada: Teacher) -> None:
    completed(ada, "Number talks")
    url = reverse("learning_plans:licence", args=[licence.pk])
    hr_client.get(url)
    one = cost(hr_client, url)
    for title in ("Exit tickets", "Co-teaching"):
        completed(ada, title)
    assert cost(hr_client, url) == one
