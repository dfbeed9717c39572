"""This year's learning plans of the invented teachers: some on time, some late, some not begun."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pd_tracker.demo.careers import Career
from pd_tracker.demo.catalogue import ANNUAL
from pd_tracker.demo.district import DemoDistrict
from pd_tracker.demo.training import CHOICES
from teachers.rules.periods import Year

HAS_PLAN = 0.88
GOALS = (
    # goal, how one will know, competency, kpi
    ("Every student explains their thinking once a lesson", "A colleague counts it twice a term", "3", "growth"),
    ("Quick checks shape the next day's lesson", "Exit tickets in four of five lessons", "4", "assessment_mean"),
    ("Lessons start on time and calmly", "Fewer than two minutes lost, on average", "5", "discipline_per_100"),
    ("Students with plans take part in whole-class tasks", "Notes with the special educator, monthly", "6", None),
    ("Families hear good news first", "One message for each family by winter", "7", "family_engagement"),
    ("One project that ends in an exhibition", "An exhibition with guests in spring", "2", None),
)  # fmt: skip
TASKS = (
    "Visit a colleague's lesson and write down three questions",
    "Film ten minutes of a lesson and watch it with your coach",
    "Share one lesson plan with your team",
    "Read the chapter on wait time",
)


@dataclass(slots=True)
class Item:
    course: str | None
    due_on: date | None
    assigned_on: date
    task: str = ""
    note: str = ""
    is_required: bool = True
    task_done_on: date | None = None
    goal: int | None = 0  # place among the plan's goals
    is_from_coach: bool = False


@dataclass(slots=True)
class PlanOf:
    career: Career
    goals: list[int] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    state: str = "active"


def plans(district: DemoDistrict, *, coached: set[int]) -> list[PlanOf]:
    today, year, rng = district.today, district.last, district.rng
    here = [career for career in district.careers if career.teaches_on(today) and career.spell.end is None]
    return [
        _plan(career, today=today, year=year, is_coached=career.number in coached, rng=rng)
        for career in here
        if rng.random() < HAS_PLAN
    ]


def _plan(career: Career, *, today: date, year: Year, is_coached: bool, rng: Random) -> PlanOf:
    plan = PlanOf(career, goals=rng.sample(range(len(GOALS)), rng.choice((1, 2))))
    plan.items = [
        *_required(today, year),
        *_done(career, today, year, rng),
        *_open(career, today, year, rng),
        _task(today, year, rng),
    ]
    for item in plan.items:
        item.is_from_coach = is_coached and item.course != ANNUAL
    plan.state = rng.choices(("active", "in_review", "draft"), (90, 6, 4))[0]
    return plan


def _required(today: date, year: Year) -> list[Item]:
    due = date(year.start, 9, 30)
    begin = date(year.start, 8, 10)
    return [Item(ANNUAL, due, begin, goal=None)] if begin <= today else []


def _done(career: Career, today: date, year: Year, rng: Random) -> list[Item]:
    codes = [one.code for one in career.training.get(year, ()) if one.code != ANNUAL and one.on <= today]
    begin = year.starts_on
    return [
        Item(code, min(today + timedelta(days=rng.randrange(-20, 60)), year.ends_on), begin, is_required=False)
        for code in codes[:2]
    ]


def _open(career: Career, today: date, year: Year, rng: Random) -> list[Item]:
    """Mostly due later, some soon; about one in twelve is late."""
    known = {one.code for one in career.training.get(year, ())}
    offers = [offer for offer in CHOICES if offer.code not in known and offer.state == "approved"]
    found = []
    for offer in rng.sample(offers, rng.choice((1, 1, 2))):
        days = rng.choices((rng.randrange(-40, 0), rng.randrange(31), rng.randrange(31, 150)), (1, 4, 7))[0]
        due = max(min(today + timedelta(days=days), year.ends_on), year.starts_on)
        assigned = max(year.starts_on, min(today, due) - timedelta(days=rng.randrange(3, 60)))
        found.append(Item(offer.code, due, assigned, is_required=rng.random() < 0.7))
    return found


def _task(today: date, year: Year, rng: Random) -> Item:
    due = min(today + timedelta(days=rng.randrange(-30, 90)), year.ends_on)
    due = max(due, year.starts_on)
    done = due if due <= today and rng.random() < 0.8 else None
    assigned = max(year.starts_on, min(today, due) - timedelta(days=rng.randrange(3, 40)))
    return Item(None, due, assigned, task=rng.choice(TASKS), is_required=False, task_done_on=done)
