"""The address of the page one is on, with a few parameters changed. Lists keep their whole state there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict


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


def without(query: QueryDict, names: Iterable[str]) -> str:
    return changed(query, dict.fromkeys(names))
