"""What can be drawn. A title is the finding or the question; a unit says what the numbers are."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias

from pd_tracker.sheets.table import Kind


@dataclass(frozen=True, slots=True)
class Value:
    """A number with its interval where it has one; None is drawn as a gap and said to be missing.

    The band is a second, wider interval that holds for all rows of a chart together.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    band_low: float | None = None
    band_high: float | None = None

    def __post_init__(self) -> None:
        for name in ("value", "low", "high", "band_low", "band_high"):
            part = getattr(self, name)
            if part is not None and not isfinite(part):  # an estimate that does not exist has no place on an axis
                object.__setattr__(self, name, None)

    @property
    def known(self) -> tuple[float, ...]:
        parts = (self.value, self.low, self.high, self.band_low, self.band_high)
        return tuple(part for part in parts if part is not None)

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.value is None or self.low is None or self.high is None else (self.low, self.high)

    @property
    def band(self) -> tuple[float, float] | None:
        ends = self.band_low, self.band_high
        return None if self.interval is None or ends[0] is None or ends[1] is None else (ends[0], ends[1])


@dataclass(frozen=True, slots=True)
class Series:
    label: Any
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A share still here at each time, and how many people are in view there."""

    label: Any
    values: tuple[Value, ...]
    at_risk: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    title: Any
    unit: Any = ""
    kind: Kind = Kind.DECIMAL
    decimals: int | None = 1
    description: Any = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart(Titled):
    """Amounts side by side, from zero."""

    labels: tuple[Any, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DotChart(Titled):
    """Estimates with intervals against a line of no difference."""

    labels: tuple[Any, ...]
    values: tuple[Value, ...]
    zero: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareChart(Titled):
    """Parts of a whole, a bar for each group; `shares[group][part]`, each group adding to 1."""

    labels: tuple[Any, ...]
    parts: tuple[Any, ...]
    shares: tuple[tuple[float | None, ...], ...]
    kind: Kind = Kind.PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart(Titled):
    """Series over ordered labels such as school years."""

    labels: tuple[Any, ...]
    series: tuple[Series, ...]
    from_zero: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChart(Titled):
    """Survival curves over time, with the people still in view below."""

    times: tuple[float, ...]
    curves: tuple[Curve, ...]
    across: Any = ""
    kind: Kind = Kind.PERCENT


Chart: TypeAlias = BarChart | DotChart | ShareChart | LineChart | StepChart
