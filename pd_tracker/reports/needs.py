"""Needs of teachers found in figures, observations and self-assessments, and why, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from learning_plans.rules.needs import Distance, FoundNeed, NeedSource, SelfRating, needs_of
from pd_tracker.access import Reader
from pd_tracker.reports.facts.needs import figures
from pd_tracker.reports.wording import count, decimal, year_range
from teachers.rules.periods import Year

CAVEAT = gettext_lazy(
    "Figures are a reason to look, not a grade. Classes differ in more than their teaching, and somebody is at the "
    "lower end of every comparison."
)
HOW = gettext_lazy(
    "Distances are in standard deviations of comparable results: classes with the same subject, grades and year, and "
    "for observations colleagues of the same school and year. They are pulled toward the middle by as much as luck "
    "alone could move them. Results of fewer than 10 students are never used."
)


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


def why(need: FoundNeed, names: Mapping[str, str]) -> list[str]:
    """A sentence for everything that speaks for a need; `names` are those of the KPIs by code."""
    sentences = [_of_figures(distance, names.get(distance.kpi, distance.kpi)) for distance in need.distances]
    return sentences + ([_of_rating(need.rating)] if need.rating else [])


def _of_figures(far: Distance, name: str) -> str:
    found = _("{figure}: {own}, comparable ones {peers}. {distance}")
    return found.format(
        figure=_basis(far, name), own=decimal(far.own, 1), peers=decimal(far.peers, 1), distance=_distance(far)
    )


def _basis(far: Distance, name: str) -> str:
    if far.source is NeedSource.OBSERVATION:
        n, words = far.figures, ngettext("{name}, {years} ({n} score)", "{name}, {years} ({n} scores)", far.figures)
    else:
        n = far.students or 0
        words = ngettext("{name}, {years} ({n} student)", "{name}, {years} ({n} students)", n)
    return words.format(name=name, years=year_range(far.years), n=count(n))


def _distance(far: Distance) -> str:
    """A need lies below others where higher is better, and above them where lower is."""
    words = (
        _("That is {value} SD below others after allowing for chance (95% interval {low} to {high}).")
        if far.higher_is_better
        else _("That is {value} SD above others after allowing for chance (95% interval {low} to {high}).")
    )
    return words.format(value=decimal(-far.value, 1), low=decimal(-far.high, 1), high=decimal(-far.low, 1))


def _of_rating(rating: SelfRating) -> str:
    return _("Self-assessment: level {level} of 4, relevance {relevance} of 3.").format(
        level=count(rating.level), relevance=count(rating.relevance)
    )
