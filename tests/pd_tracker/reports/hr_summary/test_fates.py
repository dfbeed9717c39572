"""Whether each hour of the transcript counts, and why, where somebody asks for it."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from learning_plans.models import CategoryMeaning, Evidence
from tests.factories import LicenceFactory
from tests.pd_tracker.reports.hr_summary.books import about, book, by, rows

pytestmark = pytest.mark.django_db
SHEET = "Transcript detail"


@pytest.fixture
def licensed(tiny):
    """Ana's licenses ask for New York's hours; nobody has said what Safety means."""
    tiny.ana.licences.update(rule_pack="NY-CTLE", valid_until=date(2027, 6, 30))
    district = tiny.ana.district
    for category in {row.category for row in tiny.ana.completions.all()} - {"", "Safety"}:
        CategoryMeaning.objects.create(district=district, category=category, codes=[])
    return tiny


def test_reasons_are_left_out_unless_somebody_asks(licensed):
    assert "Reason code" not in rows(book()[SHEET])[0]


def test_every_line_says_whether_it_counts_and_why(licensed):
    made = book(reasons="yes")
    found = rows(made[SHEET])
    of_ana = [row for row in found if row["Staff id"] == licensed.ana.staff_id and row["State"] == "Approved"]
    assert of_ana
    for row in of_ana:
        assert "counted" in row["Reason code"]
        assert row["Counted for the license"] > 0
        assert "It counts in full." in row["Why"]
    others = [row for row in found if row["Staff id"] != licensed.ana.staff_id]
    assert {row["Reason code"] for row in others} == {None}
    assert about(made)["How it was made", "Whether each hour counts, and why"] == "Add it; that takes longer"


def test_reasons_of_several_licenses_stand_side_by_side(licensed):
    licensed.ana.licences.all().delete()
    for name, pack in (("Teacher", "NY-CTLE"), ("Principal", "none")):
        LicenceFactory(teacher=licensed.ana, licence_type=name, rule_pack=pack)
    found = [row for row in rows(book(reasons="yes")[SHEET]) if row["Staff id"] == licensed.ana.staff_id]
    assert {"WA Teacher: counted; WA Principal: nothing_owed"} <= {row["Reason code"] for row in found}


def test_a_proof_on_file_is_said(licensed):
    completion = licensed.ana.completions.order_by("pk")[0]
    Evidence.objects.create(completion=completion, link="https://example.org/badge", added_at=timezone.now())
    found = by("Credit id", book()[SHEET])
    proven = {key for key, row in found.items() if row["Proof on file"] == "Yes"}
    assert {key.partition("-")[0] for key in proven} == {str(completion.pk)}
