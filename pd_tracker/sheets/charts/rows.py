"""Charts that lie on their side, a row for each label: bars, shares, estimates with a line of no difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pd_tracker.sheets.table import Kind

from .canvas import (
    FONT,
    INK,
    LETTER,
    LINE,
    PAPER,
    Marks,
    Scale,
    color,
    css,
    filled,
    hidden,
    line,
    patterns,
    tag,
    text,
    width_of,
)
from .shapes import BarChart, DotChart, ShareChart, Titled, Value
from .words import Words, in_kind, number, spoken

LONGEST_BESIDE = 230.0  # longer labels go above their row
BAR = 18.0
AXIS = 26.0
LEGEND_ROW = 22.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the rows stand: labels beside them on a wide drawing, above them on a narrow one."""

    width: float
    left: float
    right: float
    top: float
    row: float
    above: float

    @classmethod
    def of(cls, labels: Sequence[Any], width: float, *, right: float, top: float) -> Layout:
        beside = width_of(labels) + 18
        if width < 500 or beside > LONGEST_BESIDE:
            return cls(width, 14.0, right, top, 50.0, 20.0)
        return cls(width, beside, right, top, 32.0, 0.0)

    def middle(self, index: int) -> float:
        return self.top + index * self.row + self.above + (self.row - self.above) / 2

    def bottom(self, count: int) -> float:
        return self.top + count * self.row

    def label(self, index: int, words: Any) -> str:
        if self.above:
            return text(self.left, self.top + index * self.row + 16, words)
        return text(self.left - 10, self.middle(index) + FONT / 3, words, anchor="end")

    def box(self, index: int) -> tuple[float, float, float, float]:
        return (1.0, self.top + index * self.row + 1, self.width - 2, self.row - 2)


def axis(chart: Titled, scale: Scale, top: float, bottom: float) -> str:
    places = scale.places(percent=chart.kind is Kind.PERCENT)
    drawn = []
    for tick in scale.ticks:
        x = scale.at(tick)
        drawn.append(line(x, top, x, bottom, css="grid", stroke=LINE))
        drawn.append(text(x, bottom + 18, number(tick, chart.kind, places), anchor="middle", quiet=True))
    return hidden(*drawn)


def whisker(scale: Scale, value: Value, y: float) -> str:
    """The interval, with a pale edge so that it shows on the bar too."""
    if value.interval is None:
        return ""
    low, high = map(scale.at, value.interval)
    path = f"M{low:.1f} {y:.1f}H{high:.1f}M{low:.1f} {y - 5:.1f}v10M{high:.1f} {y - 5:.1f}v10"
    return tag("path", d=path, class_="pd-chart__pattern", stroke=PAPER, stroke_width=4, fill="none") + tag(
        "path", d=path, class_="pd-chart__interval", stroke=INK, stroke_width=1.5, fill="none"
    )


def band(scale: Scale, value: Value, y: float) -> str:
    """The wider interval, thin and dashed below the narrow one."""
    if value.band is None:
        return ""
    low, high = map(scale.at, value.band)
    path = f"M{low:.1f} {y:.1f}H{high:.1f}M{low:.1f} {y - 3:.1f}v6M{high:.1f} {y - 3:.1f}v6"
    return tag(
        "path", d=path, class_="pd-chart__interval", stroke=INK, stroke_width=1, stroke_dasharray="3 3", fill="none"
    )


def bars(chart: BarChart, width: float, words: Words, prefix: str) -> tuple[str, float]:
    shown = [words.nothing if value.value is None else in_kind(chart, value.value) for value in chart.values]
    layout = Layout.of(chart.labels, width, right=width - width_of(shown) - 14, top=26.0)
    known = [0.0, *(part for value in chart.values for part in value.known)]
    scale = Scale.over(known, start=layout.left, end=layout.right, ticks=5 if width > 500 else 3)
    bottom, marks = layout.bottom(len(chart.labels)), Marks()
    drawn = [hidden(text(layout.left, 16, chart.unit, quiet=True)), axis(chart, scale, layout.top, bottom)]
    for index, (label, value) in enumerate(zip(chart.labels, chart.values, strict=True)):
        y, zero = layout.middle(index), scale.at(0)
        reach = scale.at(value.value or 0)
        ends = [zero, reach, *(map(scale.at, value.interval) if value.interval else ())]
        drawn.append(
            marks.add(
                f"{label}: {spoken(chart, value, words)}",
                layout.box(index),
                layout.label(index, label),
                filled(min(zero, reach), y - BAR / 2, abs(reach - zero), BAR, 0, prefix),
                whisker(scale, value, y),
                text(max(ends) + 8, y + FONT / 3, shown[index], quiet=value.value is None),
            )
        )
    drawn.append(hidden(line(scale.at(0), layout.top, scale.at(0), bottom, css="zero", stroke=INK, width=1.5)))
    return "".join(drawn), bottom + AXIS


