from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from pd_tracker.sheets.charts import (
    NARROW,
    WIDE,
    BarChart,
    Chart,
    Curve,
    DotChart,
    LineChart,
    Series,
    ShareChart,
    StepChart,
    Value,
    Words,
    number,
    svg,
)
from pd_tracker.sheets.charts.canvas import Scale
from pd_tracker.sheets.table import Kind

SVG = "{http://www.w3.org/2000/svg}"
BARS = BarChart(
    title="Who took part & how much <most>?", unit="hours", labels=("Elementary", "High"),
    values=(Value(24.2, 22.1, 26.3), Value(None)),
)  # fmt: skip
DOTS = DotChart(
    title="Do they leave less often?", unit="points", labels=("15-29 hours", "30 and more"),
    values=(Value(-0.8, -2.4, 0.8), Value(-2.4, -4.5, -0.3)),
)  # fmt: skip
SHARES = ShareChart(
    title="Most stay", labels=("2023-24", "2024-25"), parts=("Stayed", "Moved", "Left"),
    shares=((0.8, 0.1, 0.1), (0.7, 0.1, 0.2)),
)  # fmt: skip
LINES = LineChart(
    title="Over the years", unit="of teachers", kind=Kind.PERCENT, labels=("2021", "2022", "2023"),
    series=(
        Series("Middle", (Value(0.9, 0.85, 0.94), Value(None), Value(0.8, 0.75, 0.84))),
        Series("High", (Value(0.7), Value(0.71), Value(0.72))),
    ),
)  # fmt: skip
STEPS = StepChart(
    title="Survival", unit="still here", across="Year", times=(0, 1, 2),
    curves=(
        Curve("Mentored", (Value(1), Value(0.9, 0.85, 0.93), Value(0.8, 0.7, 0.87)), (1200, 900, 500)),
        Curve("Alone", (Value(1), Value(0.8, 0.7, 0.87), Value(None)), (80, 60, 8)),
    ),
)  # fmt: skip
CHARTS: tuple[Chart, ...] = (BARS, DOTS, SHARES, LINES, STEPS)
EMPTY: tuple[Chart, ...] = (
    BarChart(title="None", labels=(), values=()),
    DotChart(title="None", labels=(), values=()),
    ShareChart(title="None", labels=(), parts=(), shares=()),
    LineChart(title="None", labels=(), series=()),
    LineChart(title="All missing", labels=("2021",), series=(Series("A", (Value(None),)),), from_zero=False),
    StepChart(title="None", times=(), curves=()),
    BarChart(title="Not finite", labels=("A",), values=(Value(float("nan"), 0.0, float("inf")),)),
    StepChart(title="One time", times=(0,), curves=(Curve("A", (Value(1),), (3,)),)),
)


def drawn(chart: Chart, width: int = WIDE) -> ET.Element:
    return ET.fromstring(svg(chart, width=width))  # noqa: S314 drawn here


def marks(chart: Chart, width: int = WIDE) -> list[ET.Element]:
    return [element for element in drawn(chart, width).iter() if "data-mark" in element.attrib]


def spoken(chart: Chart) -> list[str]:
    return [mark.attrib["aria-label"] for mark in marks(chart)]


def name_of(chart: Chart) -> str:
    return type(chart).__name__


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("chart", CHARTS, ids=name_of)
def test_every_drawing_is_well_formed_scales_and_says_what_it_is(chart: Chart, width: int) -> None:
    root = drawn(chart, width)

    assert root.attrib["viewBox"].startswith(f"0 0 {width} ")
    assert (root.find(f"{SVG}title"), root.find(f"{SVG}desc")) != (None, None)
    assert root.findtext(f"{SVG}title") == chart.title


@pytest.mark.parametrize("chart", CHARTS, ids=name_of)
def test_no_drawing_needs_what_a_strict_content_policy_refuses(chart: Chart) -> None:
    assert not re.search(r"style=|<style|<script|\son\w+=|href=", svg(chart))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("chart", CHARTS, ids=name_of)
