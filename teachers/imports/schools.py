"""Schools, and what is true of them in one school year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.imports.fields import Field, choice, day, integer, percent, school_year, text, yes_no
from pd_tracker.imports.importer import Asked, Importer
from pd_tracker.imports.plan import Edit, Plan, Verb, edits_between
from pd_tracker.imports.records import Difference, Ledger, Writer
from pd_tracker.imports.rows import Line
from teachers.imports.district import DistrictPlanner, same_as, unlike
from teachers.models import School, SchoolYearProfile
from teachers.models.choices import SchoolLevelName
from teachers.rules.choices import SchoolLevel
from teachers.rules.periods import Year

OWN = ("name", "level", "grade_low", "grade_high", "opened_on", "closed_on")
OF_A_YEAR = ("title_i", "frpm_percent", "enrollment")
MAY_BE_BLANK = ("level", "grade_low", "grade_high")
SHARE, PERCENT_PLACES = Decimal(1), Decimal("0.01")

NO_PROFILE = Difference(is_new=False, edits=())

LEVELS = {
    "elem": SchoolLevel.ELEMENTARY,
    "elementary school": SchoolLevel.ELEMENTARY,
    "primary": SchoolLevel.ELEMENTARY,
    "middle school": SchoolLevel.MIDDLE,
    "junior high": SchoolLevel.MIDDLE,
    "jr high": SchoolLevel.MIDDLE,
    "intermediate": SchoolLevel.MIDDLE,
    "high school": SchoolLevel.HIGH,
    "senior high": SchoolLevel.HIGH,
    "secondary": SchoolLevel.HIGH,
    "k-8": SchoolLevel.COMBINED,
    "k-12": SchoolLevel.COMBINED,
}


class SchoolsPlanner(DistrictPlanner):
    def __init__(self, plan: Plan, asked: Asked) -> None:
        super().__init__(plan, asked)
        self.schools = Ledger(School, key=("school_id",), fields=(*OWN, "successor__school_id"))
        self.schools.load(School.objects.filter(district=self.district))
        self.profiles = Ledger(
            SchoolYearProfile, key=("school__school_id", "school_year__label"), fields=OF_A_YEAR
        ).load(SchoolYearProfile.objects.filter(school__district=self.district))
        self.successors: dict[str, str | None] = {}
        self.first_rows: dict[str, Line] = {}
        self.year_rows: dict[tuple[str, int | None], Line] = {}

    def read(self, lines: Iterator[Line]) -> None:
        found = list(lines)  # a district's schools are few, and may follow each other in any order
        self.read_shares_as_percent(found)
        ids = {line["school_id"] for line in found} | {key[0] for key in self.schools.stored}
        for line in found:
            if self.is_sound(line, ids):
                self.take(line)

    def read_shares_as_percent(self, lines: list[Line]) -> None:
        """A column formatted as per cent holds shares of one; whether it does is settled by the whole column."""
        shares = [line["frpm_percent"] for line in lines if line["frpm_percent"] is not None]
        times = 100 if any(shares) and max(shares) <= SHARE else 1
        for line in lines:
            if line["frpm_percent"] is not None:
                line["frpm_percent"] = (line["frpm_percent"] * times).quantize(PERCENT_PLACES, rounding=ROUND_HALF_UP)
        if times > 1:
            self.plan.note(None, "frpm_percent", _("no value is above 1, so 0.615 was read as 61.5 percent"))

    # --- One row ------------------------------------------------------------------------------------------------

    def is_sound(self, line: Line, ids: set[str]) -> bool:
        problems = [
            (field, words)
            for field, words in (
                ("closed_on", self.wrong_days(line)),
                ("successor_school_id", self.wrong_successor(line, ids)),
                ("school_year", self.missing_year(line)),
                *self.contradictions(line),
            )
            if words
        ]
        for field, words in problems:
            self.plan.reject(line.row, field, words)
        return not problems

    def wrong_days(self, line: Line) -> str:
        opened, closed = line["opened_on"], line["closed_on"]
        return _("a school cannot close before it opens") if opened and closed and closed < opened else ""

    def wrong_successor(self, line: Line, ids: set[str]) -> str:
        successor = line["successor_school_id"]
        if successor == line["school_id"]:
            return _("a school cannot follow itself")
        if successor and successor not in ids:
            words = _("there is no school %(school_id)s here or in this file; add it or correct the id")
            return words % {"school_id": successor}
        return ""

    def missing_year(self, line: Line) -> str:
        if line["school_year"] is None and line.filled(*OF_A_YEAR):
            return _("say which school year title_i, frpm_percent and enrollment belong to")
        return ""

    def contradictions(self, line: Line) -> Iterator[tuple[str, Any]]:
        first = self.first_rows.setdefault(line["school_id"], line)
        for key in (*OWN, "successor_school_id"):
            if line[key] != first[key]:
                yield key, unlike(first.row, first[key])
        earlier = self.year_rows.setdefault((line["school_id"], line["school_year"]), line)
        for key in OF_A_YEAR:
            if line[key] != earlier[key]:
                yield key, unlike(earlier.row, earlier[key])

    # --- What it changes ----------------------------------------------------------------------------------------

    def take(self, line: Line) -> None:
        earlier = self.year_rows[line["school_id"], line["school_year"]]
        if earlier is not line:
            self.plan.note(line.row, None, same_as(earlier.row))
        values = {key: value or "" if key in MAY_BE_BLANK else value for key, value in line.given(*OWN).items()}
        own = self.schools.put((line["school_id"],), values)
        edits = [*own.edits, *self.follow(line), *(of_year := self.profile(line)).edits]
        verb = Verb.CREATED if own.is_new or of_year.is_new else Verb.UPDATED if edits else Verb.UNCHANGED
        self.plan.settle(line.row, verb, line["name"], edits)

    def follow(self, line: Line) -> tuple[Edit, ...]:
        if "successor_school_id" not in line:
            return ()
        school_id, successor = line["school_id"], line["successor_school_id"]
        stored = self.schools.stored.get((school_id,))
        before = self.successors.get(school_id, stored.values["successor__school_id"] if stored else None)
        edits = edits_between({"successor_school_id": before}, {"successor_school_id": successor})
        if edits:
            self.successors[school_id] = successor
        return edits

    def profile(self, line: Line) -> Difference:
        year = line["school_year"]
        key = (line["school_id"], Year(year).label if year else "")
        if not line.filled(*OF_A_YEAR) and key not in self.profiles:
            return NO_PROFILE
        self.need_years([Year(year)])
        return self.profiles.put(key, line.given(*OF_A_YEAR))

    # --- Writing ------------------------------------------------------------------------------------------------

    def write(self, writer: Writer) -> None:
        district = self.begin_writing(writer)
        schools, years = self.schools, self.years
        schools.write(writer, lambda key: {"district_id": district.pk, "school_id": key[0]})
        writer.update(
            School, {schools.pk((school_id,)): self.successor(code) for school_id, code in self.successors.items()}
        )
        self.profiles.write(
            writer, lambda key: {"school_id": schools.pk((key[0],)), "school_year_id": years.pk((key[1],))}
        )

    def successor(self, school_id: str | None) -> Mapping[str, int | None]:
        return {"successor_id": self.schools.pk((school_id,)) if school_id else None}


IMPORTER = Importer(
    kind="schools",
    title=gettext_lazy("Schools"),
    words=gettext_lazy("One row for each school, or for each school and school year."),
    planner=SchoolsPlanner,
    fields=(
        Field(
            "school_id",
            gettext_lazy("School id"),
            text(30),
            required=True,
            help=gettext_lazy("The district's or the state's id. Keep leading zeros by formatting the column as text."),
            example="0123",
            also=("school_code", "school_number", "site_id", "site_code", "building_id", "campus_id", "location_code"),
        ),
        Field(
            "name",
            gettext_lazy("Name"),
            text(200),
            required=True,
            example="Cedar Elementary School",
            also=("school_name", "site_name", "building_name", "campus_name"),
        ),
        Field(
            "level",
            gettext_lazy("Level"),
            choice(SchoolLevelName, LEVELS),
            help=gettext_lazy("elementary, middle, high, combined or other."),
            example="elementary",
            also=("school_level", "school_type"),
        ),
        Field("grade_low", gettext_lazy("Lowest grade"), text(10), example="K", also=("low_grade", "lowest_grade")),
        Field("grade_high", gettext_lazy("Highest grade"), text(10), example="5", also=("high_grade", "highest_grade")),
        Field("opened_on", gettext_lazy("Opened"), day, example="1998-08-24", also=("open_date", "opened")),
        Field(
            "closed_on",
            gettext_lazy("Last day"),
            day,
            help=gettext_lazy("Empty while the school is open."),
            also=("close_date", "closed", "closed_date"),
        ),
        Field(
            "successor_school_id",
            gettext_lazy("School id of the successor"),
            text(30),
            help=gettext_lazy(
                "The school that took over, where this one was closed or merged. It may be in the same file."
            ),
            also=("successor", "merged_into"),
        ),
        Field(
            "school_year",
            gettext_lazy("School year"),
            school_year,
            help=gettext_lazy("Needed where title_i, frpm_percent or enrollment is filled: they belong to one year."),
            example="2025-26",
            also=("academic_year", "year"),
        ),
        Field(
            "title_i",
            gettext_lazy("Title I"),
            yes_no,
            help=gettext_lazy("yes or no."),
            example="yes",
            also=("title_1",),
        ),
        Field(
            "frpm_percent",
            gettext_lazy("Free or reduced-price meals, percent"),
            percent,
            help=gettext_lazy("From 0 to 100."),
            example=61.5,
            also=("frpm", "free_reduced_percent", "frl_percent"),
        ),
        Field(
            "enrollment",
            gettext_lazy("Enrollment"),
            integer(),
            help=gettext_lazy("Students of that school year."),
            example=420,
            also=("total_enrollment", "students"),
        ),
    ),
)
