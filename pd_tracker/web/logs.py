"""What is written about events: one line of JSON each, and nothing in it that a person has typed or is called.

The words of an exception may quote a row, and those of a library a path or a name. So of exceptions the kind and the
places are kept, of other people's messages the sentence without what was filled in, and where even that may hold data,
the place that wrote it.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from typing import Any

from django.conf import settings

OUR_LOGGERS = ("pd_tracker.", "teachers.", "learning_plans.")
request_number: ContextVar[str] = ContextVar("request_number", default="")


@contextmanager
def numbered() -> Iterator[str]:
    """Whatever is logged inside carries one number, which the person concerned can quote."""
    number = secrets.token_hex(6)
    token = request_number.set(number)
    try:
        yield number
    finally:
        request_number.reset(token)


class Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "place": f"{short(record.pathname)}:{record.lineno}",
            "says": sentence(record),
            "request": request_number.get(),
            **answered(record),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            said["errors"] = [kind_and_places(each) for each in chain(error)]
        return json.dumps({key: value for key, value in said.items() if value})


def sentence(record: logging.LogRecord) -> str:
    """Our own messages are ours to answer for."""
    if record.name.startswith(OUR_LOGGERS):
        return record.getMessage()
    return str(record.msg) if record.args else ""


def answered(record: logging.LogRecord) -> dict[str, Any]:
    """Which page it was, by its name: an address may hold a one-time link."""
    request = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    return {
        "method": getattr(request, "method", ""),
        "page": getattr(match, "view_name", ""),
        "status": getattr(record, "status_code", 0),
    }


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def kind_and_places(error: BaseException) -> dict[str, Any]:
    frames = walk_tb(error.__traceback__)
    places = [f"{short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}" for frame, line in frames]
    return {"kind": f"{type(error).__module__}.{type(error).__qualname__}", "places": places}


def short(path: str) -> str:
    parts = Path(path).parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    return path.removeprefix(f"{settings.BASE_DIR}/")
