"""Charts over time: lines with intervals, and survival curves with the people still in view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from pd_tracker.sheets.table import Kind

from .canvas import (
    DASHES,
    FONT,
    INK,
    LETTER,
    LINE,
    PAPER,
    Marks,
    Scale,
    color,
    css,
    hidden,
    line,
    tag,
    text,
    width_of,
)
from .shapes import Curve, LineChart, Series, StepChart, Titled, Value
from .words import Words, number, spoken

HEIGHT = 240.0
ROW = 20.0
APART = 17.0  # between two direct labels

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plot:
    left: float
    right: float
    top: float
    bottom: float

    @property
    def box_bottom(self) -> float:
        return self.bottom + 26


def named(series: Sequence[Series | Curve], width: float) -> bool:
    """Whether the names stand at the ends of the lines, where there is room, or in a key above."""
    return len(series) > 1 and width > 500 and width_of(one.label for one in series) < 190


def plot_of(series: Sequence[Series | Curve], width: float, tick_width: float) -> Plot:
    labels_right = width_of(one.label for one in series) + 14 if named(series, width) else 16.0
    keyed = 0 if len(series) < 2 or named(series, width) else len(series)
    top = 30.0 + keyed * ROW
    return Plot(tick_width + 16, width - labels_right, top, top + HEIGHT)


def key_above(series: Sequence[Series | Curve], width: float) -> str:
    if len(series) < 2 or named(series, width):
        return ""
    rows = []
    for index, one in enumerate(series):
        y = 12 + index * ROW
        rows.append(polyline([(2, y), (34, y)], index) + symbol(18, y, index) + text(42, y + FONT / 3, one.label))
    return hidden(*rows)


def up_axis(chart: Titled, scale: Scale, plot: Plot) -> str:
    places = scale.places(percent=chart.kind is Kind.PERCENT)
    drawn = [text(2, plot.top - 14, chart.unit, quiet=True)]
    for tick in scale.ticks:
        y = scale.at(tick)
        zero = tick == 0
        drawn.append(
            line(plot.left, y, plot.right, y, css="zero" if zero else "grid", stroke=INK if zero else LINE)
            + text(plot.left - 8, y + FONT / 3, number(tick, chart.kind, places), anchor="end", quiet=True)
        )
    return hidden(*drawn)


def tick_width(chart: Titled, values: Iterable[float]) -> float:
    scale = Scale.over(values, start=0, end=1)
    places = scale.places(percent=chart.kind is Kind.PERCENT)
    return width_of(number(tick, chart.kind, places) for tick in scale.ticks)


def polyline(points: Sequence[Point], index: int) -> str:
    return tag(
        "polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), fill="none", stroke=color(index),
        class_=css("line", index), stroke_width=2.5, stroke_dasharray=DASHES[index % len(DASHES)] or None,
        stroke_linejoin="round",
    )  # fmt: skip


def symbol(x: float, y: float, index: int) -> str:
    """Circle, square, triangle, diamond: series differ in shape as well."""
    shared = {"fill": color(index), "class_": css("fill", index), "stroke": PAPER, "stroke_width": 1}
    match index % 4:
        case 0:
            return tag("circle", cx=x, cy=y, r=5, **shared)
        case 1:
            return tag("rect", x=x - 4.5, y=y - 4.5, width=9, height=9, **shared)
        case 2:
            return tag("path", d=f"M{x:.1f} {y - 6:.1f}l5.5 10h-11z", **shared)
        case _:
            return tag("path", d=f"M{x:.1f} {y - 6:.1f}l6 6-6 6-6-6z", **shared)


def runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """Stretches without a gap."""
    found: list[list[Point]] = [[]]
    for point in points:
        if point is not None:
            found[-1].append(point)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def end_labels(ends: Sequence[tuple[float, int, Any]], x: float) -> str:
    """Names at the ends of their lines, pushed apart where lines meet."""
    drawn, lowest = [], float("-inf")
    for y, index, label in sorted(ends, key=lambda end: end[0]):
        lowest = max(y, lowest + APART)
        name = tag(
            "text", escape(str(label)), x=x, y=lowest + FONT / 3, fill=color(index),
            class_=css("fill", index), font_weight="700",
        )  # fmt: skip
        drawn.append(name)
    return hidden(*drawn)


def along(labels: Sequence[Any], places: Sequence[float], plot: Plot, unit: float) -> str:
    """Labels under the chart, as many as fit."""
    every = max(1, -(-int(width_of(labels) + 12) // max(int(unit), 1)))
    drawn = [
        text(x, plot.bottom + 20, label, anchor="middle", quiet=True)
        for index, (x, label) in enumerate(zip(places, labels, strict=True))
        if index % every == 0
    ]
    return hidden(*drawn)


def lines(chart: LineChart, width: float, words: Words, prefix: str) -> tuple[str, float]:
    known = [part for one in chart.series for value in one.values for part in value.known]
    known += [0.0] if chart.from_zero or not known else []
    plot = plot_of(chart.series, width, tick_width(chart, known))
    scale = Scale.over(known, start=plot.bottom, end=plot.top)
    unit = (plot.right - plot.left) / max(len(chart.labels), 1)
    places = [plot.left + unit * (index + 0.5) for index in range(len(chart.labels))]
    marks, ends = Marks(), []
    drawn = [key_above(chart.series, width), up_axis(chart, scale, plot), along(chart.labels, places, plot, unit)]
    for index, one in enumerate(chart.series):
        shift = (index - (len(chart.series) - 1) / 2) * min(10.0, unit / 6)
        points = [
            None if value.value is None else (x + shift, scale.at(value.value))
            for x, value in zip(places, one.values, strict=True)
        ]
        drawn.append(hidden(*(polyline(run, index) for run in runs(points))))
        drawn += line_marks(chart, one, index, points, scale, marks, words)
        ends += [(run[-1][1], index, one.label) for run in runs(points)[-1:]]
    if named(chart.series, width):
        drawn.append(end_labels(ends, plot.right + 8))
    return "".join(drawn), plot.box_bottom


def line_marks(
    chart: LineChart, one: Series, index: int, points: Sequence[Point | None], scale: Scale, marks: Marks, words: Words
) -> list[str]:
    several = len(chart.series) > 1
    return [
        marks.add(
            f"{one.label}, {label}: {spoken(chart, value, words)}"
            if several
            else f"{label}: {spoken(chart, value, words)}",
            (point[0] - 9, point[1] - 9, 18, 18),
            upright(scale, value, point[0]),
            symbol(*point, index),
        )
        for label, value, point in zip(chart.labels, one.values, points, strict=True)
        if point is not None
    ]


def upright(scale: Scale, value: Value, x: float) -> str:
    if value.interval is None:
        return ""
    low, high = map(scale.at, value.interval)
    path = f"M{x:.1f} {low:.1f}V{high:.1f}M{x - 4:.1f} {low:.1f}h8M{x - 4:.1f} {high:.1f}h8"
    return tag("path", d=path, class_="pd-chart__interval", stroke=INK, stroke_width=1.25, fill="none")


def steps(chart: StepChart, width: float, words: Words, prefix: str) -> tuple[str, float]:
    plot = plot_of(chart.curves, width, tick_width(chart, (0, 1)))
    scale = Scale(0.0, 1.0, plot.bottom, plot.top, 0.2)
    first, last = min(chart.times, default=0), max(chart.times, default=0)
    across = Scale(first, max(last, first + 1), plot.left + 8, plot.right - 8, 1)
    places = [across.at(time) for time in chart.times]
    unit = (plot.right - plot.left) / max(len(places) - 1, 1)
    marks, ends = Marks(), []
    labels = [number(time, Kind.DECIMAL, 0 if time == int(time) else 1) for time in chart.times]
    drawn = [key_above(chart.curves, width), up_axis(chart, scale, plot), along(labels, places, plot, unit)]
    for index, curve in enumerate(chart.curves):
        drawn.append(hidden(band(curve, places, scale, index), polyline(stairs(curve, places, scale), index)))
        drawn += step_marks(chart, curve, index, places, scale, marks, words)
        ends += [(scale.at(value), index, curve.label) for value in known_values(curve)[-1:]]
    if named(chart.curves, width):
        drawn.append(end_labels(ends, plot.right + 4))
    drawn.append(hidden(text(plot.right, plot.bottom + 40, chart.across, anchor="end", quiet=True)))
    below, bottom = in_view(chart, places, plot, unit, words)
    return "".join([*drawn, below]), bottom


def known_values(curve: Curve) -> list[float]:
    return [value.value for value in curve.values if value.value is not None]


def stair(levels: Sequence[float | None], places: Sequence[float], scale: Scale) -> list[Point]:
    """Flat until the next time, then down."""
    points: list[Point] = []
    for x, level in zip(places, levels, strict=False):
        if level is None:
            break
        y = scale.at(level)
        points += [(x, points[-1][1]), (x, y)] if points else [(x, y)]
    return points


def stairs(curve: Curve, places: Sequence[float], scale: Scale) -> list[Point]:
    return stair([value.value for value in curve.values], places, scale)


def band(curve: Curve, places: Sequence[float], scale: Scale, index: int) -> str:
    lows = stair([value.low for value in curve.values], places, scale)
    highs = stair([value.high for value in curve.values], places, scale)
    if not lows or not highs:
        return ""
    outline = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*highs, *reversed(lows)])
    return tag("polygon", points=outline, fill=color(index), class_=css("fill", index), fill_opacity="0.16")


def step_marks(
    chart: StepChart, curve: Curve, index: int, places: Sequence[float], scale: Scale, marks: Marks, words: Words
) -> list[str]:
    said = f"{curve.label}, " if len(chart.curves) > 1 else ""
    return [
        marks.add(
            f"{said}{chart.across} {number(time, Kind.DECIMAL, 0)}: {spoken(chart, value, words)}"
            f", {words.at_risk.format(n=number(people, Kind.INTEGER))}",
            (x - 9, scale.at(value.value) - 9, 18, 18),
            symbol(x, scale.at(value.value), index),
        )
        for time, x, value, people in zip(chart.times, places, curve.values, curve.at_risk, strict=False)
        if value.value is not None
    ]


def in_view(chart: StepChart, places: Sequence[float], plot: Plot, unit: float, words: Words) -> tuple[str, float]:
    """How many people each point rests on: a row of numbers for each curve, or one that they share."""
    y = plot.bottom + 62
    widest = max((len(number(people, Kind.INTEGER)) for curve in chart.curves for people in curve.at_risk), default=1)
    every = max(1, -(-int(widest * LETTER + 8) // max(int(unit), 1)))
    drawn = [text(2, y, words.in_view, bold=True)]
    curves = chart.curves[:1] if len({curve.at_risk for curve in chart.curves}) == 1 else chart.curves
    for curve in curves:
        if len(curves) > 1:
            y += ROW
            drawn.append(text(2, y, curve.label, quiet=True))
        y += ROW
        drawn += [
            text(x, y, number(people, Kind.INTEGER), anchor="middle")
            for position, (x, people) in enumerate(zip(places, curve.at_risk, strict=False))
            if position % every == 0
        ]
    return hidden(*drawn), y + 10
