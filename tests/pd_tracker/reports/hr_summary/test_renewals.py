"""The sheet Renewals due and overdue."""

from __future__ import annotations

from datetime import date
from datetime import datetime as day
from decimal import Decimal

import pytest
from django.utils import timezone

from learning_plans.models import RenewalMailing, RenewalNotice, Waiver
from tests.factories import LicenceFactory
from tests.pd_tracker.reports.hr_summary.books import book, rows
from tests.pd_tracker.reports.hr_summary.conftest import moment, stands

pytestmark = pytest.mark.django_db


def test_renewals_stand_in_their_buckets(tiny):
    found = rows(book()["Renewals due and overdue"])

    assert [(row["Staff id"], row["License type"], row["When"], row["Days left"]) for row in found] == [
        ("0001", "Coach", "Overdue", -1), ("0001", "Reading", "0–90 days", 0),
    ]  # fmt: skip
    assert found[0]["License valid until"] == day(2026, 1, 14)
    assert found[0]["Primary site"] == "Oak"


def test_a_license_that_was_renewed_and_those_of_leavers_are_no_renewals(tiny):
    tiny.ana.licences.filter(licence_type="Coach").update(valid_until=date(2026, 1, 13))
    LicenceFactory(teacher=tiny.ana, licence_type="Coach", valid_from=date(2026, 1, 14), valid_until=date(2031, 1, 13))
    LicenceFactory(teacher=tiny.cyd, valid_until=date(2026, 2, 1))

    assert [row["License type"] for row in rows(book()["Renewals due and overdue"])] == ["Reading"]


def test_a_renewal_says_where_the_license_stands_and_what_was_waived(tiny):
    coach, reading = (tiny.ana.licences.get(licence_type=name) for name in ("Coach", "Reading"))
    stands(coach, status="overdue", short={"equity": "5", "any": "12.5"})
    Waiver.objects.create(licence=coach, amount=Decimal("2.5"), reason="Illness", granted_at=timezone.now())
    Waiver.objects.create(licence=reading, reason="Illness", granted_at=timezone.now())
    taken_back = {"granted_at": timezone.now(), "taken_back_at": timezone.now()}
    Waiver.objects.create(licence=coach, amount=Decimal(9), reason="Twice", **taken_back)

    first, second = rows(book()["Renewals due and overdue"])

    assert (first["Standing of the license"], first["Credit required"], first["Credit counted"]) == ("Overdue", 100, 45)
    assert (first["Credit short by category"], first["Waived"]) == ("any: 12.5; equity: 5", "2.500")
    assert (second["Standing of the license"], second["Credit required"], second["Waived"]) == (None, None, "All of it")


def test_a_renewal_says_how_often_its_person_was_told_by_the_day_described(tiny):
    coach = tiny.ana.licences.get(licence_type="Coach")
    for sent_at in (moment(1, 5, year=2026), moment(1, 15, 23, year=2026), moment(1, 16, year=2026)):
        mailing = RenewalMailing.objects.create(district=tiny.district, text="Soon", in_site=True, sent_at=sent_at)
        RenewalNotice.objects.create(mailing=mailing, licence=coach, words="Soon")

    first, second = rows(book()["Renewals due and overdue"])

    assert (first["Notices sent"], first["Last notice sent"]) == (2, day(2026, 1, 15, 23))
    assert (second["Notices sent"], second["Last notice sent"]) == (0, None)