def test_everything_stays_inside_the_drawing(chart: Chart, width: int) -> None:
    root = drawn(chart, width)
    height = float(root.attrib["viewBox"].split()[3])
    across = [
        float(element.attrib[key])
        for element in root.iter()
        for key in ("x", "x1", "x2", "cx")
        if key in element.attrib
    ]
    down = [
        float(element.attrib[key])
        for element in root.iter()
        for key in ("y", "y1", "y2", "cy")
        if key in element.attrib
    ]

    assert min(across) >= 0
    assert max(across) <= width
    assert min(down) >= 0
    assert max(down) <= height


@pytest.mark.parametrize("chart", CHARTS, ids=name_of)
def test_one_mark_stands_in_the_tab_order_and_all_can_be_reached(chart: Chart) -> None:
    stops = [mark.attrib["tabindex"] for mark in marks(chart)]

    assert stops == ["0"] + ["-1"] * (len(stops) - 1)


def test_bars_say_value_unit_and_interval_and_what_is_missing() -> None:
    assert spoken(BARS) == ["Elementary: 24.2 hours, interval 22.1 to 26.3", "High: no value"]


def test_dots_say_their_sign() -> None:
    assert spoken(DOTS)[1] == "30 and more: -2.4 points, interval -4.5 to -0.3"


def test_dots_draw_and_say_a_wider_interval_for_all_rows_together() -> None:
    chart = DotChart(title="When?", unit="SD", labels=("First year",), values=(Value(0.2, 0.1, 0.3, -0.1, 0.5),))
    drawn_intervals = [mark for mark in drawn(chart).iter() if mark.attrib.get("class") == "pd-chart__interval"]

    assert spoken(chart) == ["First year: 0.2 SD, interval 0.1 to 0.3, for all together -0.1 to 0.5"]
    assert ["stroke-dasharray" in mark.attrib for mark in drawn_intervals] == [True, False]


def test_shares_say_group_and_part() -> None:
    assert spoken(SHARES)[:2] == ["2023-24, Stayed: 80.0%", "2023-24, Moved: 10.0%"]


def test_lines_leave_a_gap_where_a_value_is_missing() -> None:
    root = drawn(LINES)

    assert spoken(LINES)[:2] == [
        "Middle, 2021: 90.0% of teachers, interval 85.0% to 94.0%",
        "Middle, 2023: 80.0% of teachers, interval 75.0% to 84.0%",
    ]
    assert [len(line.attrib["points"].split()) for line in root.iter(f"{SVG}polyline")] == [1, 1, 3]


