"""Plays the invented district from its first recorded school year up to a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pd_tracker.demo import training
from pd_tracker.demo.careers import Away, Career, Post, Spell, new_helper, new_teacher
from pd_tracker.demo.places import Place, places_for
from pd_tracker.demo.planted import COURSE, HOURS, NEED_MOVES, chance_of_leaving
from teachers.rules.choices import LeaveKind, Position, SeparationReason, SeparationType
from teachers.rules.periods import Year, year_of

LEAVE_CHANCE, NEVER_BACK = 0.025, 0.2
MOVE_CHANCE, OUT_OF_CLASSROOM, COMES_BACK = 0.045, 0.008, 0.10
MID_YEAR_EXIT, SUMMER_EXIT = 0.18, 0.12
LATE_HIRES, SHORT_SPELLS, HELPERS = 0.08, 0.01, 0.06
DAY = timedelta(days=1)


@dataclass(slots=True)
class DemoDistrict:
    """Everybody who ever worked there and every school, up to a day."""

    today: date
    first: Year
    last: Year
    teachers: int
    rng: Random
    places: list[Place]
    careers: list[Career] = field(default_factory=list)

    @property
    def years(self) -> list[Year]:
        return [Year(start) for start in range(self.first.start, self.last.start + 1)]

    def open_places(self, on: date) -> list[Place]:
        return [place for place in self.places if place.is_open(on)]


def play(*, teachers: int, years: int, seed: int, today: date) -> DemoDistrict:
    """The same numbers, seed and day always give the same district."""
    rng = Random(seed)
    last = year_of(today)
    first = Year(last.start - years + 1)
    places = places_for(teachers, last_year=last, rng=rng)
    district = DemoDistrict(today, first, last, teachers, rng, places)
    _people_of_the_first_day(district)
    for year in district.years:
        _merge(district, year)
        _take_back(district, year)
        _hire(district, year)
        for career in list(district.careers):
            _live(district, career, year)
    return district


# --- Coming -----------------------------------------------------------------------------------------------------


def _people_of_the_first_day(district: DemoDistrict) -> None:
    """Who was there when the records began: hired long before, but known from that day on only."""
    rng, begin = district.rng, district.first.starts_on
    for number in range(district.teachers):
        place = district.places[number % len(district.places)]
        hired = date(begin.year - 1 - min(int(rng.expovariate(1 / 7)), 33), 8, rng.randrange(10, 29))
        district.careers.append(new_teacher(number, place=place, hired_on=hired, posted_on=begin, rng=rng))
    for _ in range(round(district.teachers * HELPERS)):
        _add_helper(district, begin - timedelta(days=rng.randrange(1, 1500)))


def _add_helper(district: DemoDistrict, hired_on: date) -> None:
    position = district.rng.choice((Position.SUBSTITUTE, Position.AIDE))
    place = district.rng.choice(district.open_places(max(hired_on, district.first.starts_on)))
    helper = new_helper(len(district.careers), place=place, hired_on=hired_on, position=position, rng=district.rng)
    helper.post.start = max(hired_on, district.first.starts_on)
    district.careers.append(helper)


def _hire(district: DemoDistrict, year: Year) -> None:
    """As many as are missing, most before the school year begins; a few come and go between two census days."""
    rng = district.rng
    missing = district.teachers - sum(career.teaches_on(year.census_on) for career in district.careers)
    for _ in range(missing):
        if rng.random() < LATE_HIRES:
            _add_teacher(district, year.census_on + timedelta(days=rng.randrange(5, 140)))
        else:
            _add_teacher(district, date(year.start, 8, 10) + timedelta(days=rng.randrange(30)))
    for _ in range(round(district.teachers * SHORT_SPELLS)):
        career = _add_teacher(district, year.census_on + timedelta(days=rng.randrange(4, 40)))
        last_day = year.census_on + timedelta(days=rng.randrange(90, 230))
        if career and last_day <= district.today:
            career.go(last_day, SeparationType.VOLUNTARY, SeparationReason.PERSONAL)
    if date(year.start, 9, 1) <= district.today:
        for _ in range(round(district.teachers * HELPERS * 0.2)):
            _add_helper(district, date(year.start, 9, 1))


def _add_teacher(district: DemoDistrict, day: date) -> Career | None:
    if day > district.today:
        return None
    place = district.rng.choice(district.open_places(day))
    career = new_teacher(len(district.careers), place=place, hired_on=day, posted_on=day, rng=district.rng)
    district.careers.append(career)
    return career


def _take_back(district: DemoDistrict, year: Year) -> None:
    for career in district.careers:
        day = career.returns_on
        if day is not None and year_of(day) == year and day <= district.today:
            before = career.post
            place = before.place if before.place.is_open(day) else before.place.successor or before.place
            career.spells.append(Spell(day, fte=before.fte))
            career.posts.append(Post(place, day, subject=before.subject, grades=before.grades, fte=before.fte))
            career.returns_on = None


def _merge(district: DemoDistrict, year: Year) -> None:
    for career in district.careers:
        old = career.post.place
        if career.post.end is None and old.successor is not None and not old.is_open(year.starts_on):
            career.posts.append(_same_post_at(career.post, old.successor, year.starts_on))
            career.posts[-2].end = year.starts_on - DAY


def _same_post_at(post: Post, place: Place, start: date) -> Post:
    return Post(place, start, position=post.position, subject=post.subject, grades=post.grades, fte=post.fte)


# --- One year of one person --------------------------------------------------------------------------------------


def _live(district: DemoDistrict, career: Career, year: Year) -> None:
    """What happens to somebody between this census and the next, then what they learned in this school year."""
    if career.spell.end is None or career.spell.end >= year.starts_on:
        if career.teaches_on(year.census_on) and career.spell.end is None:
            _decide(district, career, year)
        elif career.spell.position in {Position.SUBSTITUTE, Position.AIDE}:
            _end_sometimes(district, career, year)
        if career.spell.position is Position.CLASSROOM_TEACHER:
            had_course = any(one.code == COURSE for taken in career.training.values() for one in taken)
            training.train(
                career,
                year,
                until=district.today,
                keenness=career.post.place.keenness,
                had_course=had_course,
                rng=district.rng,
            )


def _decide(district: DemoDistrict, career: Career, year: Year) -> None:
    rng, place, census = district.rng, career.post.place, year.census_on
    before = Year(year.start - 1)
    chance = chance_of_leaving(
        trained=career.teaches_on(before.census_on) and career.minutes_in(before) >= HOURS * 60,
        early=career.is_early(census),
        need=place.needs_much,
        old=career.is_old(census),
        school=place.pull,
    )
    moves = MOVE_CHANCE * (NEED_MOVES if place.needs_much else 1)
    # Three draws whatever happens, so that one person's luck does not depend on what was decided for them before.
    leaves, other, kind = rng.random(), rng.random(), rng.random()
    if leaves < chance:
        _leave_district(district, career, year, kind)
    elif other < moves:
        _transfer(district, career, year)
    elif other < moves + LEAVE_CHANCE:
        _take_leave(district, career, year)
    elif other < moves + LEAVE_CHANCE + OUT_OF_CLASSROOM:
        _leave_classroom(district, career, year)


def _leave_district(district: DemoDistrict, career: Career, year: Year, kind: float) -> None:
    rng = district.rng
    when = rng.random()
    last_day = year.ends_on
    if when < MID_YEAR_EXIT:
        last_day = year.census_on + timedelta(days=rng.randrange(20, 230))
    elif when < MID_YEAR_EXIT + SUMMER_EXIT:
        last_day = date(year.start + 1, 8, 1) + timedelta(days=rng.randrange(25))
    if last_day > district.today:
        return
    separation, reason = _reason(career, last_day, kind)
    career.go(last_day, separation, reason)
    if reason is not SeparationReason.RETIREMENT and rng.random() < COMES_BACK:
        career.returns_on = date(year.start + rng.choice((2, 3)), 8, 20)


def _reason(career: Career, day: date, kind: float) -> tuple[SeparationType, SeparationReason]:
    if career.is_old(day) and kind < 0.85:
        return SeparationType.VOLUNTARY, SeparationReason.RETIREMENT
    if career.is_early(day) and kind < 0.2:
        return SeparationType.INVOLUNTARY, SeparationReason.NON_RENEWAL
    for limit, reason in (
        (0.45, SeparationReason.RESIGNATION),
        (0.65, SeparationReason.OTHER_DISTRICT),
        (0.76, SeparationReason.PERSONAL),
        (0.86, SeparationReason.CAREER_CHANGE),
        (0.92, SeparationReason.OTHER_EMPLOYMENT),
        (0.96, SeparationReason.UNKNOWN),
    ):
        if kind < limit:
            return SeparationType.VOLUNTARY, reason
    return SeparationType.INVOLUNTARY, SeparationReason.LAYOFF


def _transfer(district: DemoDistrict, career: Career, year: Year) -> None:
    day = date(year.start + 1, 7, 1)
    here = career.post.place
    choices = [place for place in district.open_places(day) if place.level == here.level and place is not here]
    if day <= district.today and choices and here.is_open(day):
        career.move(district.rng.choice(choices), day)


def _take_leave(district: DemoDistrict, career: Career, year: Year) -> None:
    """Most come back; for some the employment ends with the leave."""
    rng = district.rng
    start = year.census_on + timedelta(days=rng.randrange(10, 200))
    end = start + timedelta(days=rng.randrange(60, 330))
    if start > district.today:
        return
    never_back = rng.random() < NEVER_BACK
    kind = rng.choice((LeaveKind.PARENTAL, LeaveKind.PARENTAL, LeaveKind.MEDICAL, LeaveKind.SABBATICAL))
    career.leaves.append(Away(start, end, kind, not never_back))
    if never_back and end <= district.today:
        career.go(end, SeparationType.VOLUNTARY, SeparationReason.PERSONAL)


def _leave_classroom(district: DemoDistrict, career: Career, year: Year) -> None:
    day = date(year.start + 1, 7, 1)
    place = career.post.place
    if day <= district.today and place.is_open(day):
        career.leave_post(day - DAY)
        career.spell.end = day - DAY
        career.spells.append(Spell(day, position=Position.OTHER))
        career.posts.append(Post(place, day, position=Position.OTHER))


def _end_sometimes(district: DemoDistrict, career: Career, year: Year) -> None:
    if career.spell.end is None and district.rng.random() < 0.2 and year.ends_on <= district.today:
        career.go(year.ends_on, SeparationType.VOLUNTARY, SeparationReason.OTHER_EMPLOYMENT)
