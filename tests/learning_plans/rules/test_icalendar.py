"""Calendar files: folding, escaping, days and moments."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from learning_plans.rules.icalendar import Entry, calendar_file, escaped, folded

AT = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("America/Los_Angeles"))


def test_a_day_ends_where_the_next_begins_and_moments_are_in_utc():
    entries = [
        Entry("item-1@alder", "First aid, due", date(2026, 12, 31), url="https://alder.example/my-plan/"),
        Entry("session-2@alder", "Workshop", AT.date(), AT, AT.replace(hour=14), place="Room 4; upstairs"),
    ]
    assert calendar_file(entries, name="My plan", at=AT).decode().split("\r\n") == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//PD Tracker//EN", "X-WR-CALNAME:My plan",
        "BEGIN:VEVENT", "UID:item-1@alder", "DTSTAMP:20261124T200000Z",
        "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101",
        "SUMMARY:First aid\\, due", "URL:https://alder.example/my-plan/", "END:VEVENT",
        "BEGIN:VEVENT", "UID:session-2@alder", "DTSTAMP:20261124T200000Z",
        "DTSTART:20261124T200000Z", "DTEND:20261124T220000Z",
        "SUMMARY:Workshop", "LOCATION:Room 4\\; upstairs", "END:VEVENT",
        "END:VCALENDAR", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\\b", "a\\\\b"), ("a,b;c", "a\\,b\\;c"), ("a\r\nb", "a\\nb"), ("a\x00b", "ab"), ("BEGIN:X", "BEGIN:X")],
)
def test_escaping_leaves_no_way_out_of_a_line(text, expected):
    assert escaped(text) == expected


@pytest.mark.parametrize("text", ["short", "x" * 75, "x" * 76, "ñ" * 200, "x" * 74 + "ñ" * 3, "📘" * 60])
def test_folding_keeps_lines_short_and_characters_whole(text):
    lines = folded(text).split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert all(line.startswith(" ") for line in lines[1:])
    assert lines[0] + "".join(line[1:] for line in lines[1:]) == text
