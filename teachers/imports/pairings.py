"""Coaches and mentors with the teachers they look after. A pairing gives nobody a role."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pd_tracker.access import Role
from pd_tracker.imports.fields import Field, choice, day, email, text
from pd_tracker.imports.importer import Asked, Importer
from pd_tracker.imports.plan import Plan, Verb
from pd_tracker.imports.records import Key, Ledger, Writer
from pd_tracker.imports.rows import Line
from teachers.imports.district import ByStaffId, DistrictPlanner, same_as, spells_by_teacher, unlike
from teachers.models import Employment, Pairing, RoleGrant, Teacher, User
from teachers.models.choices import PairingKindName
from teachers.rules.choices import PairingKind
from teachers.rules.periods import periods_overlap

ROLES = (Role.COACH.value, Role.MENTOR.value)


class PairingsPlanner(DistrictPlanner):
    def __init__(self, plan: Plan, asked: Asked) -> None:
        super().__init__(plan, asked)
        self.people = ByStaffId(self.district)
        users = User.objects.values_list("email", "pk", "is_active")
        self.coaches = {address.lower(): (pk, active) for address, pk, active in users}
        logins = Teacher.objects.filter(district=self.district, user__isnull=False)
        self.teacher_of_user = dict(logins.values_list("user_id", "pk"))
        spells = Employment.objects.filter(teacher__district=self.district)
        self.spells = spells_by_teacher(spells.values_list("teacher_id", "started_on", "ended_on"))
        live = RoleGrant.objects.live(on=self.options.today).filter(role__in=ROLES)
        self.with_role = set(live.values_list("user_id", flat=True))
        self.pairings = Ledger(Pairing, key=("coach_id", "teacher_id", "kind", "started_on"), fields=("ended_on",))
        self.pairings.load(Pairing.objects.filter(teacher__district=self.district))
        self.known: dict[Key, list[tuple[date, date | None]]] = {}
        for key, stored in self.pairings.stored.items():
            self.known.setdefault(key[:3], []).append((key[3], stored.values["ended_on"]))
        self.seen: dict[Key, Line] = {}

    def read(self, lines: Iterator[Line]) -> None:
        for line in lines:
            self.take(line)

    def take(self, line: Line) -> None:
        key = self.key_of(line)
        if key is None:
            return
        line["to"] = line["to"] or self.end_of_spell(key)
        problems = list(self.problems(line, key))
        for field, words in problems:
            self.plan.reject(line.row, field, words)
        if problems:
            return
        earlier = self.seen.setdefault(key, line)
        if earlier is not line:
            self.plan.note(line.row, None, same_as(earlier.row))
        if key[0] not in self.with_role:
            words = _("this person has no role as coach or mentor yet; grant it, or they cannot see their caseload")
            self.plan.note(line.row, "coach_email", words)
        difference = self.pairings.put(key, {"ended_on": line["to"]})
        self.known.setdefault(key[:3], []).append((key[3], line["to"]))
        verb = Verb.CREATED if difference.is_new else Verb.UPDATED if difference else Verb.UNCHANGED
        self.plan.settle(line.row, verb, f"{line['coach_email']} – {line['staff_id']}", difference.edits)

    def key_of(self, line: Line) -> Key | None:
        coach, is_active = self.coaches.get(line["coach_email"], (None, False))
        teacher = self.people.get(line["staff_id"])
        if coach is None or not is_active:
            self.plan.reject(line.row, "coach_email", _("nobody signs in with this email; add the person first"))
        if teacher is None:
            self.plan.reject(line.row, "staff_id", self.people.unknown(line["staff_id"]))
        if coach is None or teacher is None or not is_active:
            return None
        return coach, teacher, line["kind"] or PairingKind.COACH.value, line["from"]

    def end_of_spell(self, key: Key) -> date | None:
        """An open pairing with somebody who left ended with their employment."""
        return next((end for start, end in self.spells.get(key[1], ()) if end and start <= key[3] <= end), None)

    def problems(self, line: Line, key: Key) -> Iterator[tuple[str, object]]:
        coach, teacher, _kind, start = key
        end = line["to"]
        own = self.teacher_of_user.get(coach)
        if own == teacher:
            yield "coach_email", _("nobody coaches themselves")
        if end and end < start:
            yield "to", _("the last day is before the first day")
            return
        if not self.employed(teacher, start, end):
            yield "from", _("these days do not lie within one employment of %(staff_id)s") % line
        if own and own != teacher and not self.employed(own, start, end):
            yield "from", _("these days do not lie within one employment of the coach")
        if key in self.seen and self.seen[key]["to"] != end:
            yield "to", unlike(self.seen[key].row)
        others = (days for days in self.known.get(key[:3], ()) if days[0] != start)
        if any(periods_overlap(start, end, *days) for days in others):
            yield "from", _("this overlaps another pairing of the same two people")

    def employed(self, teacher: int, start: date, end: date | None) -> bool:
        return any(
            first <= start and (last is None or (start <= last and end is not None and end <= last))
            for first, last in self.spells.get(teacher, ())
        )

    def write(self, writer: Writer) -> None:
        self.pairings.write(writer, lambda key: dict(zip(self.pairings.key, key, strict=True)))


IMPORTER = Importer(
    kind="pairings",
    title=gettext_lazy("Coaches and mentors"),
    words=gettext_lazy("One row for each coach or mentor and teacher, from day to day."),
    planner=PairingsPlanner,
    fields=(
        Field(
            "coach_email",
            gettext_lazy("Coach's email"),
            email,
            required=True,
            help=gettext_lazy("The email the coach or mentor signs in with."),
            example="coach@district.example",
            also=("coach", "mentor_email", "coach_email_address"),
        ),
        Field(
            "staff_id",
            gettext_lazy("Staff id"),
            text(40),
            required=True,
            help=gettext_lazy("The teacher, by the id of the roster."),
            example="004217",
            also=("employee_id", "teacher_id", "teacher_staff_id", "staff_number"),
        ),
        Field(
            "kind",
            gettext_lazy("Kind"),
            choice(PairingKindName),
            help=gettext_lazy("coach or mentor. Empty means coach."),
            example="coach",
            also=("type", "role"),
        ),
        Field(
            "from",
            gettext_lazy("First day"),
            day,
            required=True,
            example="2025-08-18",
            also=("start", "start_date", "started_on"),
        ),
        Field(
            "to",
            gettext_lazy("Last day"),
            day,
            help=gettext_lazy("Empty while it lasts."),
            also=("end", "end_date", "ended_on"),
        ),
    ),
)
