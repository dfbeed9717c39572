"""What people completed, with the credit it brought. A fact is added or corrected by a file, never taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.models import Completion, Course, CreditLine
from learning_plans.models.choices import CompletionSourceName, UnitName
from learning_plans.rules.choices import CompletionSource, CompletionState, Unit
from learning_plans.sums import Dated, add_up, sum_up
from pd_tracker.imports.fields import Field, choice, day, decimal, hours_as_minutes, integer, text
from pd_tracker.imports.importer import Asked, Importer
from pd_tracker.imports.plan import Edit, Plan, Verb
from pd_tracker.imports.records import Difference, Key, Ledger, Stored, Writer
from pd_tracker.imports.rows import Line
from teachers.imports.district import ByStaffId, RowPlanner, among, by_person, same_as, spells_by_teacher, unlike
from teachers.models import Employment, Teacher

MINUTES_OF_A_DAY = 24 * 60
PLACES = Decimal("0.001")
HOUR = Unit.HOUR.value
PENDING, APPROVED, VOIDED = (
    state.value for state in (CompletionState.PENDING, CompletionState.APPROVED, CompletionState.VOIDED)
)
IMPORTED = CompletionSource.IMPORT.value
FIELDS = ("completed_on", "course_id", "minutes", "category", "fund", "source", "state")
NOTHING = Difference(is_new=False, edits=())

UNITS: dict[str, str] = {
    "hours": Unit.HOUR,
    "hr": Unit.HOUR,
    "hrs": Unit.HOUR,
    "clock hour": Unit.HOUR,
    "clock hours": Unit.HOUR,
    "contact hours": Unit.HOUR,
    "semester credits": Unit.SEMESTER_CREDIT,
    "semester hours": Unit.SEMESTER_CREDIT,
    "quarter credits": Unit.QUARTER_CREDIT,
    "CEUs": Unit.CEU,
    "continuing education units": Unit.CEU,
    "points": Unit.POINT,
    "PDP": Unit.POINT,
    "PDPs": Unit.POINT,
}


class Known(NamedTuple):
    """What a completion takes from its course."""

    code: str
    pk: int
    category: str
    minutes: int


class CompletionsPlanner(RowPlanner):
    def __init__(self, plan: Plan, asked: Asked) -> None:
        super().__init__(plan, asked)
        self.people = ByStaffId(self.district)
        courses = Course.objects.filter(district=self.district).values_list("code", "pk", "category", "minutes")
        found = [Known(*values) for values in courses]
        self.courses = {course.code.casefold(): course for course in found}
        self.code_of = {str(course.pk): course.code for course in found}
        spells = Employment.objects.filter(teacher__district=self.district)
        self.spells = spells_by_teacher(spells.values_list("teacher_id", "started_on", "ended_on"))
        own = Teacher.objects.filter(user__isnull=False, user=asked.actor.pk)
        self.own_ids = set(own.values_list("pk", flat=True))
        self.completions = Ledger(Completion, key=(), fields=FIELDS)
        self.credit = Ledger(CreditLine, key=(), fields=("amount", "category"))
        self.changed: set[Dated] = set()
        self.seen: dict[Key, Line] = {}
        self.seen_units: dict[tuple[Key, str | None], Line] = {}

    def read(self, lines: Iterator[Line]) -> None:
        for part in by_person(lines, self.people):
            sound = [line for line in part if self.is_sound(line)]
            if sound:
                self.look_up(sound)
            for line in sound:
                self.take(line)
            self.completions.forget()
            self.credit.forget()
            self.seen.clear()
            self.seen_units.clear()

    # --- One row ------------------------------------------------------------------------------------------------

    def problems(self, line: Line) -> Iterator[tuple[str, object]]:
        if self.people.get(line["staff_id"]) is None:
            yield "staff_id", self.people.unknown(line["staff_id"])
        if line["course_code"].casefold() not in self.courses:
            yield "course_code", _("there is no course %(course_code)s; load the courses first") % line
        if line["completed_on"] > self.options.today:
            yield "completed_on", _("this day has not come yet")
        if line["hours"] is None and line["minutes"] is None:
            yield "minutes", _("say how long it took, in hours or in minutes")
        elif None not in (line["hours"], line["minutes"]) and line["hours"] != line["minutes"]:
            yield "minutes", _("hours and minutes do not agree; leave one of them empty")
        if line["unit"] not in (None, HOUR) and line["amount"] is None:
            yield "amount", _("say how many of this unit")

    def look_up(self, lines: list[Line]) -> None:
        """What is stored of the people in these rows: on these days, or under these keys."""
        stored: dict[int, Key] = {}
        rows = Completion.objects.filter(matching(lines, self.people)).order_by("pk")
        for pk, teacher_id, external_key, *values in rows.values_list("pk", "teacher_id", "external_key", *FIELDS):
            fields = dict(zip(FIELDS, values, strict=True))
            identity = named(teacher_id, external_key, fields["course_id"], fields["completed_on"])
            if fields["state"] == VOIDED and identity in self.completions.stored:
                continue  # recorded anew after it was voided: the living one is meant
            self.completions.stored[identity] = Stored(pk, fields)
            stored[pk] = identity
        credit = CreditLine.objects.filter(among("completion", stored)) if stored else CreditLine.objects.none()
        for pk, completion_id, unit, amount, category in credit.values_list(
            "pk", "completion_id", "unit", "amount", "category"
        ):
            if completion_id in stored:
                self.credit.stored[stored[completion_id], unit] = Stored(pk, {"amount": amount, "category": category})

    def take(self, line: Line) -> None:
        course = self.courses[line["course_code"].casefold()]
        teacher_id = self.people.pks[line["staff_id"]]
        key = named(teacher_id, line["external_key"] or "", course.pk, line["completed_on"])
        stored = self.completions.stored.get(key)
        values = self.values(line, course, key)
        if self.is_contradicted(line, key):
            return
        subject = f"{line['staff_id']} {line['course_code']} {line['completed_on']}"
        if stored and stored.values["state"] == VOIDED:
            self.plan.note(line.row, None, _("this completion was voided here and stays so"))
            self.plan.settle(line.row, Verb.UNCHANGED, subject)
            return
        difference = self.completions.put(key, values)
        if difference and stored:
            self.changed |= {(teacher_id, line["completed_on"]), (teacher_id, stored.values["completed_on"])}
        credit = self.give_credit(line, key)
        if teacher_id in self.own_ids and stored and (difference or credit):
            self.plan.reject(line.row, "staff_id", _("nobody changes their own hours; ask somebody else in HR"))
            return
        self.remark(line, teacher_id, course, is_new=difference.is_new)
        self.settle(line, subject, difference, credit, is_added=key in self.completions.added)

    def settle(self, line: Line, subject: str, own: Difference, credit: Difference, *, is_added: bool) -> None:
        verb = Verb.UNCHANGED
        if own or credit:
            verb = Verb.CREATED if is_added else Verb.UPDATED
        self.plan.settle(line.row, verb, subject, self.edits(own, credit))

    def edits(self, own: Difference, credit: Difference) -> Iterator[Edit]:
        yield from (named_course(edit, self.code_of) for edit in own.edits if edit.field != "state")
        yield from (edit for edit in credit.edits if edit.field == "amount")

    def values(self, line: Line, course: Known, key: Key) -> dict[str, Any]:
        values = {"completed_on": line["completed_on"], "course_id": course.pk, "minutes": minutes_of(line)}
        if "fund" in line:
            values["fund"] = line["fund"] or ""
        if key in self.completions:
            return values | line.filled("category", "source")
        values["category"] = line["category"] or course.category
        values["source"] = line["source"] or IMPORTED
        values["state"] = PENDING if key[0] in self.own_ids else APPROVED
        return values

    def is_contradicted(self, line: Line, key: Key) -> bool:
        """Rows for one completion may add credit in another unit; all else they say must agree."""
        first = self.seen.setdefault(key, line)
        if first is line:
            return False
        of_unit = first if first["unit"] == line["unit"] else self.seen_units.setdefault((key, line["unit"]), line)
        if said_by(first) != said_by(line) or of_unit["amount"] != line["amount"]:
            self.plan.reject(line.row, None, unlike(first.row))
            return True
        if of_unit is not line:
            self.plan.note(line.row, None, same_as(first.row))
        return False

    def give_credit(self, line: Line, key: Key) -> Difference:
        """Credit as the row says; where it says nothing, the hours it took."""
        unit, amount = line["unit"] or HOUR, line["amount"]
        says_nothing = line["unit"] is None and amount is None
        if says_nothing and key not in self.completions.added and (key, unit) not in self.credit:
            return NOTHING  # recorded without credit, and the file does not speak of any
        completion = self.completions.current(key) or {}
        if amount is None:
            amount = hours_of(completion["minutes"])
        return self.credit.put((key, unit), {"amount": amount, "category": completion["category"]})

    def remark(self, line: Line, teacher_id: int, course: Known, *, is_new: bool) -> None:
        day = line["completed_on"]
        if minutes_of(line) > max(MINUTES_OF_A_DAY, course.minutes):
            self.plan.note(line.row, "minutes", _("this is more than a whole day, and longer than the course"))
        if not any(start <= day and (end is None or day <= end) for start, end in self.spells.get(teacher_id, ())):
            words = _("%(staff_id)s was not employed on %(completed_on)s; it is kept all the same")
            self.plan.note(line.row, "completed_on", words % line)
        if is_new and teacher_id in self.own_ids:
            self.plan.note(line.row, "staff_id", _("these are your own hours; they wait for somebody else's approval"))

    # --- Writing ------------------------------------------------------------------------------------------------

    def write(self, writer: Writer) -> None:
        by, at = writer.note.user_id, writer.at
        recorded = {"recorded_at": at, "recorded_by_id": by}
        approved = recorded | {"approved_at": at, "approved_by_id": by}

        def identity(key: Key) -> dict[str, Any]:
            signed = recorded if key[0] in self.own_ids else approved
            return {"teacher_id": key[0], "external_key": key[1], **signed}

        self.completions.write(writer, identity)
        added = self.completions.added.items()
        add_up({self.completions.pk(key): (key[0], values["completed_on"]) for key, values in added})
        sum_up(self.changed)
        self.credit.write(writer, lambda key: {"completion_id": self.completions.pk(key[0]), "unit": key[1]})


def minutes_of(line: Line) -> int:
    minutes: int = line["hours"] if line["minutes"] is None else line["minutes"]
    return minutes


def said_by(line: Line) -> tuple[Any, ...]:
    return minutes_of(line), *(line[name] for name in ("completed_on", "course_code", "category", "fund", "source"))


@cache
def hours_of(minutes: int) -> Decimal:
    return (Decimal(minutes) / 60).quantize(PLACES, rounding=ROUND_HALF_UP)


def named(teacher_id: int, external_key: str, course_id: int, completed_on: date) -> Key:
    """What makes two completions the same: the key of the system they come from, or person, course and day."""
    return (teacher_id, external_key) if external_key else (teacher_id, "", course_id, completed_on)


def matching(lines: list[Line], people: ByStaffId) -> Q:
    days = [line["completed_on"] for line in lines]
    keys = {line["external_key"] for line in lines if line["external_key"]}
    found = Q(completed_on__range=(min(days), max(days)))
    if keys:
        found |= Q(external_key__in=keys)
    return found & among("teacher", {people.pks[line["staff_id"]] for line in lines})


def named_course(edit: Edit, codes: Mapping[str, str]) -> Edit:
    if edit.field != "course_id":
        return edit
    return Edit("course_code", codes.get(edit.old, ""), codes.get(edit.new, ""))


IMPORTER = Importer(
    kind="completions",
    title=gettext_lazy("Completions"),
    words=gettext_lazy("One row for each course that somebody completed."),
    planner=CompletionsPlanner,
    fields=(
        Field(
            "staff_id",
            gettext_lazy("Staff id"),
            text(40),
            required=True,
            example="004217",
            also=("employee_id", "employee_number", "teacher_id", "staff_number"),
        ),
        Field(
            "course_code",
            gettext_lazy("Course code"),
            text(60),
            required=True,
            help=gettext_lazy("As in the file of courses, which is loaded first."),
            example="PD-101",
            also=("course", "code", "course_id", "course_number", "activity_id"),
        ),
        Field(
            "completed_on",
            gettext_lazy("Completed on"),
            day,
            required=True,
            example="2025-10-06",
            also=("completion_date", "date_completed", "date", "completed"),
        ),
        Field(
            "hours",
            gettext_lazy("Hours"),
            hours_as_minutes,
            help=gettext_lazy("How long it took: 6, 1.5 or 1:30. Fill hours or minutes; if both, they must agree."),
            example=6,
            also=("pd_hours", "credit_hours", "clock_hours"),
        ),
        Field("minutes", gettext_lazy("Minutes"), integer(high=600_000), also=("duration_minutes",)),
        Field(
            "category",
            gettext_lazy("Category"),
            text(60),
            help=gettext_lazy("Empty means the course's."),
            also=("credit_category", "credit_type"),
        ),
        Field(
            "amount",
            gettext_lazy("Credit"),
            decimal(places=3, low=0, high=9_999),
            help=gettext_lazy("Credit in the unit beside it. Empty means the hours it took."),
            also=("credit", "credits", "points", "ceus"),
        ),
        Field(
            "unit",
            gettext_lazy("Unit of credit"),
            choice(UnitName, UNITS),
            help=gettext_lazy("hour, semester credit, quarter credit, CEU or point. Empty means hours."),
            also=("credit_unit",),
        ),
        Field(
            "fund",
            gettext_lazy("Fund"),
            text(60),
            example="Title II-A",
            also=("funding_source", "fund_code"),
        ),
        Field(
            "source",
            gettext_lazy("Source"),
            choice(CompletionSourceName),
            help=gettext_lazy("session, external, import, hr or micro-credential. Empty means import."),
        ),
        Field(
            "external_key",
            gettext_lazy("Key in the source system"),
            text(200),
            help=gettext_lazy("Tells two completions of a course on one day apart, and finds a corrected one again."),
            example="FL-88213",
            also=("transcript_id", "record_id", "external_id", "source_id"),
        ),
    ),
)
