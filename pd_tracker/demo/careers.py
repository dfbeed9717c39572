"""Invented working lives: hired, moved, on leave, gone and sometimes back, year after year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from pd_tracker.demo.places import Place
from pd_tracker.demo.planted import EARLY_YEARS, RETIREMENT_AGE
from pd_tracker.demo.words import FAMILY, GIVEN, GRADES, SUBJECTS
from teachers.rules.choices import LeaveKind, Position, SeparationReason, SeparationType
from teachers.rules.periods import Year


@dataclass(slots=True)
class Spell:
    start: date
    end: date | None = None
    position: Position = Position.CLASSROOM_TEACHER
    fte: str = "1.000"
    separation: SeparationType | None = None
    reason: SeparationReason | None = None


@dataclass(slots=True)
class Post:
    place: Place
    start: date
    end: date | None = None
    position: Position = Position.CLASSROOM_TEACHER
    subject: str = ""
    grades: str = ""
    fte: str = "1.000"


class Away(NamedTuple):
    start: date
    end: date
    kind: LeaveKind
    may_return: bool


class Training(NamedTuple):
    code: str
    on: date
    minutes: int


@dataclass(slots=True)
class Career:
    number: int
    given: str
    family: str
    birth_year: int
    experience: int  # years before the district hired them
    keenness: float  # added to the log of hours of training
    quality: float  # standing of their classes, in standard deviations
    spells: list[Spell] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    leaves: list[Away] = field(default_factory=list)
    training: dict[Year, list[Training]] = field(default_factory=dict)
    returns_on: date | None = None

    @property
    def staff_id(self) -> str:
        return f"0{self.number + 20_001}"

    @property
    def spell(self) -> Spell:
        return self.spells[-1]

    @property
    def post(self) -> Post:
        return self.posts[-1]

    def works_on(self, day: date) -> bool:
        return any(spell.start <= day and (spell.end is None or day <= spell.end) for spell in self.spells)

    def post_on(self, day: date) -> Post | None:
        running = (post for post in self.posts if post.start <= day and (post.end is None or day <= post.end))
        return next(running, None)

    def teaches_on(self, day: date) -> bool:
        post = self.post_on(day)
        on_leave = any(leave.start <= day <= leave.end for leave in self.leaves)
        return post is not None and post.position is Position.CLASSROOM_TEACHER and not on_leave

    def minutes_in(self, year: Year) -> int:
        return sum(training.minutes for training in self.training.get(year, ()))

    def is_early(self, on: date) -> bool:
        return self.experience + (on - self.spells[0].start).days / 365.25 < EARLY_YEARS

    def is_old(self, on: date) -> bool:
        return on.year - self.birth_year >= RETIREMENT_AGE

    def leave_post(self, last_day: date) -> None:
        for post in self.posts:
            if post.end is None or post.end > last_day:
                post.end = last_day
        self.posts = [post for post in self.posts if post.end is None or post.start <= post.end]

    def go(self, last_day: date, separation: SeparationType, reason: SeparationReason) -> None:
        self.leave_post(last_day)
        self.spell.end, self.spell.separation, self.spell.reason = last_day, separation, reason

    def move(self, place: Place, first_day: date) -> None:
        before = self.post
        self.leave_post(first_day - timedelta(days=1))
        self.posts.append(teaching_post(place, first_day, subject=before.subject, grades=before.grades, fte=before.fte))


def teaching_post(place: Place, start: date, *, subject: str = "", grades: str = "", fte: str = "1.000") -> Post:
    return Post(place, start, subject=subject, grades=grades, fte=fte)


def new_person(number: int, *, hired_on: date, experience: int, rng: Random) -> Career:
    return Career(
        number=number,
        given=rng.choice(GIVEN),
        family=rng.choice(FAMILY),
        birth_year=hired_on.year - 23 - experience - min(int(rng.expovariate(1 / 7)), 30),
        experience=experience,
        keenness=rng.gauss(0, 0.35),
        quality=rng.gauss(0, 0.6),
    )


def new_teacher(number: int, *, place: Place, hired_on: date, posted_on: date, rng: Random) -> Career:
    """Somebody hired on a day; for people hired before the records begin the post is known from a later day only."""
    experience = 0 if rng.random() < 0.55 else min(int(rng.expovariate(1 / 6)) + 1, 25)
    career = new_person(number, hired_on=hired_on, experience=experience, rng=rng)
    fte = "1.000" if rng.random() < 0.92 else rng.choice(("0.500", "0.600", "0.800"))
    subject, grades = rng.choice(SUBJECTS[place.level]), rng.choice(GRADES[place.level])
    career.spells.append(Spell(hired_on, fte=fte))
    career.posts.append(teaching_post(place, posted_on, subject=subject, grades=grades, fte=fte))
    return career


def new_helper(number: int, *, place: Place, hired_on: date, position: Position, rng: Random) -> Career:
    career = new_person(number, hired_on=hired_on, experience=0, rng=rng)
    career.spells.append(Spell(hired_on, position=position))
    career.posts.append(Post(place, hired_on, position=position))
    return career
