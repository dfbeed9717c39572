"""What figures and observations say of every teacher's needs, kept for the pages that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from learning_plans.actions.needs import FoundReason, store_reasons
from learning_plans.rules.choices import NeedSource
from learning_plans.rules.needs import Distance, FoundNeed
from pd_tracker.access import Operator
from pd_tracker.reports.facts.need_links import competencies_of_kpis, everybody, names_of_kpis
from pd_tracker.reports.needs import needs
from teachers.rules.periods import year_of

PART = 1_000  # teachers whose reasons are stored in one transaction
MEASURED = (NeedSource.KPI, NeedSource.OBSERVATION)


def refresh_needs(*, on: date, told: Callable[[int], None] = lambda done: None) -> int:
    """Makes the stored reasons agree with the figures of three school years. Answers with how many changed.

    It may be stopped at any moment and begun again: each part of the teachers is whole, and running it twice
    changes nothing.
    """
    teachers = list(everybody(on=on))
    links, names = competencies_of_kpis(), names_of_kpis()
    found = needs(Operator(on), teachers=everybody(on=on), until=year_of(on), links=links, ratings={})
    changed = 0
    for begin in range(0, len(teachers), PART):
        part = teachers[begin : begin + PART]
        reasons = [reason for teacher in part for need in found[teacher] for reason in reasons_of(teacher, need, names)]
        changed += store_reasons(teachers=part, sources=MEASURED, found=reasons, actor=None, on=on)
        told(begin + len(part))
    return changed


def reasons_of(teacher: int, need: FoundNeed, names: Mapping[str, str]) -> Iterator[FoundReason]:
    """One reason for each source; of figures that tell of the same students the strongest counts."""
    for source in MEASURED:
        measured = [distance for distance in need.distances if distance.source is source]
        if measured:
            figures = {"measures": [as_measure(distance, names) for distance in measured]}
            strength = max(distance.strength for distance in measured)
            yield FoundReason(teacher, need.competency, source, strength, figures)


def as_measure(distance: Distance, names: Mapping[str, str]) -> dict[str, Any]:
    """What stands behind a sentence, as JSON keeps it."""
    return {
        "kpi": distance.kpi,
        "name": names.get(distance.kpi, distance.kpi),
        "years": list(distance.years),
        "own": round(distance.own, 3),
        "peers": round(distance.peers, 3),
        "fewest_peers": distance.fewest_peers,
        "students": distance.students,
        "scores": distance.figures,
        "value": round(distance.value, 3),
        "low": round(distance.low, 3),
        "high": round(distance.high, 3),
    }
