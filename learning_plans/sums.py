"""Keeps the training of school years summed up: whatever changes completions says so here, in its own transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min

from learning_plans.models import Completion, TrainingDays, TrainingYear
from learning_plans.rules.batches import batches
from learning_plans.rules.choices import CompletionState
from teachers.models import District, SchoolYear, Teacher
from teachers.rules.periods import SchoolDays, year_of

BATCH, MANY = 5_000, 50_000  # people that wait at once, and rows of one statement
COLUMNS = ("teacher", "year", "category", "minutes", "completions", "last_on")

Dated = tuple[int, date]  # a teacher, and a day on which a completion stands or stood
Pair = tuple[int, int]  # a teacher, and the calendar year in which a school year starts
Key = tuple[int, int, str]  # the same, and the category
Sums = tuple[int, int, date]  # minutes, completions, and the last day


@dataclass(frozen=True, slots=True)
class Difference:
    """What is stored beside what the completions say; None where there is nothing."""

    teacher: int
    year: int
    category: str
    stored: Sums | None
    facts: Sums | None


@transaction.atomic(savepoint=False)
def sum_up(changed: Iterable[Dated]) -> None:
    """Sums up anew every school year of a teacher that holds one of these days."""
    days_of_teacher: dict[int, set[date]] = {}
    for teacher, day in changed:
        days_of_teacher.setdefault(teacher, set()).add(day)
    for district, teachers in locked(days_of_teacher).items():
        year = years_holding(district, set().union(*(days_of_teacher[teacher] for teacher in teachers)))
        pairs = ((teacher, year[day]) for teacher in teachers for day in days_of_teacher[teacher] if day in year)
        renew(district, sorted(set(pairs)))


@transaction.atomic(savepoint=False)
def add_up(new: Mapping[int, Dated]) -> None:
    """Adds new completions, by key, to the sums: none of the older ones is read again."""
    for district in locked({teacher for teacher, _day in new.values()}):
        years_holding(district, {day for _teacher, day in new.values()})
    for part in batches(new, MANY):
        with connection.cursor() as cursor:
            keys = ", ".join(f"({key:d})" for key in part)
            cursor.execute(ADD.format(keys=keys), [CompletionState.APPROVED.value])


def locked(teachers: Collection[int]) -> dict[int, list[int]]:
    """By district. Whoever sums up the same teacher waits, and then sees what was written here."""
    found: dict[int, list[int]] = {}
    for part in batches(sorted(teachers), BATCH):
        rows = Teacher.objects.select_for_update(no_key=True).filter(pk__in=part).order_by("pk")
        for teacher, district in rows.values_list("pk", "district"):
            found.setdefault(district, []).append(teacher)
    return found


def years_holding(district: int, days: Collection[date]) -> dict[date, int]:
    """The school year of each day; a day between two years has none."""
    first, last = year_of(min(days)).start - 1, year_of(max(days)).start + 1
    years = range(max(first, date.min.year), last + 1)  # a school year may hold days of the usual one beside it
    stored = TrainingDays.objects.filter(district=district, year__in=years)
    if len(stored) < len(years):
        fill_in(district, SchoolYear.objects.days_of(district, years[0], years[-1]))
        stored = stored.all()
    return {day: each.year for each in stored for day in days if each.starts_on <= day <= each.ends_on}


def fill_in(district: int, days: Sequence[SchoolDays]) -> None:
    rows = (
        TrainingDays(district_id=district, year=day.year.start, starts_on=day.starts_on, ends_on=day.ends_on)
        for day in days
    )
    TrainingDays.objects.bulk_create(rows, ignore_conflicts=True)  # somebody else may have met the year first


def renew(district: int, pairs: Sequence[Pair]) -> None:
    for part in batches(pairs, MANY):
        values = ", ".join(f"({teacher:d}, {year:d})" for teacher, year in part)
        with connection.cursor() as cursor:
            cursor.execute(FORGET.format(pairs=values))
            cursor.execute(RENEW.format(pairs=values), [district, CompletionState.APPROVED.value])


FORGET = "DELETE FROM learning_plans_trainingyear WHERE (teacher_id, year) IN (VALUES {pairs})"
SUMS = """
INSERT INTO learning_plans_trainingyear (teacher_id, year, category, minutes, completions, last_on)
SELECT c.teacher_id, d.year, c.category, SUM(c.minutes), COUNT(*), MAX(c.completed_on)
"""
OF_COMPLETIONS = """
  AND c.completed_on BETWEEN d.starts_on AND d.ends_on AND c.state = %s
