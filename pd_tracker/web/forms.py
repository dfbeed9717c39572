"""How forms are drawn everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe


class Renderer(TemplatesSetting):
    """Django's own, with the field template of the site."""

    field_template_name = "parts/field.html"


def drawn_options(options: Iterable[Mapping[str, Any]]) -> SafeString:
    """The options of a list to choose from. A state has thousands of schools, too many for a template each."""
    drawn = (
        f'\n  <option value="{escape(str(option["value"]))}"{flatatt(option["attrs"]) if option["attrs"] else ""}>'
        f"{_escaped(option['label'])}</option>"
        for option in options
    )
    return mark_safe("".join(drawn))  # noqa: S308 every part is escaped


def _escaped(label: Any) -> str:
    return str(label.__html__()) if hasattr(label, "__html__") else escape(str(label))
