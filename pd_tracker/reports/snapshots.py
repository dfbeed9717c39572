"""Census snapshots and what became of each person a year later, as columns; the definitions every report shares.

S(y) holds the people who on the census day of school year y work as classroom teachers under a running employment,
have a classroom assignment above 0 FTE, and are not on leave. Days are proleptic ordinals, missing links are -1.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Any

import numpy as np

from pd_tracker.reports.estimators.groups import Floats, Ints, as_places
from pd_tracker.reports.recorded import OPEN, Flags, Records, Spans

SETTLED_DAYS = 30  # the next census must lie this far behind the newest roster before a year may be judged


class Status(IntEnum):
    """What a member of S(y) was on the next census day; the first that fits."""

    STAYER = 0
    MOVER_WITHIN = 1
    MOVER_OUT = 2
    ON_LEAVE = 3
    LEFT_CLASSROOM = 4
    LEAVER = 5


UNOBSERVED = -1  # as a place among statuses, one after the last
RETAINED_IN_DISTRICT = (Status.STAYER, Status.MOVER_WITHIN, Status.ON_LEAVE)


@dataclass(frozen=True, eq=False, slots=True)
class Snapshots:
    """One row per person in S(y).

    `status` is -1 while the next census is not yet observed. `minutes` is approved training dated in school year y;
    `minutes_before` the year before for members of S(y-1), `minutes_two_before` for members of S(y-1) and S(y-2),
    `first_minutes` that of the first tenure year when it was seen; each -1 where there is no such year. `tenure`
    counts from 1 at the first census of the spell, `experience` is NaN where unknown.
    """

    teacher: Ints
    year: Ints
    school: Ints
    subject: Ints
    fte: Floats
    tenure: Ints
    experience: Floats
    status: Ints
    title_i: Ints
    completions: Ints
    minutes: Ints
    minutes_before: Ints
    minutes_two_before: Ints
    first_minutes: Ints

    def __len__(self) -> int:
        return len(self.teacher)

    def only(self, rows: Flags | Ints) -> Snapshots:
        if rows.dtype == np.bool_ and rows.all():
            return self
        places = as_places(rows)
        columns: dict[str, Any] = {field.name: getattr(self, field.name)[places] for field in fields(self)}
        return replace(self, **columns)

    @property
    def observed(self) -> Flags:
        observed: Flags = self.status != UNOBSERVED
        return observed

    @property
    def retained(self) -> Flags:
        retained: Flags = np.array([status in RETAINED_IN_DISTRICT for status in Status] + [False])[self.status]
        return retained


@dataclass(frozen=True, eq=False, slots=True)
class ShortSpells:
    """People hired after a census and gone before the next: in no snapshot. School -1 where none is recorded.

    `teacher` is the person's place in the list of people.
    """

    year: Ints
    school: Ints
    teacher: Ints

    def only(self, rows: Flags) -> ShortSpells:
        return ShortSpells(self.year[rows], self.school[rows], self.teacher[rows])


@dataclass(frozen=True, eq=False, slots=True)
class _Chains:
    """Employments joined across gaps without a census day: leaving is what a census can see."""

    of_employment: Ints
    spans: Spans
    first_taught: Ints


@dataclass(frozen=True, eq=False, slots=True)
class _Census:
    """Who was what on each census day, as people x days."""

    employed: Flags
    member: Flags
    elsewhere: Flags
    main: Ints
    subject: Ints
    thousandths: Ints
    may_return: Flags
    leave_end: Ints
    chain_end: Ints
    tenure: Ints


def as_it_was_then(records: Records) -> Records:
    """An employment goes by the position of its newest post; posts that ended before it go by their own.

    Otherwise whoever leaves the classroom for an office would be gone from every earlier snapshot as well.
    """
    spells, posts = records.employments, records.assignments
    order = np.argsort(spells.first_days)
    place = np.searchsorted(spells.first_days[order], posts.first_days, "right") - 1
    known = np.flatnonzero(place >= 0)
    spell = order[place[known]]
    same = spells.teacher[spell] == posts.teacher[known]
    post, spell = known[same], spell[same]
    earlier = records.teaching[post] & (posts.end[post] < spells.end[spell])
    teaching, taught = records.teaching.copy(), records.employed_to_teach.copy()
    teaching[post] &= earlier | records.employed_to_teach[spell]
    taught[spell[earlier]] = True
    return replace(records, teaching=teaching, employed_to_teach=taught)


def snapshots(records: Records) -> Snapshots:
    census = _census(records, _chains(records))
    teacher, day = np.nonzero(census.member)
    status = _status(records, census, teacher, day)
    before, two_before = census.member[teacher, day - 1] & (day > 0), census.member[teacher, day - 2] & (day > 1)
    tenure, main = census.tenure[teacher, day], census.main[teacher, day]
    first = day - tenure + 1
    first_seen = census.member[teacher, first] & (census.tenure[teacher, first] == 1)
    rows = Snapshots(
        teacher=teacher.astype(np.int64),
        year=records.years[day],
        school=main,
        subject=census.subject[teacher, day],
        fte=census.thousandths[teacher, day] / 1000,
        tenure=tenure,
        experience=_experience(records, teacher, day),
        status=status,
        title_i=records.title_i[main, day],
        completions=records.completions[teacher, day],
        minutes=records.minutes[teacher, day],
        minutes_before=np.where(before, records.minutes[teacher, day - 1], -1),
        minutes_two_before=np.where(before & two_before, records.minutes[teacher, day - 2], -1),
        first_minutes=np.where(first_seen, records.minutes[teacher, first], -1),
    )
    return rows.only(records.days[day] >= records.begins)


def short_spells(records: Records) -> ShortSpells:
    chains = _chains(records)
    began = np.searchsorted(records.days, chains.first_taught, "left")
    short = (began == np.searchsorted(records.days, chains.spans.end, "right")) & (chains.first_taught < OPEN)
    short &= (chains.spans.end <= records.as_of) & (chains.first_taught >= records.begins) & (began > 0)
    spans = chains.spans.only(short)
    return ShortSpells(records.years[began[short] - 1], _schools_of(records, spans), spans.teacher)


def _schools_of(records: Records, spans: Spans) -> Ints:
    place = {teacher: number for number, teacher in enumerate(spans.teacher.tolist())}
    schools = np.full(len(spans.teacher), -1, dtype=np.int64)
    for row in np.flatnonzero(records.teaching & np.isin(records.assignments.teacher, spans.teacher)):
        number = place[int(records.assignments.teacher[row])]
        overlaps = records.assignments.start[row] <= spans.end[number]
        if overlaps and records.assignments.end[row] >= spans.start[number]:
            schools[number] = records.school[row]
    return schools


def _chains(records: Records) -> _Chains:
    spells = records.employments
    order = np.lexsort((spells.start, spells.teacher))
    teacher, start, end = spells.teacher[order], spells.start[order], spells.end[order]
    gone = np.searchsorted(records.days, end[:-1], "right") < np.searchsorted(records.days, start[1:], "left")
    opens = np.ones(len(order), dtype=bool)
    opens[1:] = (teacher[1:] != teacher[:-1]) | gone
    chain = np.cumsum(opens) - 1
    count = int(opens.sum())
    last, taught = np.zeros(count, dtype=np.int64), np.full(count, OPEN, dtype=np.int64)
    np.maximum.at(last, chain, end)
    teaches = records.employed_to_teach[order]
    np.minimum.at(taught, chain[teaches], start[teaches])
    of_employment = np.empty(len(order), dtype=np.int64)
    of_employment[order] = chain
    return _Chains(of_employment, Spans(teacher[opens], start[opens], last), taught)


def _census(records: Records, chains: _Chains) -> _Census:
    shape = len(records.people), len(records.days)
    span, day = records.employments.on(records.days)
    who = records.employments.teacher[span]
    employed, employed_to_teach = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    employed[who, day] = True
    most = np.zeros(shape, dtype=np.int64)
    np.maximum.at(most, (who, day), records.employed_thousandths[span])
    teaches = records.employed_to_teach[span]
    employed_to_teach[who[teaches], day[teaches]] = True
    chain_end, tenure = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    chain = chains.of_employment[span]
    chain_end[who, day] = chains.spans.end[chain]
    tenure[who, day] = day - np.searchsorted(records.days, chains.first_taught, "left")[chain] + 1
    on_leave = np.zeros(shape, dtype=bool)
    away, away_day = records.leaves.on(records.days)
    on_leave[records.leaves.teacher[away], away_day] = True
    may_return, leave_end = _leaves_with_return(records, shape)
    main, subject, thousandths, elsewhere = _main_schools(records, most)
    return _Census(
        employed=employed,
        member=employed_to_teach & ~on_leave & (main >= 0),
        elsewhere=elsewhere & ~on_leave,
        main=main,
        subject=subject,
        thousandths=thousandths,
        may_return=may_return,
        leave_end=leave_end,
        chain_end=chain_end,
        tenure=tenure,
    )


def _leaves_with_return(records: Records, shape: tuple[int, int]) -> tuple[Flags, Ints]:
    """Where a leave with right of return runs, and the last day of the leaves that follow one another."""
    leaves = records.leaves.only(records.may_return)
    order = np.lexsort((leaves.start, leaves.teacher))
    leaves = leaves.only(order)
    opens = np.ones(len(order), dtype=bool)
    opens[1:] = (leaves.teacher[1:] != leaves.teacher[:-1]) | (leaves.start[1:] > leaves.end[:-1] + 1)
    joined = np.cumsum(opens) - 1
    last = np.zeros(int(opens.sum()), dtype=np.int64)
    np.maximum.at(last, joined, leaves.end)
    running, ends = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.int64)
    span, day = leaves.on(records.days)
    running[leaves.teacher[span], day] = True
    ends[leaves.teacher[span], day] = last[joined[span]]
    return running, ends


def _main_schools(records: Records, employed: Ints) -> tuple[Ints, Ints, Ints, Flags]:
    """Main school, its main subject and the whole FTE per person and census, and who teaches in another district.

    The school with most FTE wins; on a tie last year's, else the smallest id. Posts that together exceed the FTE that
    somebody is `employed` for repeat it, for every subject or school.
    """
    shape = employed.shape[0], employed.shape[1]
    classes = np.flatnonzero(records.teaching)
    row, day = records.assignments.only(classes).on(records.days)
    row = classes[row]
    elsewhere = np.zeros(shape, dtype=bool)
    own = records.own_school[records.school[row]]
    elsewhere[records.assignments.teacher[row[~own]], day[~own]] = True
    row, day = row[own], day[own]
    who, where, part = records.assignments.teacher[row], records.school[row], records.thousandths[row]
    whole = np.zeros(shape, dtype=np.int64)
    np.add.at(whole, (who, day), part)
    most = employed.copy()
    np.maximum.at(most, (who, day), part)
    place, at = np.unique((day * shape[0] + who) * len(records.successor) + where, return_inverse=True)
    total = np.bincount(at, weights=part, minlength=len(place)).astype(np.int64)
    main = _largest(place, total, shape, len(records.successor))
    subject = np.full(shape, -1, dtype=np.int64)
    mine = np.flatnonzero(main[who, day] == where)
    mine = mine[np.lexsort((-records.subject[row[mine]], part[mine]))]
    subject[who[mine], day[mine]] = records.subject[row[mine]]  # the last written wins: most FTE, first by name
    return main, subject, np.minimum(whole, most), elsewhere


def _largest(place: Ints, total: Ints, shape: tuple[int, int], schools: int) -> Ints:
    main = np.full(shape, -1, dtype=np.int64)
    person, school = np.divmod(place, max(schools, 1))
    day, who = np.divmod(person, max(shape[0], 1))
    starts = np.searchsorted(day, np.arange(shape[1] + 1))
    for number in range(shape[1]):
        rows = slice(starts[number], starts[number + 1])
        people, places = who[rows], school[rows]
        same = places == main[people, number - 1] if number else np.zeros(len(people), dtype=bool)
        order = np.lexsort((places, ~same, -total[rows], people))
        first = np.unique(people[order], return_index=True)[1]
        main[people[order][first], number] = places[order][first]
    return main


def _status(records: Records, census: _Census, teacher: Ints, day: Ints) -> Ints:
    status = np.full(len(teacher), UNOBSERVED, dtype=np.int64)
    seen = np.flatnonzero(day + 1 < np.searchsorted(records.days, records.as_of - SETTLED_DAYS, "right"))
    who, then = teacher[seen], day[seen] + 1
    teaches = census.member[who, then]
    same = teaches & _same_school(records, census.main[who, then - 1], census.main[who, then], records.days[then])
    ended = census.chain_end[who, then] <= np.minimum(census.leave_end[who, then], records.as_of)
    status[seen] = np.select(
        [
            same,
            teaches,
            census.elsewhere[who, then],
            census.employed[who, then] & census.may_return[who, then] & ~ended,
        ],
        [Status.STAYER, Status.MOVER_WITHIN, Status.MOVER_OUT, Status.ON_LEAVE],
        default=Status.LEAVER,
    )
    still_here = census.employed[who, then] & ~(census.may_return[who, then] & ended)
    status[seen[(status[seen] == Status.LEAVER) & still_here]] = Status.LEFT_CLASSROOM
    return status


def _same_school(records: Records, then: Ints, now: Ints, day: Ints) -> Flags:
    """Whether `now` is the school of `then`, or follows it by mergers and closures before `day`."""
    same: Flags = then == now
    school = then.copy()
    for _ in range(len(records.successor)):  # a chain of successors cannot be longer, even if somebody made it a ring
        follows = (records.successor[school] >= 0) & (records.closed[school] < day)
        moved = follows & ~same
        if not moved.any():
            break
        school = np.where(moved, records.successor[school], school)
        same = same | (moved & (school == now))
    return same


def first_census(records: Records) -> Ints:
    """Place of the first census day in or after each person's first employment."""
    first = np.full(len(records.people), OPEN, dtype=np.int64)
    np.minimum.at(first, records.employments.teacher, records.employments.start)
    return np.searchsorted(records.days, first, "left")


def _experience(records: Records, teacher: Ints, day: Ints) -> Floats:
    """Experience at the first hire, and the census years since."""
    since: Floats = records.experience[teacher] + (day - first_census(records)[teacher])
    return since
