"""The address of the page one is on, with a few parameters changed. Lists keep their whole state there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

LONGEST_KEY = 18  # digits


def changed(query: QueryDict, changes: Mapping[str, Any]) -> str:
    """The query with these parameters set, or dropped where the value is empty; any other change starts at page one."""
    new = query.copy()
    if "page" not in changes:
        new.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            new.pop(name, None)
        else:
            new[name] = str(value)
    return f"?{new.urlencode()}"


def row_keys(values: Iterable[str]) -> list[int]:
    """The primary keys among what an address or a form names; what no database could hold is left out."""
    return [int(value) for value in values if value.isdecimal() and len(value) <= LONGEST_KEY]


def searched(query: QueryDict, name: str) -> str:
    """What was typed to search for, without what a database refuses to look for."""
    return query.get(name, "").replace("\x00", "").strip()


def without(query: QueryDict, names: Iterable[str]) -> str:
    return changed(query, dict.fromkeys(names))
