"""What a file that proves learning may be: told by its first bytes, never by its name."""

from __future__ import annotations

from pathlib import PurePath

LARGEST = 10 * 1024 * 1024
BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
ENDINGS = {"application/pdf": {".pdf"}, "image/png": {".png"}, "image/jpeg": {".jpg", ".jpeg"}}
ENOUGH = max(len(beginning) for beginning, _kind, _ending in BEGINNINGS)


def kind_of(beginning: bytes) -> tuple[str, str] | None:
    """Content type and ending of a file that begins so; none for anything that is not taken."""
    return next(((kind, ending) for start, kind, ending in BEGINNINGS if beginning.startswith(start)), None)


def is_named_so(filename: str, content_type: str) -> bool:
    """Whether the name says what the bytes say."""
    return PurePath(filename).suffix.lower() in ENDINGS[content_type]
