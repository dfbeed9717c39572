"""One door: a chart in, a drawing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape
from zlib import crc32

from .canvas import FONT, tag
from .lines import lines, steps
from .rows import bars, dots, shares
from .shapes import BarChart, Chart, DotChart, LineChart, ShareChart, StepChart
from .words import Words

WIDE, NARROW = 720, 380

DRAWN: dict[type[Any], Callable[[Any, float, Words, str], tuple[str, float]]] = {
    BarChart: bars,
    DotChart: dots,
    ShareChart: shares,
    LineChart: lines,
    StepChart: steps,
}


def svg(chart: Chart, *, width: int = WIDE, words: Words | None = None) -> str:
    """The drawing, `width` units wide; it scales with its place, so a phone gets one drawn at `NARROW`.

    It carries its colors as attributes for print, and classes that a style sheet may speak to. Each mark has a label
    that says its value, and can be focused; moving between marks by arrow keys is the page's part.
    """
    name = "wide" if width > NARROW else "narrow"
    inside, height = DRAWN[type(chart)](chart, width, words or Words(), f"{name}-{crc32(repr(chart).encode()):x}")
    titled = tag("title", escape(str(chart.title))) + tag("desc", escape(str(chart.description or chart.unit)))
    return tag(
        "svg",
        titled,
        inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height:.0f}",
        class_=f"pd-chart pd-chart--{name}",
        role="group",
        font_size=FONT,
        font_family="Atkinson Hyperlegible Next, sans-serif",
    )
