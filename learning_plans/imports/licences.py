"""The licenses that people hold, from day to day. A file adds and corrects them, and takes none away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.models import DistrictPack
from learning_plans.rules.credit.shelf import shipped
from pd_tracker.imports.fields import Field, day, several, text
from pd_tracker.imports.importer import Asked, Importer
from pd_tracker.imports.plan import Plan, Verb
from pd_tracker.imports.records import Key, Ledger, Stored, Writer
from pd_tracker.imports.rows import Line
from teachers.imports.district import ByStaffId, RowPlanner, among, by_person, same_as, unlike
from teachers.models import Licence
from teachers.models.days import FIRST
from teachers.rules.periods import periods_overlap

KEY = ("teacher_id", "jurisdiction", "licence_type", "valid_from")
FIELDS = ("number", "issued_on", "valid_until", "endorsements", "rule_pack")
LONGEST_LIST = 400
Period = tuple[date, date | None]


class LicencesPlanner(RowPlanner):
    def __init__(self, plan: Plan, asked: Asked) -> None:
        super().__init__(plan, asked)
        self.people = ByStaffId(self.district)
        own = DistrictPack.objects.filter(district=self.district).values_list("code", flat=True)
        self.packs = {code.casefold(): code for code in (*shipped(), *own)}
        held = Licence.objects.filter(teacher__district=self.district).order_by()
        spelled = held.values_list("jurisdiction", "licence_type").distinct()
        self.spellings = {
            (field, words.casefold()): words
            for pair in spelled
            for field, words in zip(("jurisdiction", "type"), pair, strict=True)
        }
        self.licences = Ledger(Licence, key=KEY, fields=FIELDS)
        self.periods: dict[Key, dict[date, date | None]] = defaultdict(dict)
        self.seen: dict[Key, Line] = {}

    def read(self, lines: Iterator[Line]) -> None:
        for part in by_person(lines, self.people):
            sound = [line for line in part if self.is_sound(line)]
            if sound:
                self.look_up(sound)
            for line in sound:
                self.spell(line)
                key = self.key_of(line)
                self.periods[key[:3]][key[3]] = self.end_of(line, key)
            for line in sound:
                self.take(line, self.key_of(line))
            self.licences.forget()
            self.periods.clear()
            self.seen.clear()

    def problems(self, line: Line) -> Iterator[tuple[str, object]]:
        if self.people.get(line["staff_id"]) is None:
            yield "staff_id", self.people.unknown(line["staff_id"])
        for field in ("valid_from", "valid_until", "issued_on"):
            if line[field] and line[field] < FIRST:
                yield field, _("choose a day from %(first)d on") % {"first": FIRST.year}
        if line["valid_until"] and line["valid_until"] < line["valid_from"]:
            yield "valid_until", _("the license would end before it starts")
        if line["rule_pack"] and line["rule_pack"].casefold() not in self.packs:
            words = _("there are no renewal rules %(code)s; leave it empty, or use one of: %(known)s")
            yield "rule_pack", words % {"code": line["rule_pack"], "known": ", ".join(sorted(self.packs.values()))}
        if line["endorsements"] and len(", ".join(line["endorsements"])) > LONGEST_LIST:
            yield "endorsements", _("together these are longer than %(most)d letters") % {"most": LONGEST_LIST}

    def look_up(self, lines: list[Line]) -> None:
        rows = Licence.objects.filter(among("teacher", {self.people.pks[line["staff_id"]] for line in lines}))
        for pk, teacher, jurisdiction, licence_type, first, *values in rows.values_list("pk", *KEY, *FIELDS):
            key = (teacher, jurisdiction, licence_type, first)
            self.licences.stored[key] = Stored(pk, dict(zip(FIELDS, values, strict=True)))
            self.periods[key[:3]][first] = self.licences.stored[key].values["valid_until"]

    def spell(self, line: Line) -> None:
        """However a file cases a state or a type, it is the one that is known already."""
        for field in ("jurisdiction", "type"):
            line[field] = self.spellings.setdefault((field, line[field].casefold()), line[field])

    def key_of(self, line: Line) -> Key:
        return self.people.pks[line["staff_id"]], line["jurisdiction"], line["type"], line["valid_from"]

    def end_of(self, line: Line, key: Key) -> date | None:
        end: date | None = line["valid_until"] if "valid_until" in line else self.periods[key[:3]].get(key[3])
        return end

    def take(self, line: Line, key: Key) -> None:
        values = self.values(line)
        earlier = self.seen.setdefault(key, line)
        if self.values(earlier) != values:
            self.plan.reject(line.row, None, unlike(earlier.row))
            return
        other = self.overlapping(key)
        if other is not None:
            self.plan.reject(line.row, "valid_from", overlap_words(other))
            return
        if earlier is not line:
            self.plan.note(line.row, None, same_as(earlier.row))
        difference = self.licences.put(key, values)
        verb = Verb.CREATED if difference.is_new else Verb.UPDATED if difference else Verb.UNCHANGED
        subject = f"{line['staff_id']} {line['jurisdiction']} {line['type']} {line['valid_from']}"
        self.plan.settle(line.row, verb, subject, difference.edits)

    def values(self, line: Line) -> dict[str, Any]:
        values: dict[str, Any] = line.given("issued_on", "valid_until")
        values |= {name: value or "" for name, value in line.given("number").items()}
        if "endorsements" in line:
            values["endorsements"] = ", ".join(line["endorsements"] or ())
        if "rule_pack" in line:
            values["rule_pack"] = self.packs[line["rule_pack"].casefold()] if line["rule_pack"] else ""
        return values

    def overlapping(self, key: Key) -> Period | None:
        """Another license of the same person, state and type on some of these days, as all would be in the end."""
        periods, first = self.periods[key[:3]], key[3]
        others = (period for period in periods.items() if period[0] != first)
        return next((period for period in others if periods_overlap(first, periods[first], *period)), None)

    def write(self, writer: Writer) -> None:
        empty = {"number": "", "endorsements": "", "rule_pack": ""}
        self.licences.write(writer, lambda key: empty | dict(zip(KEY, key, strict=True)))


def overlap_words(period: Period) -> str:
    first, last = period
    if last is None:
        return _("this overlaps the license of this type from %(first)s on") % {"first": first}
    return _("this overlaps the license of this type from %(first)s to %(last)s") % {"first": first, "last": last}


IMPORTER = Importer(
    kind="licences",
    title=gettext_lazy("Licenses"),
    words=gettext_lazy("One row for each license of a person and the days it is valid; a renewal is a row of its own."),
    planner=LicencesPlanner,
    fields=(
        Field(
            "staff_id",
            gettext_lazy("Staff id"),
            text(40),
            required=True,
            help=gettext_lazy("The person, by the id of the roster."),
            example="004217",
            also=("employee_id", "employee_number", "teacher_id", "staff_number", "emp_id"),
        ),
        Field(
            "jurisdiction",
            gettext_lazy("State"),
            text(20),
            required=True,
            example="NY",
            also=("state", "issuing_state", "issued_by"),
        ),
        Field(
            "type",
            gettext_lazy("Type"),
            text(100),
            required=True,
            example="Professional",
            also=("license_type", "licence_type", "certificate_type", "certificate", "credential", "credential_type"),
        ),
        Field(
            "number",
            gettext_lazy("Number"),
            text(60),
            help=gettext_lazy("Keep leading zeros by formatting the column as text."),
            example="0088213",
            also=("license_number", "licence_number", "certificate_number", "credential_number", "document_number"),
        ),
        Field(
            "issued_on",
            gettext_lazy("Issued on"),
            day,
            example="2022-06-14",
            also=("issue_date", "issued", "date_issued"),
        ),
        Field(
            "valid_from",
            gettext_lazy("Valid from"),
            day,
            required=True,
            help=gettext_lazy("With person, state and type it names the license."),
            example="2022-07-01",
            also=("effective_date", "effective", "start_date", "begin_date", "valid_start_date"),
        ),
        Field(
            "valid_until",
            gettext_lazy("Valid until"),
            day,
            help=gettext_lazy("The last day. Empty for a license without end."),
            example="2027-06-30",
            also=("expiration_date", "expires", "expires_on", "expiry_date", "end_date", "valid_end_date"),
        ),
        Field(
            "endorsements",
            gettext_lazy("Endorsements"),
            several,
            help=gettext_lazy("Several with commas or semicolons between them."),
            example="Mathematics; ESOL",
            also=("endorsement", "certification_areas", "subjects", "areas"),
        ),
        Field(
            "rule_pack",
            gettext_lazy("Renewal rules"),
            text(60),
            help=gettext_lazy("The short name of renewal rules. Empty means those that the district chose."),
            example="NY-CTLE",
            also=("rules", "renewal_rules"),
        ),
    ),
)
