"""A district of 25,000 teachers made in seconds: `INSERT … SELECT` from a table of numbers, on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from learning_plans.models import Completion, Course, CreditLine, Enrollment, Goal, Plan, PlanItem, Provider, Session
from learning_plans.sums import sum_up
from pd_tracker.access import Role
from teachers.models import (
    Assignment,
    District,
    Employment,
    Leave,
    Licence,
    Pairing,
    RoleGrant,
    RosterExtract,
    School,
    SchoolYear,
    SchoolYearProfile,
    Teacher,
    User,
)

BEGIN = date(2015, 7, 1)
YEARS = (2023, 2024, 2025)
TODAY = date(2026, 3, 1)
YEAR_BEGINS = date(2025, 7, 1)
SCHOOLS, COURSES, COACHES = 80, 200, 40
CATEGORIES = ("Literacy", "Mathematics", "Safety", "Inclusion", "Technology", "Leadership", "Language", "Wellbeing")


@dataclass(frozen=True, slots=True)
class BigDistrict:
    """Teachers 1 … `teachers`, their learning of three years, and somebody in HR who may see all of it."""

    district: District
    hr: User
    teachers: int
    completions: int


def big_district(teachers: int = 25_000, completions: int = 250_000) -> BigDistrict:
    """A few of the teachers left in the autumn of 2024; a quarter of the completions lie in the newest year."""
    numbers_and_days(max(completions, teachers * 4))
    district = District.objects.create(name="Big Valley", time_zone="UTC")
    places(district)
    people(district, teachers)
    catalogue(district)
    learning(teachers, completions)
    sum_up(Completion.objects.values_list("teacher", "completed_on"))
    plans(teachers)
    forget_counters()
    if connection.vendor == "postgresql":
        run("ANALYZE")  # the server does it by itself within a minute
    hr = User.objects.get(email="hr@big.example")
    hr.__dict__["today"] = TODAY
    return BigDistrict(district, hr, teachers, completions)


def numbers_and_days(most: int) -> None:
    """n = 1 … most, and 5,000 days with their afternoons and evenings."""
    run("CREATE TEMPORARY TABLE numbers (n integer PRIMARY KEY)")
    run(
        "INSERT INTO numbers WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < %s)"
        " SELECT n FROM up",
        [most],
    )
    moments = "afternoon timestamp with time zone, evening timestamp with time zone"
    run(f"CREATE TEMPORARY TABLE days (place integer PRIMARY KEY, day date, {moments})")
    days = [(place, (BEGIN + timedelta(days=place)).isoformat()) for place in range(5_000)]
    with connection.cursor() as cursor:
        rows = [(place, day, f"{day} 15:00:00", f"{day} 18:00:00") for place, day in days]
        cursor.executemany("INSERT INTO days VALUES (%s, %s, %s, %s)", rows)


def places(district: District) -> None:
    every = {"district_id": district.pk}
    fill(School, SCHOOLS, **every, school_id="1000 + n", name="'School & Yard ' || n", level=one_of(LEVELS), **OPENED)
    for year in YEARS:
        days = {"starts_on": date(year, 7, 1), "ends_on": date(year + 1, 6, 30), "census_on": date(year, 10, 1)}
        SchoolYear.objects.create(district=district, label=f"{year}-{(year + 1) % 100}", **days)
    newest = SchoolYear.objects.get(starts_on=YEAR_BEGINS).pk
    fill(SchoolYearProfile, SCHOOLS, school_id="n", school_year_id=newest, title_i="n % 2 = 0")
    RosterExtract.objects.create(district=district, as_of=TODAY, is_full=True)


def people(district: District, teachers: int) -> None:
    left = teachers // 50
    fill(User, COACHES, email="'coach' || n || '@big.example'", name="'Coach Number ' || n", is_active="TRUE")
    hr = User.objects.create(pk=COACHES + 1, email="hr@big.example", name="Ivy HR")
    RoleGrant.objects.create(user=hr, role=Role.HR.value, district=district, starts_on=BEGIN)
    fill(
        Teacher, teachers, district_id=district.pk, staff_id="'T' || (100000 + n)",
        given_name=f"{one_of(('Ana', 'Ben', 'Zoë', 'Dee', 'Eli'))} || ' ' || (n % 977)",
        family_name="'Family ' || (n % 7919)", email="'t' || n || '@big.example'", birth_year="1960 + n % 40",
    )  # fmt: skip
    spell = {"position": POSITION, "fte": "CASE n % 9 WHEN 0 THEN 0.5 ELSE 1 END", "teacher_id": "n"}
    started, ended = day("500 + n % 2500"), f"CASE WHEN n <= {left} THEN {day('3400')} END"
    fill(Employment, teachers, **spell, started_on=started, ended_on=ended)
    post = {"school_id": f"1 + n % {SCHOOLS}", "subject": one_of(("Math", "Art", "Reading")), "grades": "'K-5'"}
    fill(Assignment, teachers, **spell, **post, started_on=started, ended_on=ended)
    fill(
        Assignment, teachers // 10, start=teachers, **spell | {"teacher_id": "n * 9 - 8", "fte": "0.2"},
        **post | {"school_id": f"1 + (n + 1) % {SCHOOLS}"}, started_on=day("3000 + n % 500"),
    )  # fmt: skip
    fill(Leave, teachers // 50, teacher_id="n * 50", started_on=day("3700"), kind="'medical'", right_of_return="TRUE")
    licence = {"jurisdiction": "'WA'", "licence_type": "'Residency'", "number": "'L' || n"}
    fill(Licence, teachers, teacher_id="n", **licence, valid_from=day("n % 3000"), valid_until=day("3900 + n % 1000"))
    pair = {"coach_id": f"1 + n % {COACHES}", "teacher_id": "n * 3", "kind": "'coach'"}
    fill(Pairing, teachers // 3, **pair, started_on=day("3600"))


def catalogue(district: District) -> None:
    fill(Provider, 20, name="'Provider ' || n", kind="'partner'", is_partner="TRUE")
    fill(
        Course, COURSES, district_id=district.pk, code="'PD-' || n", title="'Course about subject ' || n",
        provider_id="1 + n % 20", activity_type="'workshop'", minutes=COURSE_MINUTES.format(course="n"),
        category=CATEGORY, evidence_tier="'strong'", state="'approved'", cost="n % 7 * 12.5",
    )  # fmt: skip
    fill(
        Session, COURSES * 10, course_id=f"1 + n % {COURSES}", section="n", starts_at=moment("3600 + n % 300"),
        ends_at=moment("3600 + n % 300", "evening"), time_zone="'UTC'", capacity="30", is_canceled="FALSE",
        seat_policy="'first_come'",
    )  # fmt: skip


def learning(teachers: int, completions: int) -> None:
    """Completions lie scattered over people and days, as they come in."""
    scattered = f"1 + (CAST(n AS bigint) * 7919) % {teachers}"
    first = date(YEARS[0], 7, 1)
    on = f"{(first - BEGIN).days} + (CAST(n AS bigint) * 104729) % {(TODAY - first).days}"
    fill(
        Completion, completions, teacher_id=scattered, course_id=f"1 + n % {COURSES}", completed_on=day(on),
        recorded_at=moment(on), recorded_by_id="1", minutes=COURSE_MINUTES.format(course=f"1 + n % {COURSES}"),
        category=CATEGORY, source="'hr'",
        state="CASE n % 23 WHEN 0 THEN 'pending' ELSE 'approved' END", external_key="'K' || n",
        approved_at=f"CASE n % 23 WHEN 0 THEN NULL ELSE {moment(on)} END",
        approved_by_id=f"CASE n % 23 WHEN 0 THEN NULL ELSE 1 + n % {COACHES} END",
    )  # fmt: skip
    line = {"unit": "'hour'", "category": CATEGORY}
    fill(CreditLine, completions, completion_id="n", **line, amount="(1 + n % 24) / 4.0")
    fill(
        CreditLine,
        completions // 10,
        start=completions,
        completion_id="n * 10",
        **line | {"unit": "'ceu'"},
        amount="0.2",
    )
    fill(
        Enrollment, teachers * 2, teacher_id=f"1 + n % {teachers}", state=one_of(("attended", "no_show", "registered")),
        session_id=f"1 + (n * 7 + n / {teachers}) % {COURSES * 10}", source="'self'", registered_at=moment("3550"),
    )  # fmt: skip


def plans(teachers: int) -> None:
    newest = SchoolYear.objects.get(starts_on=YEAR_BEGINS).pk
    planned = teachers - teachers // 10
    fill(
        Plan,
        planned,
        teacher_id=f"n + {teachers // 10}",
        school_year_id=newest,
        state="'active'",
        created_at=moment("3660"),
    )
    fill(Goal, planned, plan_id="n", title="'A goal'", place="0", set_by_id="1", created_at=moment("3660"))
    items = {"is_required": "n % 3 <> 0", "assigned_at": moment("3660"), "assigned_by_id": "1"}
    fill(
        PlanItem, planned * 3, plan_id=f"1 + n % {planned}", course_id=f"1 + (n + n / {planned}) % {COURSES}",
        due_on=day("3700 + n % 300"), **items,
    )  # fmt: skip
    fill(
        PlanItem, planned, start=planned * 3, plan_id="n", task="'Visit a colleague'", due_on=day("3700 + n % 300"),
        **items, task_done_on=f"CASE n % 2 WHEN 0 THEN {day('3800')} END",
    )  # fmt: skip


def one_of(words: Sequence[str]) -> str:
    cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(words))
    return f"CASE n % {len(words)} {cases} END"


def day(number: str) -> str:
    return moment(number, "day")


def moment(number: str, at: str = "afternoon") -> str:
    return f"(SELECT {at} FROM days WHERE place = {number})"


LEVELS = ("elementary", "middle", "high")
OPENED = {"opened_on": day("1")}
POSITION = "CASE n % 10 WHEN 0 THEN 'aide' ELSE 'classroom_teacher' END"
CATEGORY = one_of(CATEGORIES)
COURSE_MINUTES = "60 * (1 + ({course}) % 12)"


def fill(model: type[models.Model], count: int, *, start: int = 0, **expressions: Any) -> None:
    """Rows `start` + 1 … `start` + `count` of a model; an expression may use n = 1 … `count`."""
    columns = {model._meta.pk.attname: f"n + {start}"} | blanks(model) | expressions
    names = ", ".join(connection.ops.quote_name(model._meta.get_field(name).column) for name in columns)
    selected = ", ".join(map(str, columns.values()))
    run(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {selected} FROM numbers WHERE n <= {count}")


def blanks(model: type[models.Model]) -> Mapping[str, str]:
    """What a column that must hold something holds when nobody says what."""
    found = {}
    for field in model._meta.local_concrete_fields:
        if field.null or field.primary_key:
            continue
        if field.empty_strings_allowed:
            found[field.attname] = "''"
        elif isinstance(field, models.BooleanField):
            found[field.attname] = "FALSE"
        elif isinstance(field, models.DateTimeField):
            found[field.attname] = moment("3000")
        elif isinstance(field.default, int):
            found[field.attname] = str(field.default)
    return found


def forget_counters() -> None:
    """The next row that is added the usual way gets a number of its own."""
    filled = [model for model in models.Model.__subclasses__() if model.__module__.startswith(("teachers", "learning"))]
    for statement in connection.ops.sequence_reset_sql(no_style(), filled):
        run(statement)


def run(statement: str, parameters: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
