"""Which courses an invented teacher finishes in a school year: few none at all, most some, some a great deal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from math import log
from random import Random

from pd_tracker.demo.careers import Career, Training
from pd_tracker.demo.catalogue import ANNUAL, COURSES, HARASSMENT, PATHOGENS
from pd_tracker.demo.planted import COURSE
from teachers.rules.periods import Year

NOTHING_AT_ALL = 0.09
USUAL_HOURS = 19.0
SPREAD = 0.62
EARLY_EXTRA = 0.18
COURSE_CHANCE = 0.12
CHOICES = tuple(offer for offer in COURSES if offer.code not in {ANNUAL, COURSE, HARASSMENT, PATHOGENS})
SHORTEST = 60
RUNS = ((9, 20), (10, 18), (11, 15), (1, 24), (3, 7), (4, 18), (6, 16))  # month and day of a year's sessions


@cache
def runs_of(year: Year) -> tuple[date, ...]:
    """The days on which courses with sessions are run in a school year."""
    return tuple(working_day(date(year.start + (month < 7), month, day)) for month, day in RUNS)


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def train(career: Career, year: Year, *, until: date, keenness: float, had_course: bool, rng: Random) -> None:
    """Fills a school year with finished courses, from the first to the last day somebody worked in it."""
    first, last = max(year.starts_on, career.spell.start), min(year.ends_on, until, career.spell.end or until)
    if rng.random() < NOTHING_AT_ALL or (last - first).days < 30:
        return
    share = (last - first).days / 365
    early = EARLY_EXTRA if career.is_early(year.census_on) else 0.0
    target = 60 * share * rng.lognormvariate(log(USUAL_HOURS) + career.keenness + keenness + early, SPREAD)
    taken = _annual(year, first, last, rng)
    if not had_course and rng.random() < COURSE_CHANCE:
        taken += [_in_spring(one, year, last) for one in _taken([COURSE], year, first, last, rng)]
    spent = sum(training.minutes for training in taken)
    codes = []
    for offer in rng.sample(CHOICES, len(CHOICES)):
        if spent + SHORTEST > target:
            break
        if spent + offer.minutes <= target * 1.15:
            codes.append(offer.code)
            spent += offer.minutes
    career.training[year] = taken + _taken(codes, year, first, last, rng)


def _annual(year: Year, first: date, last: date, rng: Random) -> list[Training]:
    on = date(year.start, 8, 16) + timedelta(days=rng.randrange(40))
    late = first + timedelta(days=14)
    on = max(on, late)
    return [Training(ANNUAL, on, 60)] if on <= last and rng.random() < 0.9 else []


def _taken(codes: Sequence[str], year: Year, first: date, last: date, rng: Random) -> list[Training]:
    found = (_finished(code, year, first, last, rng) for code in codes)
    return [training for training in found if training is not None]


def _in_spring(training: Training, year: Year, last: date) -> Training:
    """The same after New Year where somebody was still there, so that the next school year's results follow it."""
    spring = [day for day in runs_of(year) if year.start < day.year and day <= last]
    if training.on.year > year.start or not spring:
        return training
    return Training(training.code, spring[training.on.month % len(spring)], training.minutes)


def _finished(code: str, year: Year, first: date, last: date, rng: Random) -> Training | None:
    offer = next(offer for offer in COURSES if offer.code == code)
    if offer.has_sessions:
        days = [day for day in runs_of(year) if first <= day <= last]
        return Training(code, rng.choice(days), offer.minutes) if days else None
    return Training(code, first + timedelta(days=rng.randrange((last - first).days + 1)), offer.minutes)
