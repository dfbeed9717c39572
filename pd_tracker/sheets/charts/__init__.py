"""A few declared chart shapes → one accessible drawing each, the same on a page, in print and in a PDF.

(`pd_tracker.sheets.writing` makes charts of Excel of the same shapes.)
"""

from .drawing import NARROW, WIDE, svg
from .shapes import BarChart, Chart, Curve, DotChart, LineChart, Series, ShareChart, StepChart, Value
from .words import DataWords, Words, number

__all__ = [
    "NARROW",
    "WIDE",
    "BarChart",
    "Chart",
    "Curve",
    "DataWords",
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
