"""Answers as JSON, several times as fast as the standard library writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer


class QuickJson(JSONRenderer):
    """Rows are plain values already; what is left, such as a sentence to be translated, is written as text."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str)
