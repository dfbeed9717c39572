"""The sheet Renewals due and overdue, and the days at which a bucket ends."""

from __future__ import annotations

from datetime import date, timedelta
from datetime import datetime as day

import pytest

from pd_tracker.reports.facts.hr.renewals import Bucket, bucket
from tests.factories import LicenceFactory
from tests.pd_tracker.reports.hr_summary.books import TODAY, book, rows

pytestmark = pytest.mark.django_db


def test_renewals_stand_in_their_buckets(tiny):
    found = rows(book()["Renewals due and overdue"])

    assert [(row["Staff id"], row["License type"], row["When"], row["Days left"]) for row in found] == [
        ("0001", "Coach", "Overdue", -1), ("0001", "Reading", "0–90 days", 0),
    ]  # fmt: skip
    assert found[0]["License valid until"] == day(2026, 1, 14)
    assert found[0]["Primary site"] == "Oak"


def test_a_license_that_was_renewed_and_those_of_leavers_are_no_renewals(tiny):
    LicenceFactory(teacher=tiny.ana, licence_type="Coach", valid_from=date(2026, 2, 1), valid_until=date(2031, 1, 31))
    LicenceFactory(teacher=tiny.cyd, valid_until=date(2026, 2, 1))

    assert [row["License type"] for row in rows(book()["Renewals due and overdue"])] == ["Reading"]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (-1, Bucket.OVERDUE), (0, Bucket.SOON), (90, Bucket.SOON), (91, Bucket.LATER), (180, Bucket.LATER),
        (181, Bucket.WITHIN_A_YEAR), (365, Bucket.WITHIN_A_YEAR), (366, None),
    ],
)  # fmt: skip
def test_buckets_end_where_they_say(days, found):
    assert bucket(TODAY + timedelta(days=days), on=TODAY) is found