def dots(chart: DotChart, width: float, words: Words, prefix: str) -> tuple[str, float]:
    layout = Layout.of(chart.labels, width, right=width - 22, top=26.0)
    known = [chart.zero, *(part for value in chart.values for part in value.known)]
    start = layout.left + (14 if layout.above else 0)
    scale = Scale.over(known, start=start, end=layout.right, ticks=6 if width > 500 else 4)
    bottom, marks = layout.bottom(len(chart.labels)), Marks()
    zero = scale.at(chart.zero)
    drawn = [
        hidden(text(start, 16, chart.unit, quiet=True)),
        axis(chart, scale, layout.top, bottom),
        hidden(line(zero, layout.top, zero, bottom, css="zero", stroke=INK, width=1.5)),
    ]
    for index, (label, value) in enumerate(zip(chart.labels, chart.values, strict=True)):
        y = layout.middle(index)
        drawn.append(
            marks.add(
                f"{label}: {spoken(chart, value, words)}",
                layout.box(index),
                layout.label(index, label),
                band(scale, value, y),
                whisker(scale, value, y),
                dot(scale.at(value.value), y) if value.value is not None else text(zero + 8, y + 5, words.nothing),
            )
        )
    return "".join(drawn), bottom + AXIS


def dot(x: float, y: float) -> str:
    return tag("circle", cx=x, cy=y, r=6, fill=color(0), class_=css("fill", 0))


def shares(chart: ShareChart, width: float, words: Words, prefix: str) -> tuple[str, float]:
    legend, top = key(chart.parts, width, prefix)
    layout = Layout.of(chart.labels, width, right=width - 22, top=top)
    scale = Scale(0.0, 1.0, layout.left, layout.right, 0.25)
    bottom, marks = layout.bottom(len(chart.labels)), Marks()
    drawn = [patterns(prefix, len(chart.parts)), legend, axis(chart, scale, top, bottom)]
    for index, (label, row) in enumerate(zip(chart.labels, chart.shares, strict=True)):
        drawn.append(hidden(layout.label(index, label)))
        drawn += share_row(chart, (label, row), layout.middle(index), scale, marks, words, prefix)
    return "".join(drawn), bottom + AXIS


def share_row(
    chart: ShareChart, row: tuple[Any, Sequence[float | None]], y: float, scale: Scale, marks: Marks,
    words: Words, prefix: str,
) -> list[str]:  # fmt: skip
    label, parts = row
    drawn, reached = [], 0.0
    for index, part in enumerate(parts):
        left, right = scale.at(reached), scale.at(reached + (part or 0))
        reached += part or 0
        drawn.append(
            marks.add(
                f"{label}, {chart.parts[index]}: {spoken(chart, Value(part), words)}",
                (left, y - BAR / 2 - 3, right - left, BAR + 6),
                filled(left, y - BAR / 2, right - left - 1, BAR, index, prefix),
            )
        )
    return drawn


def key(labels: Sequence[Any], width: float, prefix: str) -> tuple[str, float]:
    """Swatches with names, as many to a row as fit; gives the drawing and where the chart may begin."""
    drawn, x, y = [], 2.0, 6.0
    for index, label in enumerate(labels):
        needed = 22 + len(str(label)) * LETTER + 18
        if x > 2 and x + needed > width:
            x, y = 2.0, y + LEGEND_ROW
        drawn.append(filled(x, y, 15, 13, index, prefix) + text(x + 21, y + 11.5, label))
        x += needed
    return hidden(*drawn), y + LEGEND_ROW + 6
