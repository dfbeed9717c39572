"""`manage.py hr_summary` writes what the page hands out."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from tests.factories import CompletionFactory, SchoolFactory, employed, user_with_role
from tests.pd_tracker.reports.hr_summary.books import SHEETS

pytestmark = pytest.mark.django_db


def run(path, *arguments):
    out = io.StringIO()
    call_command("hr_summary", "--output", str(path), *arguments, stdout=out)
    return out.getvalue()


def contents(book):
    """Every cell, but for when it was made."""
    return {sheet.title: [row for row in sheet.iter_rows(values_only=True) if row[1] != "Made on"] for sheet in book}


def test_it_writes_the_same_workbook_as_the_page(client, tmp_path):
    hr = user_with_role(Role.HR)
    CompletionFactory(teacher=employed(), minutes=90)
    employed(given_name="=2+2")
    client.force_login(hr)
    page = client.get(reverse("reports:hr_summary"), {"format": "xlsx", "left": "no"})
    from_page = load_workbook(io.BytesIO(b"".join(page.streaming_content)))

    said = run(tmp_path / "hr.xlsx", "--as", hr.email, "--param", "left=no")

    assert contents(load_workbook(tmp_path / "hr.xlsx")) == contents(from_page)
    assert said.startswith("Summary: 13, By teacher: 2, By school: 2, By course and section: 1, By funding source: 1")


def test_without_a_name_the_operator_gets_everything_and_it_is_noted(tmp_path):
    employed()
    employed()

    assert "By teacher: 2" in run(tmp_path / "hr.xlsx")
    assert load_workbook(tmp_path / "hr.xlsx").sheetnames == SHEETS
    event = AuditEvent.objects.get(verb="hr_summary.exported")
    assert event.actor_id is None
    assert event.detail["rows"]["by_teacher"] == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--param", "year=1999-00"), "year: There is no school year 1999-00 here"),
        (("--param", "colour=red"), "no parameter “colour”"),
        (("--param", "year"), "has no “=”"),
        (("--as", "nobody@alder.example"), "Nobody signs in as nobody@alder.example."),
    ],
)
def test_what_cannot_be_done_is_explained_and_nothing_is_written(tmp_path, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(tmp_path / "hr.xlsx", *arguments)

    assert not (tmp_path / "hr.xlsx").exists()


def test_a_principal_gets_nothing(tmp_path):
    principal = user_with_role(Role.PRINCIPAL, SchoolFactory())

    with pytest.raises(CommandError, match="do not open the HR summary"):
        run(tmp_path / "hr.xlsx", "--as", principal.email)

    assert not (tmp_path / "hr.xlsx").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        run(tmp_path / "nowhere" / "hr.xlsx")
