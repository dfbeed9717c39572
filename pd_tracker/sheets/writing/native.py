"""The declared chart shapes as charts of Excel, which refer to cells and so follow them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from openpyxl.chart import BarChart as Bars
from openpyxl.chart import LineChart as Lines
from openpyxl.chart import ScatterChart as Scatter
from openpyxl.chart import Series
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)

from pd_tracker.sheets.charts import BarChart, Chart, DotChart, LineChart, ShareChart, StepChart
from pd_tracker.sheets.charts.canvas import INK, LINE, QUIET, Scale, color
from pd_tracker.sheets.charts.shapes import Titled, Value
from pd_tracker.sheets.charts.words import DataWords
from pd_tracker.sheets.table import Column, Kind

from .cells import number_format
from .runs import Cells, Run
from .values import clean_text

WIDTH, USUAL, ROW, TEXT_LINE, AROUND = 20.0, 9.5, 0.8, 0.4, 3.5  # centimetres
LETTERS = 22  # so many stand in a line before LibreOffice begins another
POINT, THIN, USUAL_LINE = 12_700, 9_525, 22_225  # English Metric Units
TITLE_SIZE, TEXT_SIZE = 1200, 900  # hundredths of a point
# Excel offers to repair a file that has the parts of an interval in another order.
IN_ORDER = ("errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr")
NO_NUMBERS = ";;;"  # a format that shows nothing
SYMBOLS = ("circle", "square", "triangle", "diamond")


def native(chart: Chart, cells: Cells, words: DataWords) -> Any:
    draw: dict[type[Any], Callable[[Any, Cells, DataWords], Any]] = {
        BarChart: bars,
        DotChart: dots,
        ShareChart: shares,
        LineChart: lines,
        StepChart: steps,
    }
    return draw[type(chart)](chart, cells, words)


def bars(chart: BarChart, cells: Cells, words: DataWords) -> Any:
    drawn = lying(chart, len(chart.labels))
    values = numbers(cells, chart, chart.unit or chart.title, [value.value for value in chart.values])
    series = filled(Series(values.formula), 0)
    series.errBars = whiskers(cells, chart.values, chart, words, chart.unit or chart.title)
    series.cat = names(cells.words(words.label, chart.labels))
    drawn.series.append(series)
    along(drawn.y_axis, chart, [0.0, *(part for value in chart.values for part in value.known)])
    drawn.legend = None
    return drawn


def shares(chart: ShareChart, cells: Cells, words: DataWords) -> Any:
    drawn = lying(chart, len(chart.labels))
    drawn.grouping, drawn.overlap = "percentStacked", 100
    labels = cells.words(words.label, chart.labels)
    for place, part in enumerate(chart.parts):
        run = numbers(cells, chart, part, [row[place] for row in chart.shares])
        series = filled(Series(run.formula, title=plain(part)), place)
        series.cat = names(labels)
        drawn.series.append(series)
    along(drawn.y_axis, chart, [0.0, 1.0])
    drawn.legend.position = "b"
    return drawn


def lines(chart: LineChart, cells: Cells, words: DataWords) -> Any:
    drawn = framed(Lines(), chart, USUAL)
    labels = cells.words(words.label, chart.labels)
    for place, one in enumerate(chart.series):
        run = numbers(cells, chart, one.label, [value.value for value in one.values])
        series = lined(Series(run.formula, title=plain(one.label)), place)
        series.marker = marker(place)
        series.errBars = whiskers(cells, one.values, chart, words, one.label, "y")
        series.cat = names(labels)
        drawn.series.append(series)
    known = [part for one in chart.series for value in one.values for part in value.known]
    along(drawn.y_axis, chart, [*known, *([0.0] if chart.from_zero else [])])
    finish(drawn, len(chart.series))
    return drawn


def dots(chart: DotChart, cells: Cells, words: DataWords) -> Any:
    """A row for each estimate, the first on top, named above its mark as on a narrow page."""
    count = len(chart.labels)
    tall = TEXT_LINE * (1.5 + max((len(str(label)) // LETTERS for label in chart.labels), default=0) + 1)
    drawn = framed(Scatter(), chart, AROUND + count * tall)
    drawn.scatterStyle = "lineMarker"
    labels = cells.word_cells(words.label, chart.labels)
    found = [value.value for value in chart.values]
    values = cells.number_cells(chart.unit or chart.title, found, chart.kind, chart.decimals)
    rows = cells.add(Column("", words.row, Kind.INTEGER), [count - place for place in range(count)]).cells
    ends = ends_of(cells, chart.values, chart, words, chart.unit or chart.title)
    wide = ends_of(cells, chart.values, chart, words, words.together, wide=True)
    for place, value in enumerate(chart.values):
        if value.value is None:
            continue
        both = [(ends, THIN * 2, None), (wide, THIN, "sysDash")]
        for pair, width, dash in both if wide else both[:1]:
            series = Series(rows[place].formula, values[place].formula)
            series.tx = SeriesLabel(strRef=StrRef(labels[place].formula))
            series.graphicalProperties, series.smooth = no_line(), False
            series.marker = marker(0) if dash is None else Marker("none")
            series.dLbls = named_above() if dash is None else None
            if pair is not None and value.interval is not None:
                series.errBars = bars_of(pair[0].cells[place], pair[1].cells[place], "x", width, dash)
            drawn.series.append(series)
    drawn.legend = None
    along(drawn.x_axis, chart, [chart.zero, *(part for value in chart.values for part in value.known)])
    drawn.x_axis.majorGridlines, drawn.y_axis.majorGridlines = drawn.y_axis.majorGridlines, None
    drawn.y_axis.scaling.min, drawn.y_axis.scaling.max = 0.4, count + 1
    drawn.y_axis.number_format = NO_NUMBERS
    drawn.y_axis.crosses, drawn.y_axis.crossesAt = None, chart.zero  # the line of no difference
    drawn.y_axis.graphicalProperties = GraphicalProperties(ln=stroke(INK, POINT))
    drawn.x_axis.crosses = "min"
    return drawn


def steps(chart: StepChart, cells: Cells, words: DataWords) -> Any:
    """Flat until the next time, then up or down: two points for each time, so they stand in columns of their own."""
    drawn = framed(Scatter(), chart, USUAL + 1)
    drawn.scatterStyle = "lineMarker"
    entry = 0
    for place, curve in enumerate(chart.curves):
        known = [
            (time, value) for time, value in zip(chart.times, curve.values, strict=True) if value.value is not None
        ]
        times = [time for time, _value in known]
        across = cells.add(Column("", f"{curve.label}: {chart.across}", Kind.DECIMAL, decimals=0), stair_times(times))
        parts = (("", "value"), (words.low, "low"), (words.high, "high"))
        for name, part in parts:
            levels = [getattr(value, part) for _time, value in known]
            if any(level is None for level in levels):
                continue
            label = f"{curve.label}, {name}" if name else curve.label
            run = cells.add(Column("", label, chart.kind, decimals=chart.decimals), stair_levels(levels))
            series = Series(run.formula, across.formula, title=plain(label))
            series.marker, series.smooth = Marker("none"), False
            series.graphicalProperties = GraphicalProperties(
                ln=stroke(color(place), THIN, "sysDash") if name else stroke(color(place), USUAL_LINE)
            )
            drawn.series.append(series)
            if name:
                drawn.legend.legendEntry.append(LegendEntry(idx=entry, delete=True))
            entry += 1
    drawn.x_axis.title, drawn.x_axis.number_format, drawn.x_axis.majorGridlines = axis_title(chart.across), "0", None
    drawn.x_axis.majorUnit = 1 if len(chart.times) <= 20 else None
    drawn.x_axis.scaling.min, drawn.x_axis.scaling.max = min(chart.times), max(*chart.times, min(chart.times) + 1)
    along(drawn.y_axis, chart, [0.0, 1.0])
    finish(drawn, len(chart.curves))
    return drawn


def stair_times(times: Sequence[float]) -> list[float]:
    return [time for time in times for _twice in range(2)][1:]


def stair_levels(levels: Sequence[float]) -> list[float]:
    return [level for level in levels for _twice in range(2)][:-1]


# --- What they share ----------------------------------------------------------------------------------------------


def numbers(cells: Cells, chart: Titled, label: Any, values: Sequence[float | None]) -> Run:
    return cells.numbers(label, values, chart.kind, chart.decimals)


def ends_of(
    cells: Cells, values: Sequence[Value], chart: Titled, words: DataWords, label: Any, *, wide: bool = False
) -> tuple[Run, Run] | None:
    """Excel takes the lengths of both arms of an interval, not its ends; None where no row has one."""
    pairs = [value.band if wide else value.interval for value in values]
    if not any(pairs):
        return None
    known = list(zip(values, pairs, strict=True))
    above = [None if pair is None or value.value is None else pair[1] - value.value for value, pair in known]
    below = [None if pair is None or value.value is None else value.value - pair[0] for value, pair in known]
    up = cells.add(Column("", f"{label}, {words.above}", chart.kind, decimals=chart.decimals), above)
    return up, cells.add(Column("", f"{label}, {words.below}", chart.kind, decimals=chart.decimals), below)


def whiskers(
    cells: Cells, values: Sequence[Value], chart: Titled, words: DataWords, label: Any, direction: str | None = None
) -> ErrorBars | None:
    ends = ends_of(cells, values, chart, words, label)
    return None if ends is None else bars_of(*ends, direction, THIN * 2)


def bars_of(up: Run, down: Run, direction: str | None, width: int, dash: str | None = None) -> ErrorBars:
    plus, minus = (NumDataSource(numRef=NumRef(f=run.formula)) for run in (up, down))
    shown = GraphicalProperties(ln=stroke(INK, width, dash))
    drawn = ErrorBars(
        errDir=direction, errBarType="both", errValType="cust", noEndCap=False, plus=plus, minus=minus, spPr=shown
    )
    drawn.__elements__ = IN_ORDER
    return drawn


def lying(chart: Titled, count: int) -> Any:
    """Bars from the left, the first row on top."""
    drawn = framed(Bars(), chart, AROUND + count * ROW)
    drawn.type, drawn.gapWidth = "bar", 60
    drawn.x_axis.scaling.orientation = "maxMin"
    drawn.y_axis.crosses = "max"
    return drawn


def framed(drawn: Any, chart: Titled, height: float) -> Any:
    drawn.title = heading(chart.title, TITLE_SIZE, bold=True)
    drawn.width, drawn.height = WIDTH, max(height, USUAL * 0.7)
    drawn.description = plain(chart.description or chart.title)
    drawn.x_axis.delete = drawn.y_axis.delete = False  # openpyxl hides both otherwise
    for axis in (drawn.x_axis, drawn.y_axis):
        axis.txPr = small()
        axis.graphicalProperties = GraphicalProperties(ln=stroke(QUIET, THIN))
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=stroke(LINE, THIN))
    return drawn


def finish(drawn: Any, series: int) -> None:
    if series < 2:
        drawn.legend = None
    else:
        drawn.legend.position = "b"


def filled(series: Any, place: int) -> Any:
    series.graphicalProperties = GraphicalProperties(solidFill=hexadecimal(color(place)))
    series.invertIfNegative = False
    return series


def lined(series: Any, place: int) -> Any:
    series.graphicalProperties = GraphicalProperties(ln=stroke(color(place), USUAL_LINE))
    series.smooth = False
    return series


def marker(place: int) -> Marker:
    look = GraphicalProperties(solidFill=hexadecimal(color(place)), ln=stroke(color(place), THIN))
    return Marker(SYMBOLS[place % len(SYMBOLS)], size=8, spPr=look)


def stroke(shade: str, width: int, dash: str | None = None) -> LineProperties:
    return LineProperties(w=width, solidFill=hexadecimal(shade), prstDash=dash)


def no_line() -> GraphicalProperties:
    return GraphicalProperties(ln=LineProperties(noFill=True))


def named_above() -> DataLabelList:
    shown = dict.fromkeys(("showLegendKey", "showVal", "showCatName", "showPercent", "showBubbleSize"), False)
    return DataLabelList(dLblPos="t", showSerName=True, txPr=small(), **shown)


def names(run: Run) -> AxDataSource:
    return AxDataSource(strRef=StrRef(run.formula))


def heading(words: Any, size: int, *, bold: bool) -> Title:
    look = CharacterProperties(sz=size, b=bold, solidFill=hexadecimal(INK))
    run = RegularTextRun(rPr=look, t=plain(words))
    text = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), r=[run])])
    return Title(tx=Text(rich=text), overlay=False)


def axis_title(words: Any) -> Title | None:
    return heading(words, TEXT_SIZE, bold=False) if str(words) else None


def along(axis: Any, chart: Titled, known: Sequence[float]) -> None:
    """The scale of the page: Excel's own forgets the ends of intervals."""
    scale = Scale.over(known, start=0, end=1)
    axis.scaling.min, axis.scaling.max, axis.majorUnit = (round(end, 10) for end in (scale.low, scale.high, scale.step))
    places = scale.places(percent=chart.kind is Kind.PERCENT)
    axis.number_format = number_format(Column("", "", chart.kind, decimals=places))
    axis.title = axis_title(chart.unit)


def small() -> RichText:
    look = CharacterProperties(sz=TEXT_SIZE, solidFill=hexadecimal(INK))
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])


def hexadecimal(shade: str) -> str:
    return shade.removeprefix("#").upper()


def plain(words: Any) -> str:
    return clean_text(str(words)).replace("\n", " ")
