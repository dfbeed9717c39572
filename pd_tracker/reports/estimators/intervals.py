"""Values with what each school does to them, and the intervals that follow."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np

from pd_tracker.reports.estimators.groups import Floats, t_critical


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with standard error and limits, None without an interval; `se` of a ratio is that of its logarithm."""

    value: float
    se: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Estimate:
    """A value, and its deviation per school scaled as in `groups.spread` (None with too few schools)."""

    value: float
    deviation: Floats | None

    def __sub__(self, other: Estimate) -> Estimate:
        if self.deviation is None or other.deviation is None:
            return Estimate(self.value - other.value, None)
        return Estimate(self.value - other.value, self.deviation - other.deviation)

    def log(self) -> Estimate:
        """The logarithm by the delta method."""
        return Estimate(log(self.value), None if self.deviation is None else self.deviation / self.value)

    @property
    def se(self) -> float | None:
        return None if self.deviation is None else float(np.sqrt(self.deviation @ self.deviation))

    def interval(self, level: float) -> Interval:
        """Student's t with one degree of freedom less than schools."""
        if self.deviation is None or self.se is None:
            return Interval(self.value)
        reach = t_critical(len(self.deviation), level) * self.se
        return Interval(self.value, self.se, self.value - reach, self.value + reach)

    def exponential(self, level: float) -> Interval:
        """Interval of the ratio of which this is the logarithm."""
        found = self.interval(level)
        if found.low is None or found.high is None:
            return Interval(exp(found.value))
        return Interval(exp(found.value), found.se, exp(found.low), exp(found.high))
