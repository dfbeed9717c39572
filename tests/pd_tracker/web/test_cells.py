from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from pd_tracker.sheets.table import Column, Kind
from pd_tracker.web.cells import NOTHING, cell, in_words


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        ("Reading", Kind.TEXT, "Reading"),
        ("0042", Kind.ID, "0042"),
        (1234567, Kind.INTEGER, "1,234,567"),
        (0, Kind.INTEGER, "0"),
        (Decimal("12.5"), Kind.HOURS, "12.5"),
        (Decimal(-12), Kind.MONEY, "-$12.00"),
        (1234.5, Kind.MONEY, "$1,234.50"),
        (0.8236, Kind.PERCENT, "82.4%"),
        (-0.0001, Kind.PERCENT, "0.0%"),
        (3.14159, Kind.DECIMAL, "3.14"),
        (date(2026, 10, 3), Kind.DATE, "Oct 3, 2026"),
        (True, Kind.YES_NO, "Yes"),
        (False, Kind.YES_NO, "No"),
        (None, Kind.YES_NO, NOTHING),
        (None, Kind.HOURS, NOTHING),
        ("", Kind.TEXT, NOTHING),
        (float("nan"), Kind.DECIMAL, "–"),
    ],
)
def test_each_kind_has_its_words(value: Any, kind: Kind, words: str) -> None:
    assert in_words(value, kind) == words


@pytest.mark.parametrize(("hours", "shown"), [("11.99", "11.9"), ("12", "12.0"), ("1999.96", "1,999.9")])
def test_hours_are_never_rounded_up(hours: str, shown: str) -> None:
    assert in_words(Decimal(hours), Kind.HOURS) == shown


def test_a_moment_is_told_in_the_readers_zone() -> None:
    with timezone.override("America/Chicago"):
        assert in_words(datetime(2026, 10, 3, 19, 5, tzinfo=UTC), Kind.MOMENT) == "Oct 3, 2026, 2:05 PM CDT"


def test_a_columns_own_decimals_win() -> None:
    assert cell(2.5, Column("x", "X", Kind.DECIMAL, decimals=0)) == "2"


def test_numbers_stay_as_they_are_written_here_in_spanish() -> None:
    with translation.override("es"):
        assert in_words(1234.5, Kind.HOURS) == "1,234.5"


# --- The slow way, as Django says it -----------------------------------------------------------------------------
FORMS = {"en-us": ("M j, Y", "M j, Y, g:i A T"), "es": ("j b Y", "j b Y, g:i A T")}
LANGUAGES = st.sampled_from(sorted(FORMS))
ZONES = st.sampled_from(["UTC", "America/Chicago", "America/Los_Angeles"]).map(ZoneInfo)
# With the hour of autumn that comes twice, without the one of spring that never comes.
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=ZONES, allow_imaginary=False) | st.builds(
    datetime, *map(st.just, (2026, 11, 1, 1)), st.integers(0, 59), tzinfo=ZONES, fold=st.integers(0, 1)
)


@given(st.dates() | MOMENTS, LANGUAGES)
def test_a_day_is_said_as_django_says_it(day: date, language: str) -> None:
    with translation.override(language):
        assert in_words(day, Kind.DATE) == date_format(day, FORMS[language][0])


@given(MOMENTS | st.datetimes(), ZONES, LANGUAGES)
def test_a_moment_is_said_as_django_says_it(moment: datetime, zone: ZoneInfo, language: str) -> None:
    with translation.override(language), timezone.override(zone):
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        assert in_words(moment, Kind.MOMENT) == date_format(local, FORMS[language][1]).rstrip()


@given(st.decimals(-(10**9), 10**9, places=4) | st.integers(-(10**9), 10**9), st.sampled_from([None, 0, 1, 2]))
def test_hours_have_the_digits_before_the_cut(hours: Decimal | int, decimals: int | None) -> None:
    places = 1 if decimals is None else decimals
    floored = Decimal(math.floor(Decimal(hours) * 10**places)) / 10**places
    assert in_words(hours, Kind.HOURS, decimals).replace("-", "") == f"{abs(floored):,.{places}f}"


@given(st.text() | st.integers() | st.none(), st.booleans(), LANGUAGES)
def test_text_and_yes_no_stay_what_they_are(text: Any, flag: bool, language: str) -> None:
    with translation.override(language):
        assert in_words(text) == (NOTHING if text in (None, "") else str(text))
        assert in_words(flag, Kind.YES_NO) == (gettext("Yes") if flag else gettext("No"))


def test_two_languages_in_one_process_are_never_mixed() -> None:
    day = date(2026, 8, 3)
    moment = datetime(2026, 8, 3, 19, 5, tzinfo=UTC)
    said = {
        "en-us": ("Aug 3, 2026", "Aug 3, 2026, 12:05 PM PDT", "Yes"),
        "es": ("3 ago 2026", "3 ago 2026, 12:05 PM PDT", "Sí"),
    }

    for language in ("en-us", "es", "en-us", "es"):
        with translation.override(language):
            words = in_words(day, Kind.DATE), in_words(moment, Kind.MOMENT), in_words(True, Kind.YES_NO)
        assert words == said[language]


def test_two_zones_in_one_process_are_never_mixed() -> None:
    moment = datetime(2026, 8, 3, 3, 5, tzinfo=UTC)

    for _ in range(2):
        for zone, words in (("UTC", "Aug 3, 2026, 3:05 AM UTC"), ("America/Chicago", "Aug 2, 2026, 10:05 PM CDT")):
            with timezone.override(zone):
                assert in_words(moment, Kind.MOMENT) == words
