"""What templates of this site need beyond Django's own tags; the thinking is done in plain functions next door."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import Form
from django.http import QueryDict
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pd_tracker.sheets import charts
from pd_tracker.sheets.table import Kind, Table
from pd_tracker.web import addresses, cells, forms, logs, states, tables
from pd_tracker.web import chips as filter_chips
from pd_tracker.web.rows import Look

register = template.Library()


def query_of(context: template.Context) -> QueryDict:
    request = context.get("request")
    return request.GET if request is not None else QueryDict()


@register.simple_tag
def request_number() -> str:
    """What a person can quote, so that the log line of this request is found."""
    return logs.request_number.get()


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """This page's address parameters with some changed: `{% query_with page=2 %}`; None or "" drops one."""
    return addresses.changed(query_of(context), changes)


@register.simple_tag(takes_context=True)
def block_text(context: template.Context, name: str) -> str:
    """The words of a block that stands elsewhere in the page, so that the title is written once."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    return " ".join(strip_tags(block.render(context)).split()) if block else ""


@register.simple_tag(takes_context=True)
def shown_table(context: template.Context, table: Table) -> tables.Shown:
    """The table as the include draws it; a page's main list also sorts, and links its rows by itself."""
    look = Look(bool(context.get("stack")), context.get("pick") or "", context.get("bulk_form") or "bulk")
    if table is not context.get("table") or "page" not in context:
        return tables.shown(
            table, replace(look, url_name=context.get("link_to") or ""), row_keys=context.get("keys") or ()
        )
    return tables.shown(
        table,
        replace(look, url_name=context.get("row_url_name") or ""),
        row_keys=context.get("row_keys") or (),
        query=query_of(context),
        ordered_by=context.get("ordered_by") or "",
    )


@register.simple_tag(takes_context=True)
def chips(context: template.Context, form: Form) -> list[filter_chips.Chip]:
    return filter_chips.chips(form, query_of(context))


@register.filter
def as_options(options: Any) -> SafeString:
    return forms.drawn_options(options)


@register.filter
def elided(page: Page[Any]) -> list[int | str]:
    """Page numbers round this one; gaps as an ellipsis."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def shown_as(value: Any, kind: str) -> str:
    """`{{ minutes|shown_as:"hours" }}`: the value as a column of that kind would show it."""
    return cells.in_words(value, Kind(kind))


@register.inclusion_tag("parts/tag.html")
def state_tag(state: Any, label: str | Promise | None = None) -> dict[str, Any]:
    """The state's word with its shape and color: `{% state_tag job.state job.get_state_display %}`."""
    return {"look": states.look_of(state), "label": label or getattr(state, "label", state)}


@register.inclusion_tag("parts/bar.html")
def bar(value: Any, goal: Any, words: str) -> dict[str, Any]:
    """How much of a goal is reached, as a bar; the words say the same."""
    return {"percent": share(float(value or 0), float(goal or 0)), "words": words}


def share(value: float, goal: float) -> int:
    return min(100, int(100 * value / goal)) if goal > 0 else 0


@register.inclusion_tag("parts/chart.html", takes_context=True)
def chart(context: template.Context, drawing: charts.Chart, table: Table | None = None) -> dict[str, Any]:
    """A figure with the drawing for wide and narrow screens and its numbers one click away."""
    words = chart_words()
    return {
        "drawing": drawing,
        "table": table,
        "wide": safe_svg(charts.svg(drawing, words=words)),
        "narrow": safe_svg(charts.svg(drawing, width=charts.NARROW, words=words)),
    }


def safe_svg(drawn: str) -> SafeString:
    return mark_safe(drawn)  # noqa: S308 the drawing escapes every label itself


def chart_words() -> charts.Words:
    return charts.Words(
        interval=_("interval {low} to {high}"),
        band=_("for all together {low} to {high}"),
        nothing=_("no value"),
        in_view=_("Still in view"),
        at_risk=_("{n} in view"),
    )
