"""Calendar files after RFC 5545: only what appointments and whole days need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75  # octets


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment when it has moments, and a whole day otherwise."""

    uid: str
    title: str
    day: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    url: str = ""


def calendar_file(entries: Iterable[Entry], *, name: str, at: datetime) -> bytes:
    """Moments are written in UTC, which every calendar shows in its reader's own zone; days belong to no zone."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//PD Tracker//EN", f"X-WR-CALNAME:{escaped(name)}"]
    for entry in entries:
        lines += _entry(entry, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _entry(entry: Entry, at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(entry.uid)}"
    yield f"DTSTAMP:{_moment(at)}"
    if entry.starts_at is None:
        yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART:{_moment(entry.starts_at)}"
        yield f"DTEND:{_moment(entry.ends_at or entry.starts_at)}"
    yield f"SUMMARY:{escaped(entry.title)}"
    if entry.place:
        yield f"LOCATION:{escaped(entry.place)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield "END:VEVENT"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    plain = "".join(char for char in text if char == "\n" or char.isprintable())
    for char in "\\;,":
        plain = plain.replace(char, f"\\{char}")
    return plain.replace("\n", "\\n")


def folded(line: str) -> str:
    """Lines longer than 75 octets go on in the next line after a space; no character is cut in two."""
    parts, room = [""], LONGEST_LINE
    for char in line:
        size = len(char.encode())
        if size > room:
            parts.append("")
            room = LONGEST_LINE - 1  # the space in front counts
        parts[-1] += char
        room -= size
    return "\r\n ".join(parts)
