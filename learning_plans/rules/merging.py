"""A letter with fields in braces, filled for each person it goes to."""

from __future__ import annotations

import re
from collections.abc import Mapping

FIELDS = ("name", "license", "end", "short", "days_left")
IN_BRACES = re.compile(r"\{\s*(\w*)\s*\}")


def unknown_fields(text: str) -> tuple[str, ...]:
    """What stands in braces and is none of the fields, in the order of the text, each once."""
    return tuple(dict.fromkeys(found for found in IN_BRACES.findall(text) if found not in FIELDS))


def filled(text: str, values: Mapping[str, str]) -> str:
    return IN_BRACES.sub(lambda found: values.get(found[1], found[0]), text)
