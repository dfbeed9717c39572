"""Pages as tagged PDF files, from templates of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string


class PdfMissing(Exception):
    """The system's libraries for text (Pango) are not on this machine; the page itself can still be printed."""


def pdf_of(template: str, context: Mapping[str, Any]) -> bytes:
    """The template as PDF/UA, which screen readers can follow. Raises PdfMissing."""
    try:
        from pd_tracker.web.pdf_engine import draw
    except OSError as error:
        raise PdfMissing from error
    return draw(render_to_string(template, context))
