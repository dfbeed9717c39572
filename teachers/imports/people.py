"""Comparing a roster with the people, employments and assignments that are stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from pd_tracker.imports.importer import Asked
from pd_tracker.imports.plan import Edit, Plan, Verb
from pd_tracker.imports.records import Difference, Key, Ledger, Writer
from pd_tracker.imports.rows import Line
from teachers.imports.district import DistrictPlanner, same_as, schools_by_id, unlike
from teachers.imports.spells import (
    MOST_FTE,
    OF_SPELL,
    PERSON,
    SEPARATION,
    Spell,
    contradictions,
    first_said,
    gathered,
    latest_post,
    overlap,
    wrong_days,
)
from teachers.models import Assignment, Employment, MergedTeacher, RosterExtract, Teacher
from teachers.rules.periods import Year, year_of

POST = ("position", "fte")
DAY = timedelta(days=1)
EMPLOYMENT_NAMES = {"ended_on": "employment_end", "started_on": "employment_start"}
ASSIGNMENT_NAMES = {"ended_on": "assignment_end", "started_on": "assignment_start"}


class Post(NamedTuple):
    """One row's assignment: which one it is, and what it shall be."""

    key: Key
    values: dict[str, Any]


class RosterPlanner(DistrictPlanner):
    def __init__(self, plan: Plan, asked: Asked) -> None:
        super().__init__(plan, asked)
        of_district = {"teacher__district": self.district}
        self.schools = schools_by_id(self.district)
        self.teachers = Ledger(Teacher, key=("staff_id",), fields=PERSON)
        self.teachers.load(Teacher.objects.filter(district=self.district))
        self.spells = Ledger(
            Employment, key=("teacher__staff_id", "started_on"), fields=("ended_on", *POST, *SEPARATION)
        ).load(Employment.objects.filter(**of_district).order_by("started_on"))
        self.posts = Ledger(
            Assignment,
            key=("teacher__staff_id", "school__school_id", "started_on", "subject"),
            fields=("ended_on", "subject", "grades", *POST),
        ).load(Assignment.objects.filter(**of_district).order_by("started_on", "pk"))
        self.spells_of, self.posts_of = by_person(self.spells), by_person(self.posts)
        as_of = self.options.as_of
        extracts = set(RosterExtract.objects.filter(district=self.district).values_list("as_of", flat=True))
        # What an older extract does not know yet, it cannot take back.
        self.is_older = as_of < max(extracts, default=as_of)
        # Whoever is missing left between two extracts, most likely with the school year. The day of this one would put
        # everybody who left in summer on the census in fall.
        self.last_seen = max([year_of(as_of).starts_on - DAY, *(day for day in extracts if day < as_of)])
        merged = MergedTeacher.objects.filter(district=self.district)
        self.merged = dict(merged.values_list("old_staff_id", "teacher__staff_id"))
        self.earliest = self.options.as_of
        plan.active_staff = len({key[0] for key, stored in self.spells.stored.items() if self.runs(key, stored.values)})

    def runs(self, key: Key, values: Mapping[str, Any]) -> bool:
        """Whether a spell or an assignment, by its stored key, holds the day of the extract."""
        started_on = next(part for part in key if isinstance(part, date))
        return started_on <= self.options.as_of and (values["ended_on"] or date.max) >= self.options.as_of

    def read(self, lines: Iterator[Line]) -> None:
        if self.options.as_of > self.options.today:
            self.plan.refuse("as_of", _("the day the extract was made has not come yet; check the date"))
        people: dict[str, list[Line]] = defaultdict(list)
        for line in lines:
            people[line["staff_id"]].append(line)
        for staff_id, rows in people.items():
            self.take(staff_id, rows)
        if self.options.is_full:
            self.end_missing(people.keys())
        if people:
            self.need_years(self.years_to_extract())

    # --- One person ---------------------------------------------------------------------------------------------

    def take(self, staff_id: str, lines: list[Line]) -> None:
        spells = gathered(lines)
        for spell in spells.values():
            spell.ended_on = self.last_day(staff_id, spell)
        sound = self.without_problems(staff_id, lines, spells)
        claimed: dict[Key, Line] = {}
        posts = {line.row: self.post(staff_id, line, spells[line["employment_start"]], claimed) for line in sound}
        sound = [line for line in sound if line.row not in self.plan.rejected_rows]
        if len(sound) < len(lines):
            self.reject_beside(sound, lines)  # nothing will be applied, so half a person is not looked at further
            return
        edits_of: dict[int, list[Difference]] = {line.row: [] for line in lines}
        edits_of[lines[0].row].append(self.person(staff_id, lines))
        for spell in spells.values():
            edits_of[spell.lines[0].row].append(self.spell(staff_id, spell))
        for line in lines:
            if post := posts[line.row]:
                edits_of[line.row].append(renamed(self.posts.put(*post), ASSIGNMENT_NAMES))
        for spell in spells.values():
            edits_of[spell.lines[0].row].extend(self.left_behind(staff_id, spell, claimed))
        for line in lines:
            self.settle(line, edits_of[line.row])

    def reject_beside(self, sound: list[Line], lines: list[Line]) -> None:
        row = next(line.row for line in lines if line.row in self.plan.rejected_rows)
        words = _("row %(row)d about the same person is rejected; the rows of a person are taken together")
        for line in sound:
            self.plan.reject(line.row, None, words % {"row": row})

    def settle(self, line: Line, differences: list[Difference]) -> None:
        is_new = any(difference.is_new for difference in differences)
        edits = [edit for difference in differences for edit in difference.edits]
        verb = Verb.CREATED if is_new else Verb.UPDATED if edits else Verb.UNCHANGED
        self.plan.settle(line.row, verb, subject_of(line), edits)

    def last_day(self, staff_id: str, spell: Spell) -> date | None:
        """What the rows say; where they cannot know, what is stored."""
        said: date | None = spell.first("employment_end")
        stored = self.spells.stored.get((staff_id, spell.started_on))
        if said is None and stored and (self.is_older or not any("employment_end" in line for line in spell.lines)):
            return stored.values["ended_on"]  # type: ignore[no-any-return]
        return said

    def without_problems(self, staff_id: str, lines: list[Line], spells: dict[date, Spell]) -> list[Line]:
        """The rows that are right in themselves and agree with the others; the rest is rejected."""
        for line in lines:
            if staff_id in self.merged:
                words = _("%(staff_id)s became part of %(now)s when two records were merged; use that id")
                self.plan.reject(line.row, "staff_id", words % {"staff_id": staff_id, "now": self.merged[staff_id]})
            for field, words in wrong_days(line):
                self.plan.reject(line.row, field, words)
            if line["school_id"] and line["school_id"] not in self.schools:
                words = _("there is no school %(school_id)s; load the schools first, or correct the id")
                self.plan.reject(line.row, "school_id", words % {"school_id": line["school_id"]})
        for line, field, words in contradictions(lines, PERSON):
            self.plan.reject(line.row, field, words)
        stored = {key[1]: self.spells.stored[key].values["ended_on"] for key in self.spells_of[staff_id]}
        others = stored | {spell.started_on: spell.ended_on for spell in spells.values()}
        for spell in spells.values():
            for line, field, words in contradictions(spell.lines, OF_SPELL):
                self.plan.reject(line.row, field, words)
            if words := overlap(spell, others):
                self.plan.reject(spell.lines[0].row, "employment_start", words)
            if latest_post(spell)[0].get("fte", 0) > MOST_FTE:
                words = _("the FTE of the rows for the same days add up to more than 2")
                self.plan.reject(spell.lines[0].row, "fte", words)
        return [line for line in lines if line.row not in self.plan.rejected_rows]

    def person(self, staff_id: str, lines: list[Line]) -> Difference:
        values = first_said(lines, PERSON)
        if "email" in values:
            values["email"] = values["email"] or ""
        return self.teachers.put((staff_id,), values)

    def spell(self, staff_id: str, spell: Spell) -> Difference:
        key = (staff_id, spell.started_on)
        before = self.spells.stored.get(key)
        values, added_up = latest_post(spell)
        if added_up:
            self.note_parts(values, added_up)
        values |= {"ended_on": spell.ended_on} | self.separation(spell)
        difference = renamed(self.spells.put(key, values), EMPLOYMENT_NAMES)
        if before and before.values["ended_on"] is None and spell.ended_on:
            explained = bool(values.get("separation_reason") or values.get("separation_type"))
            line = spell.lines[0]
            self.plan.end(subject_of(line), difference.edits, row=line.row, explained=explained)
        return difference

    def separation(self, spell: Spell) -> dict[str, str]:
        said = first_said(spell.lines, SEPARATION)
        if spell.ended_on and spell.first("employment_end") is None:
            return {}  # the last day is not from this file, so neither is its reason
        if spell.ended_on:
            return {key: value or "" for key, value in said.items()}
        if any(said.values()):
            words = _("a reason without a last day ends nothing; it was left out")
            self.plan.note(spell.lines[0].row, "separation_reason", words)
        return dict.fromkeys(SEPARATION, "")

    def note_parts(self, values: dict[str, Any], parts: tuple[Line, ...]) -> None:
        rows = ", ".join(str(line.row) for line in parts)
        words = _("rows %(rows)s give different FTE for the same days; they were added up to %(fte)s")
        self.plan.note(parts[0].row, "fte", words % {"rows": rows, "fte": values["fte"].normalize()})

    # --- Assignments --------------------------------------------------------------------------------------------

    def post(self, staff_id: str, line: Line, spell: Spell, claimed: dict[Key, Line]) -> Post | None:
        if line["school_id"] is None:
            self.look_for_twin(line, spell)
            return None
        start = line["assignment_start"] or self.known_start(staff_id, line, spell)
        key = self.key_of(staff_id, line, start)
        end = line["assignment_end"] or self.last_day_of_post(key, line, spell)
        if earlier := claimed.get(key):
            self.say_twice(line, earlier)
        elif not spell.holds(start, end):
            words = _("this assignment does not lie within the employment from %(start)s to %(end)s")
            field = "assignment_start" if line["assignment_start"] else "assignment_end"
            self.plan.reject(line.row, field, words % {"start": spell.started_on, "end": spell.ended_on or "…"})
        elif not line["assignment_start"] and self.works_elsewhere(staff_id, line, spell, start):
            words = _("this person already works at another school; say when the assignment here began")
            self.plan.reject(line.row, "assignment_start", words)
        claimed.setdefault(key, line)
        if line["assignment_start"]:
            self.earliest = min(self.earliest, start)
        values = {"ended_on": end, "subject": line["subject"] or ""} | line.filled(*POST)
        if "grades" in line:
            values["grades"] = line["grades"] or ""
        return Post(key, values) if claimed[key] is line else None

    def look_for_twin(self, line: Line, spell: Spell) -> None:
        earlier = next((other for other in spell.lines if other["school_id"] is None and other.row < line.row), None)
        if earlier is not None:
            self.say_twice(line, earlier)

    def say_twice(self, line: Line, earlier: Line) -> None:
        if dict(line) == dict(earlier):
            self.plan.note(line.row, None, same_as(earlier.row))
        else:
            self.plan.reject(line.row, None, unlike(earlier.row))

    def known_start(self, staff_id: str, line: Line, spell: Spell) -> date:
        """Without a first day the assignment is the one that is known, or as old as the employment."""
        here = (line["school_id"], line["subject"] or "")
        starts = [key[2] for key in self.posts_of[staff_id] if (key[1], key[3]) == here and spell.holds(key[2], None)]
        return max(starts, default=spell.started_on)

    def works_elsewhere(self, staff_id: str, line: Line, spell: Spell, start: date) -> bool:
        inside = [key for key in self.posts_of[staff_id] if spell.holds(key[2], None)]
        return bool(inside) and all(key[1] != line["school_id"] for key in inside)

    def key_of(self, staff_id: str, line: Line, start: date) -> Key:
        """In a list of everybody, a lone assignment at that school since that day has only changed its subject."""
        key = (staff_id, line["school_id"], start, line["subject"] or "")
        same_place = [known for known in self.posts_of[staff_id] if known[1:3] == key[1:3]]
        if not self.options.is_full or len(same_place) != 1:
            return key
        position = self.posts.stored[same_place[0]].values["position"]
        return same_place[0] if line["position"] in (None, position) else key

    def last_day_of_post(self, key: Key, line: Line, spell: Spell) -> date | None:
        stored = self.posts.stored.get(key)
        if stored and (self.is_older or "assignment_end" not in line) and stored.values["ended_on"]:
            known: date = stored.values["ended_on"]
            return min(known, spell.ended_on or known)
        return spell.ended_on

    def left_behind(self, staff_id: str, spell: Spell, claimed: Mapping[Key, Line]) -> Iterator[Difference]:
        """Assignments the rows do not name: they end with the employment, with the position that they were in, or where
        everybody's are listed, by now.
        """
        listed = [key for key in claimed if spell.holds(key[2], None)]
        position = self.new_position(staff_id, spell)
        for key in self.posts_of[staff_id]:
            stored = self.posts.stored[key]
            if key in claimed or key[2] < spell.started_on or (spell.ended_on and key[2] > spell.ended_on):
                continue
            end = spell.ended_on
            replaced = (self.options.is_full and listed) or position not in ("", stored.values["position"])
            if replaced and not self.is_older and self.runs(key, stored.values):
                end = self.replaced_on(key, listed, spell)
            if end is not None and (stored.values["ended_on"] or date.max) > end:
                difference = renamed(self.posts.put(key, {"ended_on": max(end, key[2])}), ASSIGNMENT_NAMES)
                yield Difference(is_new=False, edits=at_school(difference.edits, key[1]))

    def new_position(self, staff_id: str, spell: Spell) -> str:
        """What the rows make of somebody who was in another position before; "" where that stays as it was."""
        key = staff_id, spell.started_on
        stored, current = self.spells.stored.get(key), self.spells.current(key)
        if stored is None or current is None or current["position"] == stored.values["position"]:
            return ""
        return str(current["position"])

    def replaced_on(self, key: Key, listed: list[Key], spell: Spell) -> date:
        after = [other[2] for other in listed if key[2] < other[2] <= self.options.as_of]
        last: date = min(after) - DAY if after else max(self.last_seen, key[2])
        return min(last, spell.ended_on or last)

    # --- Everybody ----------------------------------------------------------------------------------------------

    def end_missing(self, listed: Any) -> None:
        """Whoever works here and is not in a list of everybody has left, unless somebody says otherwise."""
        as_of = self.options.as_of
        if self.is_older:
            self.plan.note(None, None, _("a newer extract is loaded already, so nobody was ended for being missing"))
            return
        if self.plan.rejected_rows:
            self.plan.note(None, None, _("who is missing is worked out once every row can be read"))
            return
        for key, stored in self.spells.stored.items():
            if key[0] not in listed and self.runs(key, stored.values) and stored.values["ended_on"] != as_of:
                self.end_for_absence(key[0], key)

    def end_for_absence(self, staff_id: str, key: Key) -> None:
        posts = [post for post in self.posts_of[staff_id] if post[2] >= key[1]]
        begun = (post[2] for post in posts if post[2] <= self.options.as_of)
        last_day = max(self.last_seen, key[1], *begun)
        difference = renamed(self.spells.put(key, {"ended_on": last_day}), EMPLOYMENT_NAMES)
        for post in posts:
            if (self.posts.stored[post].values["ended_on"] or date.max) > last_day:
                self.posts.put(post, {"ended_on": max(last_day, post[2])})
        person = self.teachers.stored[staff_id,].values
        self.plan.end(f"{person['given_name']} {person['family_name']} ({staff_id})", difference.edits)

    def years_to_extract(self) -> Iterator[Year]:
        """From the first year that an assignment or a last day speaks of, without gaps, to that of the extract."""
        ends = [values["ended_on"] for values in self.spells.added.values() if values.get("ended_on")]
        known = [stored.values["starts_on"] for stored in self.years.stored.values()]
        known = [day for day in known if day <= self.options.as_of]
        first = min([self.earliest, *ends, *([max(known)] if known else [])])
        return (Year(start) for start in range(year_of(first).start, year_of(self.options.as_of).start + 1))

    # --- Writing ------------------------------------------------------------------------------------------------

    def write(self, writer: Writer) -> None:
        district = self.begin_writing(writer)
        self.teachers.write(writer, lambda key: {"district_id": district.pk, "staff_id": key[0]})
        teacher = self.teachers.pk
        self.spells.write(writer, lambda key: {"teacher_id": teacher((key[0],)), "started_on": key[1]})
        self.posts.write(
            writer,
            lambda key: {"teacher_id": teacher((key[0],)), "school_id": self.schools[key[1]], "started_on": key[2]},
        )
        RosterExtract.objects.get_or_create(district=district, as_of=self.options.as_of, is_full=self.options.is_full)


def by_person(ledger: Ledger) -> dict[str, list[Key]]:
    keys: dict[str, list[Key]] = defaultdict(list)
    for key in ledger.stored:
        keys[key[0]].append(key)
    return keys


def renamed(difference: Difference, names: Mapping[str, str]) -> Difference:
    """Edits under the headings of the file, which people know."""
    edits = (Edit(names.get(edit.field, edit.field), edit.old, edit.new) for edit in difference.edits)
    return Difference(difference.is_new, tuple(edits))


def at_school(edits: Iterable[Edit], school_id: str) -> tuple[Edit, ...]:
    return tuple(Edit(f"{edit.field} ({school_id})", edit.old, edit.new) for edit in edits)


def subject_of(line: Line) -> str:
    return f"{line['given_name']} {line['family_name']} ({line['staff_id']})"
