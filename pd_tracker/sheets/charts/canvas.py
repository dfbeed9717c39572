"""The pieces of a drawing: attributes and classes only, so that a strict content policy has no complaint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any
from xml.sax.saxutils import escape, quoteattr

FONT = 14
LETTER = 8.1  # mean width of a letter at that size
INK, QUIET, LINE, PAPER = "#1d2a30", "#47565c", "#d3d9d4", "#ffffff"
SERIES = ("#0e6b70", "#b45309", "#4b4a9c", "#8a2f5d", "#55666d", "#5d7a1f")
DASHES = ("", "7 4", "2 4", "10 3 2 3", "4 2", "1 3")


def tag(name: str, *inside: str, **attributes: Any) -> str:
    """An element; `class_` and `stroke_width` become what they mean, None is left out."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(short(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def short(value: Any) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def text(x: float, y: float, words: Any, *, anchor: str | None = None, quiet: bool = False, bold: bool = False) -> str:
    return tag(
        "text",
        escape(str(words)),
        x=x,
        y=y,
        fill=QUIET if quiet else INK,
        class_="pd-chart__quiet" if quiet else None,
        text_anchor=anchor,
        font_weight="700" if bold else None,
    )


def line(x1: float, y1: float, x2: float, y2: float, *, css: str, stroke: str, width: float = 1) -> str:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=f"pd-chart__{css}", stroke=stroke, stroke_width=width)


def hidden(*inside: str) -> str:
    """Seen, not read out: the marks say it all."""
    return tag("g", *inside, aria_hidden="true") if inside else ""


def color(index: int) -> str:
    return SERIES[index % len(SERIES)]


def css(role: str, index: int) -> str:
    return f"pd-chart__{role}-{index % len(SERIES) + 1}"


def width_of(words: Iterable[Any]) -> float:
    return max((len(str(word)) for word in words), default=0) * LETTER


@dataclass(slots=True)
class Marks:
    """The things one can walk by keyboard: the first is in the tab order, arrows reach the others."""

    count: int = 0

    def add(self, label: str, box: tuple[float, float, float, float], *inside: str) -> str:
        x, y, width, height = box
        ring = tag(
            "rect", x=x, y=y, width=width, height=height, class_="pd-chart__ring", fill="none", stroke="none",
            stroke_width=2, rx=3, pointer_events="all",
        )  # fmt: skip
        self.count += 1
        return tag(
            "g", *inside, ring, class_="pd-chart__mark", role="img", aria_label=label, data_mark="",
            tabindex=0 if self.count == 1 else -1,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers to places along a line, with round ticks that enclose them."""

    low: float
    high: float
    start: float
    end: float
    step: float

    @classmethod
    def over(cls, values: Iterable[float], *, start: float, end: float, ticks: int = 5) -> Scale:
        known = [*values] or [0.0, 1.0]
        low, high = min(known), max(known)
        step = round_step((high - low) / ticks or abs(high) or 1.0)
        return cls(floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step or step, start, end, step)

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        return [
            round(self.low + index * self.step, 10) for index in range(round((self.high - self.low) / self.step) + 1)
        ]

    def places(self, *, percent: bool) -> int:
        return max(0, ceil(-log10(self.step * (100 if percent else 1)) - 1e-9))


def round_step(rough: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))


def patterns(prefix: str, count: int) -> str:
    """Fills that tell series apart without color; the first stays plain."""
    return tag("defs", *(pattern(prefix, index) for index in range(1, count))) if count > 1 else ""


def pattern(prefix: str, index: int) -> str:
    paths = ("M0 8 8 0", "M4 0V8", "M0 4H8", "M0 0 8 8", "M4 0V8M0 4H8")
    drawn = tag("path", d=paths[(index - 1) % len(paths)], stroke=PAPER, stroke_width=1.5, class_="pd-chart__pattern")
    return tag("pattern", drawn, id=f"{prefix}-{index}", width=8, height=8, patternUnits="userSpaceOnUse")


def filled(x: float, y: float, width: float, height: float, index: int, prefix: str) -> str:
    place = {"x": x, "y": y, "width": max(width, 0.0), "height": height}
    plain = tag("rect", **place, fill=color(index), class_=css("fill", index))
    return plain + (tag("rect", **place, fill=f"url(#{prefix}-{index})") if index else "")
