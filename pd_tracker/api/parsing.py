"""JSON as it is sent to us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class PlainJson(JSONParser):
    """UTF-8 whatever the header says, no NaN, no half characters, not nested without end: all that we could answer."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            return orjson.loads(stream.read())
        except orjson.JSONDecodeError as error:
            words = _("This is not JSON in UTF-8 that could be read (line %(line)d, column %(column)d).")
            raise ParseError(words % {"line": error.lineno, "column": error.colno}) from error
