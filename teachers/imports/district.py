"""What every import into a district shares: which district, its people and places by their ids, its school years."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from pd_tracker.access import Capability
from pd_tracker.imports.importer import Asked
from pd_tracker.imports.plan import Plan, in_words
from pd_tracker.imports.records import Ledger, Writer
from pd_tracker.imports.rows import Line
from teachers.models import District, MergedTeacher, School, SchoolYear, Teacher
from teachers.rules.periods import Year

FIRST_DISTRICT = "My district"
PART = 5_000  # rows that are looked up together
THICK = 4  # times as many keys may lie in a span as are meant


class DistrictPlanner:
    """The common ground of planners; what they look up lies in one district."""

    def __init__(self, plan: Plan, asked: Asked) -> None:
        self.plan, self.options, self.actor = plan, asked.options, asked.actor
        self.district = self.find_district(will_write=asked.will_write)
        self.years = Ledger(SchoolYear, key=("label",), fields=("starts_on", "ends_on", "census_on"))
        self.years.load(SchoolYear.objects.filter(district=self.district))

    def find_district(self, *, will_write: bool) -> District | None:
        """The one district somebody may load; none yet where the database is new. Writers wait for each other here."""
        reach = self.actor.reach(Capability.IMPORTS_RUN)
        found = District.objects.order_by("pk")
        if will_write:
            found = found.select_for_update()
        if not reach.everything:
            found = found.filter(pk__in=reach.district_ids)
        if self.options.district:
            found = found.filter(name__iexact=self.options.district)
        districts = list(found[:2])
        if len(districts) > 1:
            self.plan.refuse(None, _("There is more than one district here. Say which one the file is for."))
        if not districts and (self.options.district or not reach.everything):
            self.plan.refuse(None, _("There is no such district, or your roles do not let you load files into it."))
        return districts[0] if districts else None

    def need_years(self, years: Iterable[Year]) -> None:
        for year in sorted(years):
            if (year.label,) not in self.years:
                days = {"starts_on": year.starts_on, "ends_on": year.ends_on, "census_on": year.census_on}
                self.years.put((year.label,), days)

    def begin_writing(self, writer: Writer) -> District:
        """The district and the school years, which everything else hangs on."""
        if self.district is None:
            (pk,) = writer.create(District, [{"name": FIRST_DISTRICT}])
            self.district = District.objects.get(pk=pk)
        district_id = self.district.pk
        self.years.write(writer, lambda key: {"district_id": district_id, "label": key[0]})
        return self.district


class RowPlanner(DistrictPlanner):
    """Planners whose rows can be told sound or not one by one, before anything is looked up for them."""

    def is_sound(self, line: Line) -> bool:
        """Whether nothing is wrong with a row by itself; what is, is said at its place."""
        problems = list(self.problems(line))
        for field, words in problems:
            self.plan.reject(line.row, field, words)
        return not problems

    def problems(self, line: Line) -> Iterator[tuple[str, object]]:
        """Fields of a row with what is wrong in them."""
        raise NotImplementedError


class ByStaffId:
    """The people of a district by staff id, and a helpful word about an id that nobody has."""

    def __init__(self, district: District | None) -> None:
        rows = Teacher.objects.filter(district=district).values_list("staff_id", "pk")
        self.pks: dict[str, int] = dict(rows.iterator(chunk_size=5_000))
        for before, pk in MergedTeacher.objects.filter(district=district).values_list("old_staff_id", "teacher"):
            self.pks.setdefault(before, pk)
        self.without_zeros: dict[str, str] | None = None

    def get(self, staff_id: str) -> int | None:
        return self.pks.get(staff_id)

    def unknown(self, staff_id: str) -> str:
        if self.without_zeros is None:
            self.without_zeros = {known.lstrip("0"): known for known in self.pks}
        words = {"staff_id": staff_id, "known": self.without_zeros.get(staff_id.lstrip("0"))}
        if words["known"]:
            return _("nobody has the id %(staff_id)s, but there is a %(known)s; keep leading zeros as text") % words
        return _("nobody has the id %(staff_id)s; load the roster first, or correct the id") % words


def by_person(lines: Iterable[Line], people: ByStaffId) -> Iterator[list[Line]]:
    """Rows in parts of whole persons, so that what is stored of a person is looked up once and not kept for long.

    Persons go by primary key, which keeps a part together where they are stored.
    """
    waiting = sorted(lines, key=lambda line: people.pks.get(line["staff_id"], 0))
    waiting.reverse()
    part: list[Line] = []
    while waiting:
        line = waiting.pop()
        if len(part) >= PART and line["staff_id"] != part[-1]["staff_id"]:
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def among(field: str, keys: Collection[int]) -> Q:
    """Rows that refer to these keys; where those fill most of a span, to any key of the span, which costs far less."""
    low, high = min(keys), max(keys)
    if high - low < THICK * len(keys):
        return Q((f"{field}__gte", low), (f"{field}__lte", high))
    return Q((f"{field}__in", keys))


def schools_by_id(district: District | None) -> dict[str, int]:
    return dict(School.objects.filter(district=district).values_list("school_id", "pk"))


def spells_by_teacher(rows: Iterable[tuple[int, date, date | None]]) -> dict[int, list[tuple[date, date | None]]]:
    spells: dict[int, list[tuple[date, date | None]]] = {}
    for teacher_id, started_on, ended_on in rows:
        spells.setdefault(teacher_id, []).append((started_on, ended_on))
    return spells


def same_as(row: int) -> str:
    return _("this row says the same as row %(row)d; it counts once") % {"row": row}


def unlike(row: int, said: Any = None) -> str:
    if said is None:
        return _("row %(row)d says something else about the same thing; make them agree") % {"row": row}
    return _("row %(row)d says “%(said)s” about the same thing; make them agree") % {"row": row, "said": in_words(said)}
