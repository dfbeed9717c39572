"""What a teacher may want to work on, found in figures of classes, observations and self-assessments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from math import erf, prod, sqrt
from operator import attrgetter

FEWEST_STUDENTS, FEWEST_PEERS = 10, 10
SMALLEST = 0.2  # SD; a smaller distance is not worth a year of anybody's work
SURE = 0.8  # chance that the distance is not merely luck
FULL = 1.0  # SD; from here on a need is as strong as a need can be
HIGHEST_LEVEL, HIGHEST_RELEVANCE = 4, 3
UNSURE_LEVEL, RELEVANT = 2, 2
Z = 1.959964  # of a 95% interval


class NeedSource(StrEnum):
    KPI = "kpi"
    OBSERVATION = "observation"
    SELF = "self_assessment"


@dataclass(frozen=True, slots=True)
class Peers:
    """Figures of the same KPI that are comparable with one: their mean, their spread (SD) and how many they are."""

    mean: float
    spread: float
    count: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a teacher beside comparable ones. `students` is None where a figure is not made of students."""

    kpi: str
    year: int
    value: float
    students: int | None
    peers: Peers


@dataclass(frozen=True, slots=True)
class Variation:
    """Why figures of a KPI differ, as variances in units of their peers' spread.

    `lasting` stays with a teacher from year to year, `passing` belongs to one class or visit, and `per_student` is
    divided by the students of a class.
    """

    lasting: float
    passing: float
    per_student: float
    higher_is_better: bool = True
    source: NeedSource = NeedSource.KPI


@dataclass(frozen=True, slots=True)
class SelfRating:
    """Level from 1 (unsure) to 4 (could teach others), relevance from 1 to 3."""

    competency: int
    level: int
    relevance: int
    assessed_on: date

    @property
    def strength(self) -> float:
        unsure = (HIGHEST_LEVEL - self.level) / (HIGHEST_LEVEL - 1)
        return unsure * self.relevance / HIGHEST_RELEVANCE

    @property
    def is_need(self) -> bool:
        return self.level <= UNSURE_LEVEL and self.relevance >= RELEVANT


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a teacher's figures of one KPI are from comparable ones, in SD of those; below 0 is worse.

    `found` is what was measured and `value` what is left after allowing for chance, with its 95% interval. `own` and
    `peers` are means in the KPI's own unit, weighed alike; `chance` is how likely the lasting distance is below 0.
    """

    kpi: str
    source: NeedSource
    higher_is_better: bool
    years: tuple[int, ...]
    figures: int
    students: int | None
    own: float
    peers: float
    fewest_peers: int
    found: float
    value: float
    low: float
    high: float
    chance: float

    @property
    def strength(self) -> float:
        return min(1.0, max(0.0, -self.value / FULL))

    @property
    def is_need(self) -> bool:
        return self.value <= -SMALLEST and self.chance >= SURE


@dataclass(frozen=True, slots=True)
class FoundNeed:
    """A competency to work on with everything that speaks for it; `strength` is above 0 and at most 1."""

    competency: int
    strength: float
    distances: tuple[Distance, ...]
    rating: SelfRating | None

    @property
    def sources(self) -> tuple[NeedSource, ...]:
        named = {distance.source for distance in self.distances} | ({NeedSource.SELF} if self.rating else set())
        return tuple(source for source in NeedSource if source in named)


def needs_of(
    figures: Iterable[Figure],
    ratings: Iterable[SelfRating] = (),
    *,
    variations: Mapping[str, Variation],
    links: Mapping[str, Collection[int]],
) -> list[FoundNeed]:
    """Needs of one teacher, the strongest first.

    Parameters
    ----------
    figures
        Of the years that shall count. Those of fewer than 10 students or with fewer than 10 peers say nothing.
    ratings
        Self-assessments; the newest of each competency counts.
    variations
        Of every KPI that may point to a need; figures of others are not used.
    links
        Which competencies a KPI speaks about. A KPI without a link leads to no need.

    Notes
    -----
    Sources that agree add up (1 - product of what each leaves open), but several KPIs describe the same students, so
    of each source only the strongest counts.
    """
    found = [distance for distance in distances(figures, variations) if distance.is_need]
    rated = {rating.competency: rating for rating in _newest(ratings) if rating.is_need}
    concerned = {competency for distance in found for competency in links.get(distance.kpi, ())} | rated.keys()
    needs = [
        _need(competency, [far for far in found if competency in links.get(far.kpi, ())], rated.get(competency))
        for competency in concerned
    ]
    return sorted(needs, key=lambda need: (-need.strength, need.competency))


def distances(figures: Iterable[Figure], variations: Mapping[str, Variation]) -> list[Distance]:
    """Of every KPI with figures that may be used, the worst first."""
    usable = sorted((figure for figure in figures if _speaks(figure, variations)), key=attrgetter("kpi", "year"))
    found = [_distance(list(group), variations[kpi]) for kpi, group in groupby(usable, key=attrgetter("kpi"))]
    return sorted(found, key=attrgetter("value", "kpi"))


def _speaks(figure: Figure, variations: Mapping[str, Variation]) -> bool:
    known = variations.get(figure.kpi)
    if known is None or figure.peers.count < FEWEST_PEERS or figure.peers.spread <= 0:
        return False
    if figure.students is None:
        return known.source is NeedSource.OBSERVATION
    return figure.students >= FEWEST_STUDENTS


def _distance(figures: Sequence[Figure], known: Variation) -> Distance:
    """Shrunken toward the peers by what is left of the lasting part in figures as noisy as these.

    With lasting variance L and noise v_j = passing + per_student / n_j: weights 1 / v_j, share kept
    L / (L + 1 / sum 1/v_j), variance left L (1 - share). Source: Kane & Staiger (2008), NBER working paper 14607.
    """
    noise = [known.passing + known.per_student / (figure.students or 1) for figure in figures]
    weights = [1 / max(part, 1e-9) for part in noise]
    whole = sum(weights)
    sign = 1 if known.higher_is_better else -1
    apart = [sign * (figure.value - figure.peers.mean) / figure.peers.spread for figure in figures]
    found = _mean(apart, weights)
    share = known.lasting / (known.lasting + 1 / whole)
    value, sd = share * found, sqrt(known.lasting * (1 - share))
    students = [figure.students for figure in figures if figure.students is not None]
    return Distance(
        kpi=figures[0].kpi,
        source=known.source,
        higher_is_better=known.higher_is_better,
        years=tuple(sorted({figure.year for figure in figures})),
        figures=len(figures),
        students=sum(students) if students else None,
        own=_mean([figure.value for figure in figures], weights),
        peers=_mean([figure.peers.mean for figure in figures], weights),
        fewest_peers=min(figure.peers.count for figure in figures),
        found=found,
        value=value,
        low=value - Z * sd,
        high=value + Z * sd,
        chance=(1 + erf(-value / (sd * sqrt(2)))) / 2 if sd > 0 else float(value < 0),
    )


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)


def _newest(ratings: Iterable[SelfRating]) -> Iterable[SelfRating]:
    return {rating.competency: rating for rating in sorted(ratings, key=attrgetter("assessed_on"))}.values()


def _need(competency: int, found: Sequence[Distance], rating: SelfRating | None) -> FoundNeed:
    strongest = {
        source: max(far.strength for far in found if far.source is source) for source in {far.source for far in found}
    }
    parts = [*strongest.values(), *([rating.strength] if rating else [])]
    return FoundNeed(competency, 1 - prod(1 - part for part in parts), tuple(found), rating)
