"""What the system before this one says about licenses: to be compared with ours, never to be counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.models import OldTotal
from pd_tracker.imports.fields import Field, day, decimal, text
from pd_tracker.imports.importer import Asked, Importer
from pd_tracker.imports.plan import Plan, Verb
from pd_tracker.imports.records import Key, Ledger, Stored, Writer
from pd_tracker.imports.rows import Line
from teachers.imports.district import ByStaffId, RowPlanner, among, by_person, same_as, unlike
from teachers.models import Licence

FIELDS = ("required", "counted")


class Held(NamedTuple):
    pk: int
    first: date
    last: date | None


class CreditTotalsPlanner(RowPlanner):
    def __init__(self, plan: Plan, asked: Asked) -> None:
        super().__init__(plan, asked)
        self.people = ByStaffId(self.district)
        self.totals = Ledger(OldTotal, key=("licence_id", "as_of"), fields=FIELDS)
        self.held: dict[Key, list[Held]] = {}
        self.seen: dict[Key, Line] = {}

    def read(self, lines: Iterator[Line]) -> None:
        for part in by_person(lines, self.people):
            sound = [line for line in part if self.is_sound(line)]
            if sound:
                self.look_up(sound)
            for line in sound:
                self.take(line)
            self.totals.forget()
            self.held.clear()
            self.seen.clear()

    def problems(self, line: Line) -> Iterator[tuple[str, object]]:
        if self.people.get(line["staff_id"]) is None:
            yield "staff_id", self.people.unknown(line["staff_id"])
        if line["as_of"] > self.options.today:
            yield "as_of", _("this day has not come yet")

    def look_up(self, lines: list[Line]) -> None:
        people = {self.people.pks[line["staff_id"]] for line in lines}
        rows = Licence.objects.filter(among("teacher", people)).order_by("valid_from", "pk")
        fields = ("teacher", "jurisdiction", "licence_type", "pk", "valid_from", "valid_until", "extended_until")
        for teacher, jurisdiction, kind, pk, first, last, extended in rows.values_list(*fields):
            ends_on = max(filter(None, (last, extended)), default=None)
            self.held.setdefault((teacher, jurisdiction.casefold(), kind.casefold()), []).append(
                Held(pk, first, ends_on)
            )
        stored = OldTotal.objects.filter(licence__teacher__in=people)
        for pk, licence, as_of, *values in stored.values_list("pk", "licence", "as_of", *FIELDS):
            self.totals.stored[licence, as_of] = Stored(pk, dict(zip(FIELDS, values, strict=True)))

    def take(self, line: Line) -> None:
        licence = self.licence(line)
        if licence is None:
            words = _("%(staff_id)s has no license of this state and type that had begun by %(as_of)s") % line
            self.plan.reject(line.row, "type", words)
            return
        key = (licence, line["as_of"])
        values = {"required": line["required"], "counted": line["counted"]}
        earlier = self.seen.setdefault(key, line)
        if (earlier["required"], earlier["counted"]) != (line["required"], line["counted"]):
            self.plan.reject(line.row, None, unlike(earlier.row))
            return
        if earlier is not line:
            self.plan.note(line.row, None, same_as(earlier.row))
        difference = self.totals.put(key, values)
        verb = Verb.CREATED if difference.is_new else Verb.UPDATED if difference else Verb.UNCHANGED
        subject = f"{line['staff_id']} {line['jurisdiction']} {line['type']} {line['as_of']}"
        self.plan.settle(line.row, verb, subject, difference.edits)

    def licence(self, line: Line) -> int | None:
        """The license that was valid on the day, or else the last one that had begun by then."""
        key = (self.people.pks[line["staff_id"]], line["jurisdiction"].casefold(), line["type"].casefold())
        begun = [held for held in self.held.get(key, ()) if held.first <= line["as_of"]]
        valid = [held for held in begun if held.last is None or line["as_of"] <= held.last]
        return (valid or begun)[-1].pk if begun else None

    def write(self, writer: Writer) -> None:
        def anew(values: Mapping[str, Any]) -> dict[str, Any]:
            return {**values, "compared_at": None}

        self.totals.write(writer, lambda key: {"licence_id": key[0], "as_of": key[1]}, anew)


IMPORTER = Importer(
    kind="credit_totals",
    title=gettext_lazy("Totals of the old system"),
    words=gettext_lazy(
        "One row for each license as the system before this one counts it. It is compared with ours, never counted."
    ),
    planner=CreditTotalsPlanner,
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
            "jurisdiction",
            gettext_lazy("State"),
            text(20),
            required=True,
            example="NY",
            also=("state", "issuing_state"),
        ),
        Field(
            "type",
            gettext_lazy("Type"),
            text(100),
            required=True,
            help=gettext_lazy("As in the file of licenses, which is loaded first."),
            example="Professional",
            also=("license_type", "licence_type", "certificate_type", "credential"),
        ),
        Field(
            "required",
            gettext_lazy("Required"),
            decimal(places=3, low=0, high=99_999),
            help=gettext_lazy("Empty where the other system does not say."),
            example=100,
            also=("hours_required", "required_hours", "credits_required", "needed"),
        ),
        Field(
            "counted",
            gettext_lazy("Counted"),
            decimal(places=3, low=0, high=99_999),
            required=True,
            help=gettext_lazy("In the unit of the renewal rules, as required."),
            example="64.5",
            also=("hours_earned", "earned", "hours_completed", "credits_earned", "total_hours", "hours"),
        ),
        Field(
            "as_of",
            gettext_lazy("As of"),
            day,
            required=True,
            help=gettext_lazy("The day the other system was asked."),
            example="2026-08-31",
            also=("report_date", "extract_date", "date"),
        ),
    ),
)
