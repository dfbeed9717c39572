"""How soon a period ends: the buckets of a renewals board."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Bucket(StrEnum):
    OVERDUE = "overdue"
    DAYS_90 = "0-90"
    DAYS_180 = "91-180"
    DAYS_365 = "181-365"


# First and last day of a bucket, counted from today; what is over has no first day.
DUE_WITHIN: dict[Bucket, tuple[int | None, int]] = {
    Bucket.OVERDUE: (None, -1),
    Bucket.DAYS_90: (0, 90),
    Bucket.DAYS_180: (91, 180),
    Bucket.DAYS_365: (181, 365),
}


def bucket_of(ends_on: date | None, *, on: date) -> Bucket | None:
    """None for what ends later than in a year, or never."""
    if ends_on is None:
        return None
    left = (ends_on - on).days
    return next(
        (bucket for bucket, (first, last) in DUE_WITHIN.items() if (first is None or first <= left) and left <= last),
        None,
    )
