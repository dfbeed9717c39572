"""A few declared chart shapes → one accessible drawing each, the same on a page, in print and in a PDF.

(The native charts of a workbook are `pd_tracker.sheets.writing.ColumnChart`.)
"""

from .drawing import NARROW, WIDE, svg
from .shapes import BarChart, Chart, Curve, DotChart, LineChart, Series, ShareChart, StepChart, Value
from .words import Words, number

__all__ = [
    "NARROW",
    "WIDE",
    "BarChart",
    "Chart",
    "Curve",
    "DotChart",
    "LineChart",
    "Series",
    "ShareChart",
    "StepChart",
    "Value",
    "Words",
    "number",
    "svg",
]
