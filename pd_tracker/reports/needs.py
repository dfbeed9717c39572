"""Needs of teachers found in figures, observations and self-assessments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from learning_plans.rules.needs import FoundNeed, SelfRating, needs_of
from pd_tracker.access import Reader
from pd_tracker.reports.facts.needs import figures
from teachers.rules.periods import Year


def needs(
    reader: Reader,
    *,
    teachers: Collection[int],
    until: Year,
    links: Mapping[str, Collection[int]],
    ratings: Mapping[int, Sequence[SelfRating]],
) -> dict[int, list[FoundNeed]]:
    """Needs of each teacher, the strongest first; from figures only where the reader may see them."""
    found = figures(reader, teachers=teachers, until=until, kpis=links.keys())
    return {
        teacher: needs_of(
            found.figures.get(teacher, ()), ratings.get(teacher, ()), variations=found.variations, links=links
        )
        for teacher in teachers
    }