GROUP BY c.teacher_id, d.year, c.category
"""
# The order of a CROSS JOIN is kept by SQLite, which cannot know that the pairs or the keys are few.
RENEW = f"""{SUMS}
FROM (VALUES {{pairs}}) AS w
CROSS JOIN learning_plans_trainingdays AS d CROSS JOIN learning_plans_completion AS c
WHERE d.year = w.column2 AND d.district_id = %s AND c.teacher_id = w.column1{OF_COMPLETIONS}"""
ADD = f"""{SUMS}
FROM (VALUES {{keys}}) AS w
CROSS JOIN learning_plans_completion AS c CROSS JOIN teachers_teacher AS t
CROSS JOIN learning_plans_trainingdays AS d
WHERE c.id = w.column1 AND t.id = c.teacher_id AND d.district_id = t.district_id{OF_COMPLETIONS}
ON CONFLICT (teacher_id, year, category) DO UPDATE SET
  minutes = learning_plans_trainingyear.minutes + excluded.minutes,
  completions = learning_plans_trainingyear.completions + excluded.completions,
  last_on = CASE WHEN excluded.last_on > learning_plans_trainingyear.last_on THEN excluded.last_on
    ELSE learning_plans_trainingyear.last_on END
"""


# --- Proving and repairing --------------------------------------------------------------------------------------


def moved_days(district: District) -> list[tuple[TrainingDays, SchoolDays]]:
    """Years that were summed up over other days than they have now."""
    stored = {each.year: each for each in TrainingDays.objects.filter(district=district)}
    now = SchoolYear.objects.days_of(district.pk, min(stored), max(stored)) if stored else []
    both = [(stored[days.year.start], days) for days in now if days.year.start in stored]
    return [(old, days) for old, days in both if (old.starts_on, old.ends_on) != (days.starts_on, days.ends_on)]


@transaction.atomic
def move_days(district: District) -> None:
    """All at once: a report must not find the new days beside the old sums."""
    teachers = list(district.teachers.values_list("pk", flat=True))
    locked(teachers)
    moved = moved_days(district)
    for old, days in moved:
        old.starts_on, old.ends_on = days.starts_on, days.ends_on
        old.save()
    renew(district.pk, [(teacher, old.year) for teacher in teachers for old, _days in moved])


def compared(district: District, *, repair: bool) -> Iterator[list[Difference]]:
    """What is wrong, some thousand people at a time; nobody can write completions of these in the meantime."""
    for teachers in batches(district.teachers.order_by("pk").values_list("pk", flat=True), BATCH):
        with transaction.atomic():
            locked(teachers)
            found = differences(district, teachers)
            if repair and found:
                fill_in(district.pk, windows(district))
                renew(district.pk, sorted({(each.teacher, each.year) for each in found}))
        yield found


def differences(district: District, teachers: Sequence[int]) -> list[Difference]:
    people = {"teacher__gte": teachers[0], "teacher__lte": teachers[-1], "teacher__district": district}
    counted = Completion.objects.counted().filter(**people)
    by_year = counted.by_school_year(windows(district), "teacher", "year", "category")
    facts = keyed(by_year.annotate(last_on=Max("completed_on")))
    stored = keyed(TrainingYear.objects.filter(**people).values_list(*COLUMNS))
    keys = sorted(stored.keys() | facts.keys())
    return [Difference(*key, stored.get(key), facts.get(key)) for key in keys if stored.get(key) != facts.get(key)]


def windows(district: District) -> list[SchoolDays]:
    """The days of every year that was summed up, or should have been."""
    ends = Completion.objects.filter(teacher__district=district).aggregate(Min("completed_on"), Max("completed_on"))
    days = [day for day in ends.values() if day]
    stored = {each.year: each for each in TrainingDays.objects.filter(district=district)}
    years = [*stored, *(year_of(day).start for day in days)]
    now = SchoolYear.objects.days_of(district.pk, min(years), max(years)) if years else []
    return [
        replace(days, starts_on=old.starts_on, ends_on=old.ends_on) if (old := stored.get(days.year.start)) else days
        for days in now
    ]


def keyed(rows: Iterable[tuple[Any, ...]]) -> dict[Key, Sums]:
    return {(teacher, year, category): (*sums,) for teacher, year, category, *sums in rows}
