"""Hours that the district's own contract asks for, decided by the engine of licenses: each line with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from learning_plans.credit.cases import Entry, Explained, Records, lines_of, read_people, read_rows
from learning_plans.credit.shelf import RuleShelf, shelves
from learning_plans.models import ContractHours
from learning_plans.rules.credit import facts as engine
from learning_plans.rules.credit.pack import Pack
from learning_plans.rules.credit.windows import school_year
from teachers.models import Assignment, Employment, Teacher

FACT = "contract_hours"


@dataclass(frozen=True)
class ContractCase(Explained):
    teacher: Teacher
    owed_by: ContractHours
    pack: Pack
    facts: engine.Facts
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody does on a day; of several, what takes most of the time."""

    position: str = ""
    school: int | None = None


def contract_cases(teachers: Sequence[Teacher], *, on: date) -> list[ContractCase]:
    """One case for each of these people who works here on the day and of whom the contract asks hours."""
    begins = school_year(on).first
    here = {each.district_id for each in teachers}
    entered = Q(holds_from=None) | Q(holds_from__lte=begins)
    rules = list(ContractHours.objects.filter(entered, district__in=here).select_related("school"))
    if not rules:
        return []
    posts, books = posts_of(teachers, on=on), shelves(here)
    meant = [
        (teacher, rule)
        for teacher in teachers
        if teacher.pk in posts and (rule := closest(rules, teacher, posts[teacher.pk])) is not None
    ]
    records, people = Records(), [teacher.pk for teacher, _rule in meant]
    read_rows(records, people, since=begins)
    read_people(records, people)
    found = [_case(teacher, rule, records, books[teacher.district_id], on=on) for teacher, rule in meant]
    return [each for each in found if each is not None]


def posts_of(teachers: Sequence[Teacher], *, on: date) -> dict[int, Post]:
    people = [each.pk for each in teachers]
    spells = Employment.objects.filter(teacher__in=people).running(on=on).order_by("fte", "-pk")
    positions = dict(spells.values_list("teacher", "position"))
    places = Assignment.objects.filter(teacher__in=people).running(on=on).order_by("fte", "-school_id", "-pk")
    schools = dict(places.values_list("teacher", "school_id"))
    return {key: Post(position, schools.get(key)) for key, position in positions.items()}


def closest(rules: Sequence[ContractHours], teacher: Teacher, post: Post) -> ContractHours | None:
    """School and position before one of them, and those before everybody; of several the one that begins last."""
    fitting = [
        each
        for each in rules
        if each.district_id == teacher.district_id
        and each.school_id in (None, post.school)
        and each.position in ("", post.position)
    ]
    return max(
        fitting,
        key=lambda each: (
            bool(each.school_id) + bool(each.position),
            bool(each.school_id),
            each.holds_from or date.min,
        ),
        default=None,
    )


def _case(
    teacher: Teacher, rule: ContractHours, records: Records, shelf: RuleShelf, *, on: date
) -> ContractCase | None:
    year = school_year(on)
    pack = shelf.pack(rule.rule_pack, ends_on=year.last)
    if pack is None:
        return None
    lines, entries = lines_of(records.rows.get(teacher.pk, ()), pack, shelf, since=year.first)
    if not pack.own_categories:  # whatever the district approved counts for its own contract
        lines = tuple(replace(line, categories=()) for line in lines)
    facts = engine.Facts(
        as_of=on,
        employment=tuple(records.employment.get(teacher.pk, ())),
        leave=tuple(records.leave.get(teacher.pk, ())),
        facts={FACT: rule.hours},
        lines=lines,
    )
    return ContractCase(teacher, rule, pack, facts, entries)


def contract_case_of(teacher: Teacher, *, on: date) -> ContractCase | None:
    return next(iter(contract_cases([teacher], on=on)), None)
