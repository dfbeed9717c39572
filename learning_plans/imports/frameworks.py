"""Frameworks of competencies, each file a whole one: what it no longer names is retired, never deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.imports.case import case_sheet
from learning_plans.models import Competency, Framework
from pd_tracker.access import Capability
from pd_tracker.imports.fields import Field, text
from pd_tracker.imports.importer import Asked, Importer
from pd_tracker.imports.plan import Edit, Plan, Verb, edits_between
from pd_tracker.imports.records import Writer
from pd_tracker.imports.rows import Line
from teachers.imports.district import same_as, unlike

DEEPEST = 20
OF_FRAMEWORK = ("name", "version", "identifier", "publisher", "source")
OF_PART = ("code", "name", "description", "identifier", "place", "is_retired")


@dataclass(slots=True)
class Part:
    """One row of the file, and the competency it speaks about, if there is one."""

    line: Line
    values: dict[str, Any]
    stored: Mapping[str, Any] | None = None
    pk: int | None = None
    parent: Part | None = None

    @property
    def subject(self) -> str:
        return f"{self.values['code']} {self.values['name']}"

    @property
    def depth(self) -> int:
        depth, above = 0, self.parent
        while above is not None and depth <= DEEPEST:
            depth, above = depth + 1, above.parent
        return depth


@dataclass(slots=True)
class Wanted:
    """A framework as the file wants it."""

    values: dict[str, str]
    pk: int | None = None
    edits: tuple[Edit, ...] = ()
    parts: dict[str, Part] = field(default_factory=dict)  # by code
    gone: list[int] = field(default_factory=list)


class FrameworksPlanner:
    def __init__(self, plan: Plan, asked: Asked) -> None:
        self.plan = plan
        reach = asked.actor.reach(Capability.FRAMEWORKS_EDIT)
        if not (reach.everything or reach.district_ids):
            plan.refuse(None, _("Frameworks are for the whole district; ask HR of the district to load this file."))
        rows = Framework.objects.select_for_update() if asked.will_write else Framework.objects.all()
        self.stored = list(rows.values("pk", *OF_FRAMEWORK))
        self.wanted: dict[tuple[str, str], Wanted] = {}

    def read(self, lines: Iterator[Line]) -> None:
        for line in lines:
            self.take(line, self.framework(line))
        for wanted in self.wanted.values():
            self.compare(wanted)

    # --- Frameworks ---------------------------------------------------------------------------------------------

    def framework(self, line: Line) -> Wanted:
        name, version = line["framework"], line["version"] or ""
        known = self.wanted.get((name, version))
        if known is None:
            known = self.wanted[name, version] = self.recognized(line, name, version)
        return known

    def recognized(self, line: Line, name: str, version: str) -> Wanted:
        """By the identifier of its publisher, or else by name and version."""
        values = {"name": name, "version": version}
        given = {"identifier": "framework_identifier", "publisher": "publisher", "source": "source"}
        values |= {ours: line[theirs] for ours, theirs in given.items() if line[theirs]}
        identifier = values.get("identifier")
        by_identifier = [row for row in self.stored if identifier and row["identifier"] == identifier]
        by_identifier = [row for row in by_identifier if row["version"] == version]
        by_name = [row for row in self.stored if (row["name"], row["version"]) == (name, version)]
        stored = next(iter(by_identifier or by_name), None)
        if by_name and stored is not by_name[0]:
            self.plan.reject(
                line.row, "framework", _("another framework has this name and version; rename one of them")
            )
        if stored is None:
            return Wanted(values)
        if identifier and stored["identifier"] not in {"", identifier}:
            words = _(
                "a framework of this name and version has the identifier %(known)s; give this one another version"
            )
            self.plan.reject(line.row, "framework_identifier", words % {"known": stored["identifier"]})
        return Wanted(values, stored["pk"], edits_between(stored, values))

    # --- Their parts --------------------------------------------------------------------------------------------

    def take(self, line: Line, wanted: Wanted) -> None:
        code = line["code"]
        earlier = wanted.parts.get(code)
        if earlier is None:
            values = line.given("name", "description", "identifier") | {"code": code, "is_retired": False}
            values = {name: "" if value is None else value for name, value in values.items()}
            wanted.parts[code] = Part(line, values | {"place": len(wanted.parts) + 1})
        elif dict(earlier.line) == dict(line):
            self.plan.note(line.row, None, same_as(earlier.line.row))
            self.plan.settle(line.row, Verb.UNCHANGED, earlier.subject)
        else:
            self.plan.reject(line.row, "code", unlike(earlier.line.row))

    def compare(self, wanted: Wanted) -> None:
        rows = Competency.objects.filter(framework=wanted.pk) if wanted.pk else Competency.objects.none()
        stored = list(rows.values("pk", "parent__code", *OF_PART))
        self.match(wanted, stored)
        self.refuse_codes_in_use(wanted, stored)
        for part in wanted.parts.values():
            self.place(part, wanted)
        first = True
        for part in wanted.parts.values():
            if part.line.row not in self.plan.rejected_rows:
                self.settle(part, wanted.edits if first else ())
                first = False
        self.retire(wanted, stored)

    def match(self, wanted: Wanted, stored: list[dict[str, Any]]) -> None:
        by_identifier = {row["identifier"]: row for row in stored if row["identifier"]}
        by_code = {row["code"]: row for row in stored}
        seen: dict[int, Part] = {}
        for part in wanted.parts.values():
            identifier = part.values.get("identifier")
            found = by_identifier.get(identifier) or by_code.get(part.values["code"])
            if found and identifier and found["identifier"] not in {"", identifier}:
                found = None  # the code has passed on to another part
            if found and found["pk"] in seen:
                self.plan.reject(part.line.row, "identifier", unlike(seen[found["pk"]].line.row))
            elif found:
                part.pk, part.stored = found["pk"], found
                seen[found["pk"]] = part

    def refuse_codes_in_use(self, wanted: Wanted, stored: list[dict[str, Any]]) -> None:
        identifiers: dict[str, Part] = {}
        holders = {row["code"]: row["pk"] for row in stored}
        for part in wanted.parts.values():
            holder = holders.get(part.values["code"])
            if holder is not None and holder != part.pk:
                words = _("this code still belongs to another part; load the file once with a new code for that one")
                self.plan.reject(part.line.row, "code", words)
            if identifier := part.values.get("identifier"):
                twin = identifiers.setdefault(identifier, part)
                if twin is not part:
                    self.plan.reject(part.line.row, "identifier", unlike(twin.line.row))

    def place(self, part: Part, wanted: Wanted) -> None:
        """Below which part it stands; never below itself."""
        code = part.line["parent_code"]
        if not code:
            return
        above = wanted.parts.get(code)
        if above is None:
            words = _("this framework has no part %(code)s; add its row, or leave this empty") % {"code": code}
            self.plan.reject(part.line.row, "parent_code", words)
            return
        part.parent = above
        steps, higher = 0, self.above(part, wanted)
        while higher is not None and higher is not part and steps <= DEEPEST:
            steps, higher = steps + 1, self.above(higher, wanted)
        if higher is part:
            part.parent = None
            self.plan.reject(
                part.line.row, "parent_code", _("this part would lie below itself; correct one of the rows")
            )
        elif steps > DEEPEST:
            deep = _("parts lie more than %(deepest)d levels deep; flatten the framework") % {"deepest": DEEPEST}
            self.plan.reject(part.line.row, "parent_code", deep)

    def above(self, part: Part, wanted: Wanted) -> Part | None:
        return wanted.parts.get(part.line["parent_code"] or "")

    def settle(self, part: Part, of_framework: tuple[Edit, ...]) -> None:
        parent = {"part_of": part.parent.values["code"] if part.parent else ""} if "parent_code" in part.line else {}
        if part.stored is None:
            edits = [*of_framework, *edits_between({}, part.values | parent)]
            self.plan.settle(part.line.row, Verb.CREATED, part.subject, edits)
            return
        before = dict(part.stored) | {"part_of": part.stored["parent__code"] or ""}
        edits = [*of_framework, *edits_between(before, part.values | parent)]
        self.plan.settle(part.line.row, Verb.UPDATED if edits else Verb.UNCHANGED, part.subject, edits)

    def retire(self, wanted: Wanted, stored: list[dict[str, Any]]) -> None:
        named = {part.pk for part in wanted.parts.values()}
        for row in stored:
            if row["pk"] not in named and not row["is_retired"]:
                wanted.gone.append(row["pk"])
                words = Edit("is_retired", "no", "yes")
                self.plan.end(f"{row['code']} {row['name']}", [words], explained=True)

    # --- Writing ------------------------------------------------------------------------------------------------

    def write(self, writer: Writer) -> None:
        for wanted in self.wanted.values():
            if wanted.pk is None:
                (wanted.pk,) = writer.create(Framework, [wanted.values])
            elif wanted.edits:
                writer.update(Framework, {wanted.pk: wanted.values})
            # What is gone goes first; then parts from the top down, since each needs the one it lies below.
            writer.update(Competency, {pk: {"is_retired": True} for pk in wanted.gone})
            levels: dict[int, list[Part]] = {}
            for part in wanted.parts.values():
                levels.setdefault(part.depth, []).append(part)
            for _depth, parts in sorted(levels.items()):
                self.write_level(wanted.pk, parts, writer)

    def write_level(self, framework: int, parts: list[Part], writer: Writer) -> None:
        writer.update(Competency, {part.pk: columns(part) for part in parts if part.pk is not None})
        new = [part for part in parts if part.pk is None]
        rows = [{"framework_id": framework, **columns(part)} for part in new]
        for part, pk in zip(new, writer.create(Competency, rows), strict=True):
            part.pk = pk


def columns(part: Part) -> dict[str, Any]:
    if "parent_code" not in part.line:
        return part.values
    return part.values | {"parent_id": part.parent.pk if part.parent else None}


IMPORTER = Importer(
    kind="frameworks",
    title=gettext_lazy("Frameworks"),
    words=gettext_lazy(
        "One row for each part of a framework, or a CASE file (.json). A file holds whole frameworks: parts that it no "
        "longer names are retired."
    ),
    planner=FrameworksPlanner,
    opens=case_sheet,
    fields=(
        Field(
            "framework", gettext_lazy("Framework"), text(200), required=True,
            example="District framework for teaching", also=("framework_name", "document"),
        ),
        Field("version", gettext_lazy("Version"), text(40), example="2026", also=("framework_version",)),
        Field(
            "code", gettext_lazy("Code"), text(60), required=True,
            help=gettext_lazy("Unique in the framework; courses name the part by it."),
            example="D1.2", also=("human_coding_scheme", "competency_code", "standard_code"),
        ),
        Field(
            "name", gettext_lazy("Name"), text(300), required=True,
            example="Plans lessons that build on each other", also=("title", "abbreviated_statement", "statement"),
        ),
        Field(
            "description", gettext_lazy("Description"), text(10_000),
            example="What students did before shapes what they do next.", also=("full_statement", "notes"),
        ),
        Field(
            "parent_code", gettext_lazy("Part of"), text(60),
            help=gettext_lazy("The code of the part it belongs to; empty at the top."),
            example="D1", also=("is_child_of", "parent", "part_of"),
        ),
        Field(
            "identifier", gettext_lazy("Identifier"), text(200),
            help=gettext_lazy("What its publisher calls it, for instance a CASE identifier; then the code may change."),
            example="", also=("guid", "uuid", "case_identifier"),
        ),
        Field("publisher", gettext_lazy("Published by"), text(200), example="", also=("creator",)),
        Field("source", gettext_lazy("Source"), text(500), example="", also=("official_source_url", "url")),
        Field("framework_identifier", gettext_lazy("Identifier of the framework"), text(200), example=""),
    ),
)  # fmt: skip
