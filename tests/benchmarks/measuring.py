"""How things are measured: in turns, so that a busy machine is busy for both, and by the median."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from statistics import median

Work = Callable[[], object]
Clock = Callable[[], float]
ROUNDS = 2  # with more, all the benches together take longer than the four minutes people wait for them


def cpu() -> float:
    """Seconds of processor time of this process and of the children it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


wall = time.perf_counter


def seconds(work: Work, clock: Clock = cpu) -> float:
    started = clock()
    work()
    return clock() - started


def ratio(ours: Work, theirs: Work, *, clock: Clock = cpu, rounds: int = ROUNDS) -> float:
    """Median time of ours divided by the median time of theirs, taken in turns."""
    pairs = [(seconds(ours, clock), seconds(theirs, clock)) for _ in range(rounds)]
    return median(own for own, _ in pairs) / median(other for _, other in pairs)
