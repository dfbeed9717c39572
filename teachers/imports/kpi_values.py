"""Figures of classrooms, teachers, schools and the district."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.imports.fields import (
    Conventions,
    Field,
    between,
    choice,
    decimal,
    folded,
    integer,
    number,
    school_year,
    text,
)
from pd_tracker.imports.importer import Asked, Importer
from pd_tracker.imports.plan import Plan, Verb
from pd_tracker.imports.records import Key, Ledger, Writer
from pd_tracker.imports.rows import Line
from pd_tracker.sheets.reading import Cell
from teachers.imports.district import ByStaffId, DistrictPlanner, among, by_person, same_as, schools_by_id, unlike
from teachers.models import Kpi, KpiValue
from teachers.models.choices import KpiLevelName, TermName
from teachers.rules.choices import KpiLevel, Term
from teachers.rules.periods import Year

HIDDEN_WORDS = {"s", "sup", "supp", "suppressed", "hidden", "masked", "redacted", "ds", "nr"}
HIDDEN_MARKS = re.compile(r"[*†‡]+|(n\s*)?[<>≤≥]\s*=?\s*\d+(\.\d+)?\s*%?")
PLACES, LARGEST = Decimal("0.000001"), 10_000_000
EVERYBODY = {"all", "allstudents", "everybody", "total"}
ALL = "all"
OF_A_PERSON = (KpiLevel.CLASSROOM.value, KpiLevel.TEACHER.value)
OWN = ("value", "n", "sd", "suppressed_at_source")
KEY = (
    "kpi_id",
    "school_year__label",
    "term",
    "level",
    "teacher_id",
    "school_id",
    "section",
    "subject",
    "grades",
    "student_group",
)


class Hidden(Enum):
    """The source has a value and does not tell it: neither 0 nor missing."""

    AT_SOURCE = "suppressed"


def figure(cell: Cell, conventions: Conventions) -> Decimal | Hidden:
    if isinstance(cell, str) and (folded(cell) in HIDDEN_WORDS or HIDDEN_MARKS.fullmatch(cell.strip())):
        return Hidden.AT_SOURCE
    value = number(cell.rstrip("% ") if isinstance(cell, str) else cell)
    between(value, -LARGEST, LARGEST)
    return value.quantize(PLACES)


class KpiValuesPlanner(DistrictPlanner):
    def __init__(self, plan: Plan, asked: Asked) -> None:
        super().__init__(plan, asked)
        self.people = ByStaffId(self.district)
        self.schools = schools_by_id(self.district)
        self.kpis = {kpi.code: kpi for kpi in Kpi.objects.all()}
        self.values = Ledger(KpiValue, key=KEY, fields=OWN)
        self.seen: dict[Key, tuple[int, dict[str, Any]]] = {}
        self.highest: dict[str, Decimal] = {}

    def read(self, lines: Iterator[Line]) -> None:
        for part in by_person(lines, self.people):
            keyed = [(line, key) for line in part if (key := self.key_of(line)) is not None]
            self.values.load(self.stored([key for _line, key in keyed]))
            for line, key in keyed:
                self.take(line, key)
            self.values.forget()
            self.seen.clear()
        for code, highest in self.highest.items():
            if self.kpis[code].unit == "percent" and 0 < highest <= 1:
                words = _("no value of %(kpi)s is above 1 percent; if they are shares, multiply them by 100")
                self.plan.note(None, "value", words % {"kpi": code})

    def stored(self, keys: list[Key]) -> Any:
        rows = KpiValue.objects.filter(
            district=self.district, kpi__in={key[0] for key in keys}, school_year__label__in={key[1] for key in keys}
        )
        teachers = {key[4] for key in keys} - {None}
        of_nobody = Q(teacher=None) if any(key[4] is None for key in keys) else Q(pk__in=())
        return rows.filter(among("teacher", teachers) | of_nobody if teachers else of_nobody)

    def key_of(self, line: Line) -> Key | None:
        problems = dict(self.problems(line))
        for field, words in problems.items():
            self.plan.reject(line.row, field, words)
        if problems:
            return None
        return (
            self.kpis[folded_code(line["kpi"])].pk,
            Year(line["school_year"]).label,
            line["term"] or Term.YEAR.value,
            line["level"],
            self.people.get(line["staff_id"]) if line["staff_id"] else None,
            self.schools[line["school_id"]] if line["school_id"] else None,
            line["section"] or "",
            line["subject"] or "",
            line["grades"] or "",
            student_group(line["student_group"]),
        )

    def problems(self, line: Line) -> Iterator[tuple[str, object]]:
        kpi, level, staff_id, school_id = folded_code(line["kpi"]), line["level"], line["staff_id"], line["school_id"]
        if kpi not in self.kpis:
            known = {"kpi": line["kpi"], "known": ", ".join(self.kpis)}
            yield "kpi", _("there is no KPI “%(kpi)s”; use one of: %(known)s") % known
        elif self.kpis[kpi].unit == "percent" and isinstance(line["value"], Decimal) and not 0 <= line["value"] <= 100:
            yield "value", _("a percentage lies between 0 and 100")
        if level in OF_A_PERSON and not staff_id:
            yield "staff_id", _("a figure of a classroom or a teacher needs the teacher's id")
        if level not in OF_A_PERSON and staff_id:
            yield "staff_id", _("a figure of a school or the district belongs to no teacher; leave this empty")
        if level == KpiLevel.SCHOOL.value and not school_id:
            yield "school_id", _("a figure of a school needs the school's id")
        if level == KpiLevel.DISTRICT.value and school_id:
            yield "school_id", _("a figure of the district belongs to no school; leave this empty")
        if staff_id and self.people.get(staff_id) is None:
            yield "staff_id", self.people.unknown(staff_id)
        if school_id and school_id not in self.schools:
            words = _("there is no school %(school_id)s; load the schools first, or correct the id")
            yield "school_id", words % {"school_id": school_id}

    def take(self, line: Line, key: Key) -> None:
        subject = " ".join(str(part) for part in (line["kpi"], key[1], line["staff_id"] or line["school_id"]) if part)
        if line["value"] is None:
            self.plan.note(line.row, "value", _("there is no value here, so nothing is recorded"))
            self.plan.settle(line.row, Verb.UNCHANGED, subject)
            return
        values = own_values(line)
        row, earlier = self.seen.setdefault(key, (line.row, values))
        if row != line.row and earlier != values:
            self.plan.reject(line.row, None, unlike(row))
            return
        if row != line.row:
            self.plan.note(line.row, None, same_as(row))
        if values["value"] is not None:
            code = folded_code(line["kpi"])
            self.highest[code] = max(self.highest.get(code, values["value"]), values["value"])
        self.need_years([Year(line["school_year"])])
        difference = self.values.put(key, values)
        verb = Verb.CREATED if difference.is_new else Verb.UPDATED if difference else Verb.UNCHANGED
        self.plan.settle(line.row, verb, subject, difference.edits)

    def write(self, writer: Writer) -> None:
        district = self.begin_writing(writer)

        def identity(key: Key) -> dict[str, Any]:
            columns = dict(zip(KEY, key, strict=True))
            year = self.years.pk((columns.pop("school_year__label"),))
            return columns | {"district_id": district.pk, "school_year_id": year}

        self.values.write(writer, identity)


def folded_code(code: str) -> str:
    return code.casefold().replace(" ", "_").replace("-", "_")


def student_group(words: str | None) -> str:
    return ALL if words is None or folded(words) in EVERYBODY else words


def own_values(line: Line) -> dict[str, Any]:
    is_hidden = line["value"] is Hidden.AT_SOURCE
    values = {"value": None if is_hidden else line["value"], "suppressed_at_source": is_hidden}
    return values | line.given("n", "sd")


IMPORTER = Importer(
    kind="kpi_values",
    title=gettext_lazy("KPI values"),
    words=gettext_lazy("One row for each figure of a classroom, teacher, school or the district."),
    planner=KpiValuesPlanner,
    fields=(
        Field(
            "kpi",
            gettext_lazy("KPI"),
            text(40),
            required=True,
            help=gettext_lazy("The code of the KPI, such as growth, attendance or proficiency."),
            example="growth",
            also=("measure", "indicator", "metric"),
        ),
        Field(
            "school_year",
            gettext_lazy("School year"),
            school_year,
            required=True,
            example="2025-26",
            also=("academic_year", "year"),
        ),
        Field(
            "term",
            gettext_lazy("Term"),
            choice(TermName, {"full year": Term.YEAR, "annual": Term.YEAR, "autumn": Term.FALL}),
            help=gettext_lazy("year, fall, winter or spring. Empty means the whole year."),
            example="year",
        ),
        Field(
            "level",
            gettext_lazy("Level"),
            choice(KpiLevelName, {"class": KpiLevel.CLASSROOM}),
            required=True,
            help=gettext_lazy("classroom, teacher, school or district."),
            example="classroom",
        ),
        Field(
            "staff_id",
            gettext_lazy("Staff id"),
            text(40),
            help=gettext_lazy("Needed for a classroom or a teacher; empty otherwise."),
            example="004217",
            also=("employee_id", "teacher_id"),
        ),
        Field(
            "school_id",
            gettext_lazy("School id"),
            text(30),
            help=gettext_lazy("Needed for a school; empty for the district."),
            example="0123",
            also=("school_code", "site_id"),
        ),
        Field("section", gettext_lazy("Section"), text(60), example="3A", also=("class", "class_id")),
        Field("subject", gettext_lazy("Subject"), text(80), example="Mathematics"),
        Field("grades", gettext_lazy("Grades"), text(40), example="3", also=("grade", "grade_level")),
        Field(
            "student_group",
            gettext_lazy("Student group"),
            text(60),
            help=gettext_lazy("all, or the code of a group. Empty means all."),
            example="all",
            also=("subgroup", "student_subgroup"),
        ),
        Field(
            "value",
            gettext_lazy("Value"),
            figure,
            needs_column=True,
            help=gettext_lazy("A number. Where the source hides it, keep its mark: *, <10 or suppressed."),
            example=52.4,
            also=("score", "result"),
        ),
        Field(
            "n",
            gettext_lazy("Students"),
            integer(),
            help=gettext_lazy("How many students the figure is about."),
            example=24,
            also=("students", "count", "student_count", "n_students"),
        ),
        Field(
            "sd",
            gettext_lazy("Spread of students (SD)"),
            decimal(places=6, low=0),
            example=8.1,
            also=("standard_deviation", "std_dev"),
        ),
    ),
)