def test_steps_go_flat_then_down_and_stop_where_the_curve_stops() -> None:
    mentored, alone = (
        [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
        for line in drawn(STEPS).iter(f"{SVG}polyline")
    )

    assert (len(mentored), len(alone)) == (5, 3)
    assert mentored[0][1] == mentored[1][1] < mentored[2][1]
    assert mentored[1][0] == mentored[2][0]


def test_survival_says_how_many_people_it_rests_on() -> None:
    assert spoken(STEPS)[1] == "Mentored, Year 1: 90.0% still here, interval 85.0% to 93.0%, 900 in view"
    assert "1,200" in "".join(drawn(STEPS).itertext())


@pytest.mark.parametrize(("chart", "intervals"), [(BARS, 1), (DOTS, 2), (LINES, 2)], ids=["bars", "dots", "lines"])
def test_intervals_are_always_drawn(chart: Chart, intervals: int) -> None:
    found = [element for element in drawn(chart).iter() if element.attrib.get("class") == "pd-chart__interval"]

    assert len(found) == intervals


@pytest.mark.parametrize("chart", [BARS, DOTS], ids=name_of)
def test_the_zero_line_is_there(chart: Chart) -> None:
    assert any(element.attrib.get("class") == "pd-chart__zero" for element in drawn(chart).iter())


def test_series_differ_by_more_than_color() -> None:
    lines = [line.attrib.get("stroke-dasharray") for line in drawn(LINES).iter(f"{SVG}polyline")]
    fills = {rect.attrib["fill"] for rect in drawn(SHARES).iter(f"{SVG}rect") if "url" in rect.attrib["fill"]}

    assert lines == [None, None, "7 4"]
    assert len(fills) == len(SHARES.parts) - 1


@pytest.mark.parametrize("chart", [LINES, STEPS], ids=name_of)
def test_names_stand_at_the_lines_where_there_is_room_and_above_where_not(chart: Chart) -> None:
    def places(width: int) -> list[float]:
        names = ("Middle", "High", "Mentored", "Alone")
        return [float(text.attrib["x"]) for text in drawn(chart, width).iter(f"{SVG}text") if text.text in names]

    assert max(places(WIDE)) > WIDE / 2
    assert max(places(NARROW)) < NARROW / 2


def test_names_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    close = LineChart(
        title="Close", labels=("a",), series=tuple(Series(name, (Value(1.0),)) for name in ("One", "Two", "Three"))
    )
    down = [float(text.attrib["y"]) for text in drawn(close).iter(f"{SVG}text") if text.text in ("One", "Two", "Three")]

    assert all(second - first >= 15 for first, second in pairwise(down))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("chart", EMPTY, ids=lambda chart: f"{name_of(chart)} {chart.title}")
def test_nothing_to_draw_is_no_mistake(chart: Chart, width: int) -> None:
    assert drawn(chart, width).tag == f"{SVG}svg"


def test_words_of_another_language_are_used() -> None:
    words = Words(interval="intervalo de {low} a {high}", nothing="sin valor")

    assert 'aria-label="Elementary: 24.2 hours, intervalo de 22.1 a 26.3"' in svg(BARS, words=words)
    assert 'aria-label="High: sin valor"' in svg(BARS, words=words)


def test_labels_are_escaped() -> None:
    label = 'Reading & <b>"writing"</b>'
    chart = LineChart(title="x", labels=(label,), series=(Series(label, (Value(1),)), Series("B", (Value(2),))))

    assert any(text.text == label for text in drawn(chart).iter(f"{SVG}text"))
    assert f"B, {label}: 2.0" in spoken(chart)


def test_the_same_chart_is_always_drawn_alike() -> None:
    assert svg(SHARES) == svg(SHARES)


def test_curves_of_the_same_people_share_one_row_of_numbers() -> None:
    shared = replace(STEPS, curves=tuple(replace(curve, at_risk=(80, 60, 8)) for curve in STEPS.curves))

    def numbers(chart: Chart) -> list[str | None]:
        return [element.text for element in drawn(chart).iter(f"{SVG}text") if element.text in {"80", "60", "8", "900"}]

    assert numbers(shared) == ["80", "60", "8"]
    assert numbers(STEPS) == ["900", "80", "60", "8"]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 24.2, [0, 5, 10, 15, 20, 25]),
        (-5.8, 5.3, [-7.5, -5, -2.5, 0, 2.5, 5, 7.5]),
        (0.75, 0.93, [0.75, 0.8, 0.85, 0.9, 0.95]),
        (0, 0, [0, 1]),
        (3, 3, [0, 5]),
    ],
)
def test_ticks_are_round_and_enclose_the_values(low: float, high: float, ticks: list[float]) -> None:
    found = Scale.over([low, high], start=0, end=100).ticks

    assert found == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (1234.56, Kind.HOURS, "1,234.6"),
        (0.05, Kind.PERCENT, "5.0%"),
        (-3, Kind.MONEY, "-$3.00"),
        (7, Kind.INTEGER, "7"),
    ],
)
def test_numbers_carry_separators_and_units(value: float, kind: Kind, words: str) -> None:
    assert number(value, kind) == words
