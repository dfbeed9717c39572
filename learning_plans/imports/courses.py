"""The catalogue of courses, with the providers and competencies it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.models import Competency, Course, Framework, Provider
from learning_plans.models.choices import ActivityTypeName, EvidenceTierName
from learning_plans.rules.choices import ActivityType, EvidenceTier
from pd_tracker.imports.fields import Field, choice, decimal, integer, several, text
from pd_tracker.imports.importer import Asked, Importer
from pd_tracker.imports.plan import Edit, Plan, Verb, edits_between
from pd_tracker.imports.records import Key, Ledger, Writer
from pd_tracker.imports.rows import Line
from teachers.imports.district import RowPlanner, same_as, unlike

OWN = ("title", "category", "focus_areas", "cost")
KEPT_WHEN_BLANK = ("activity_type", "minutes", "evidence_tier")
LINKS = ("competencies", "also_touches")
OUR_FRAMEWORK = ("District", "")
LONGEST_CODE, LONGEST_FOCUS = 60, 400

# CEDS "Professional Development Activity Type" and plain words.
ACTIVITY_TYPES: dict[str, str] = {
    "one-time workshop training": ActivityType.WORKSHOP,
    "OneTimeWorkshopTraining": ActivityType.WORKSHOP,
    "training": ActivityType.WORKSHOP,
    "institute": ActivityType.WORKSHOP,
    "class": ActivityType.COURSE,
    "college": ActivityType.COLLEGE,
    "university course": ActivityType.COLLEGE,
    "consultation": ActivityType.COACHING,
    "advisement": ActivityType.COACHING,
    "person-to-person": ActivityType.COACHING,
    "P2P": ActivityType.COACHING,
    "PLC": ActivityType.LEARNING_COMMUNITY,
    "professional learning community": ActivityType.LEARNING_COMMUNITY,
    "webinar": ActivityType.ONLINE,
    "e-learning": ActivityType.ONLINE,
    "book study": ActivityType.SELF_STUDY,
}
EVIDENCE_TIERS: dict[str, str] = {
    "1": EvidenceTier.STRONG,
    "2": EvidenceTier.MODERATE,
    "3": EvidenceTier.PROMISING,
    "4": EvidenceTier.RATIONALE,
    "tier 1": EvidenceTier.STRONG,
    "tier 2": EvidenceTier.MODERATE,
    "tier 3": EvidenceTier.PROMISING,
    "tier 4": EvidenceTier.RATIONALE,
    "strong": EvidenceTier.STRONG,
    "moderate": EvidenceTier.MODERATE,
    "promising": EvidenceTier.PROMISING,
    "demonstrates a rationale": EvidenceTier.RATIONALE,
}


class CompetenciesByName:
    """Competencies as files name them: by code or by name, in any framework, or with the framework before them."""

    def __init__(self) -> None:
        self.found: dict[str, set[Key]] = {}
        self.stored: dict[Key, int] = {}
        rows = Competency.objects.filter(is_retired=False, framework__is_retired=False)
        for pk, *parts in rows.values_list("pk", "code", "name", "framework__name", "framework__version"):
            code, name, framework, version = parts
            key = (framework, version, code)
            self.stored[key] = pk
            for words in (code, name, f"{framework}: {code}", f"{framework} {version}: {code}"):
                self.found.setdefault(words.casefold(), set()).add(key)

    def named(self, words: str) -> set[Key]:
        return self.found.get(words.casefold(), set())


class CoursesPlanner(RowPlanner):
    def __init__(self, plan: Plan, asked: Asked) -> None:
        super().__init__(plan, asked)
        courses = Course.objects.filter(district=self.district)
        self.courses = Ledger(Course, key=("code",), fields=(*OWN, *KEPT_WHEN_BLANK, "provider__name"))
        self.courses.load(courses)
        self.providers = Ledger(Provider, key=("name",), fields=("number",)).load(Provider.objects.all())
        self.provider_names = {name.casefold(): name for (name,) in self.providers.stored}
        self.by_name = CompetenciesByName()
        self.frameworks = Ledger(Framework, key=("name", "version"), fields=()).load(Framework.objects.all())
        self.competencies = Ledger(Competency, key=("framework__name", "framework__version", "code"), fields=("name",))
        self.competencies.load(Competency.objects.all())
        self.linked: dict[tuple[str, str], set[Key]] = {}
        for link in LINKS:
            path = f"{link}__framework__name", f"{link}__framework__version", f"{link}__code"
            for code, *key in courses.filter(**{f"{link}__isnull": False}).values_list("code", *path):
                self.linked.setdefault((link, code), set()).add(tuple(key))
        self.links: dict[tuple[str, str], set[Key]] = {}
        self.seen: dict[str, Line] = {}

    def read(self, lines: Iterator[Line]) -> None:
        for line in lines:
            earlier = self.seen.setdefault(line["code"], line)
            if earlier is not line and dict(earlier) != dict(line):
                self.plan.reject(line.row, "code", unlike(earlier.row))
            elif self.is_sound(line):
                self.take(line, earlier)

    def problems(self, line: Line) -> Iterator[tuple[str, object]]:
        for link, words in [(name, words) for name in LINKS for words in line[name] or ()]:
            known = self.by_name.named(words)
            if len(words) > LONGEST_CODE and not known:
                yield link, _("“%(words)s …” is too long for a new competency") % {"words": words[:LONGEST_CODE]}
            if len(known) > 1:
                hint = _("“%(words)s” stands in more than one framework; write it as “framework: code”")
                yield link, hint % {"words": words}
        if len(listed(line["focus_areas"])) > LONGEST_FOCUS:
            words = _("the focus areas are longer than %(longest)d characters") % {"longest": LONGEST_FOCUS}
            yield "focus_areas", words

    def take(self, line: Line, earlier: Line) -> None:
        if earlier is not line:
            self.plan.note(line.row, None, same_as(earlier.row))
        values = line.given("title", "cost") | line.filled(*KEPT_WHEN_BLANK)
        if "category" in line:
            values["category"] = line["category"] or ""
        if "focus_areas" in line:
            values["focus_areas"] = listed(line["focus_areas"])
        if "provider" in line:
            values["provider__name"] = self.provider(line["provider"])
        difference = self.courses.put((line["code"],), values)
        edits = [self.named_edit(edit) for edit in difference.edits]
        edits += self.provider_number(line)
        edits += [edit for link in LINKS for edit in self.link(line, link)]
        verb = Verb.CREATED if difference.is_new else Verb.UPDATED if edits else Verb.UNCHANGED
        self.plan.settle(line.row, verb, f"{line['code']} {line['title']}", edits)

    def named_edit(self, edit: Edit) -> Edit:
        return Edit(edit.field.removesuffix("__name"), edit.old, edit.new)

    def provider(self, name: str | None) -> str | None:
        if name is None:
            return None
        known: str = self.provider_names.setdefault(name.casefold(), name)
        self.providers.put((known,), {})
        return known

    def provider_number(self, line: Line) -> list[Edit]:
        """It belongs to the provider: the last line that gives one decides. A blank cell takes none away."""
        number, name = line.filled("provider_number").get("provider_number"), line.filled("provider").get("provider")
        if not number or not name:
            return []
        difference = self.providers.put((self.provider(name),), {"number": number})
        return [Edit("provider_number", edit.old, edit.new) for edit in difference.edits]

    def link(self, line: Line, link: str) -> tuple[Edit, ...]:
        """A cell lists all competencies of the course; one that no framework has becomes the district's own."""
        if link not in line:
            return ()
        place = (link, line["code"])
        before = self.links.get(place, self.linked.get(place, set()))
        wanted = {self.competency(words) for words in line[link] or ()}
        if wanted == before:
            return ()
        self.links[place] = wanted
        return edits_between({link: codes(before)}, {link: codes(wanted)})

    def competency(self, words: str) -> Key:
        if known := self.by_name.named(words):
            return next(iter(known))
        key = (*OUR_FRAMEWORK, words)
        self.frameworks.put(OUR_FRAMEWORK, {})
        self.competencies.put(key, {"name": words})
        self.by_name.found[words.casefold()] = {key}
        return key

    # --- Writing ------------------------------------------------------------------------------------------------

    def write(self, writer: Writer) -> None:
        district = self.begin_writing(writer)
        self.providers.write(writer, lambda key: {"name": key[0]})
        self.frameworks.write(writer, lambda key: {"name": key[0], "version": key[1]})
        self.competencies.write(
            writer, lambda key: {"framework_id": self.frameworks.pk((key[0], key[1])), "code": key[2]}
        )
        self.courses.write(writer, lambda key: {"district_id": district.pk, "code": key[0]}, self.columns)
        self.write_links(writer)

    def columns(self, values: Mapping[str, Any]) -> dict[str, Any]:
        columns = {name: value for name, value in values.items() if name != "provider__name"}
        if "provider__name" in values:
            name = values["provider__name"]
            columns["provider_id"] = self.providers.pk((name,)) if name else None
        return columns

    def write_links(self, writer: Writer) -> None:
        """One course at a time: only so does the course's history keep which competencies it had."""
        courses = Course.objects.in_bulk({self.courses.pk((code,)) for _link, code in self.links})
        for (link, code), keys in self.links.items():
            course: Any = courses[self.courses.pk((code,))]
            course._history_user, course._change_reason = writer.user, writer.reason
            getattr(course, link).set([self.competencies.pk(key) for key in keys])


def listed(parts: tuple[str, ...] | None) -> str:
    return "; ".join(parts or ())


def codes(keys: set[Key]) -> str:
    return "; ".join(sorted(key[-1] for key in keys))


IMPORTER = Importer(
    kind="courses",
    title=gettext_lazy("Courses"),
    words=gettext_lazy("One row for each course of the catalog."),
    planner=CoursesPlanner,
    fields=(
        Field(
            "code",
            gettext_lazy("Code"),
            text(60),
            required=True,
            help=gettext_lazy("What completions name the course by."),
            example="PD-101",
            also=("course_code", "course_id", "course_number", "activity_id"),
        ),
        Field(
            "title",
            gettext_lazy("Title"),
            text(300),
            required=True,
            example="Reading instruction in grades 3 to 5",
            also=("course_title", "course_name", "name", "activity_title"),
        ),
        Field(
            "provider",
            gettext_lazy("Provider"),
            text(200),
            help=gettext_lazy("A name that is not known yet becomes a new provider."),
            example="Professional Learning Office",
            also=("provider_name", "vendor", "sponsor"),
        ),
        Field(
            "provider_number",
            gettext_lazy("Provider number"),
            text(60),
            help=gettext_lazy("As the state knows the provider; it stands on certificates."),
            example="500-123",
            also=("provider_id", "sponsor_number", "approval_number"),
        ),
        Field(
            "activity_type",
            gettext_lazy("Activity type"),
            choice(ActivityTypeName, ACTIVITY_TYPES),
            help=gettext_lazy("workshop, course, conference, coaching, mentoring, online … Empty means workshop."),
            example="workshop",
            also=("type", "delivery_type", "course_type"),
        ),
        Field(
            "minutes",
            gettext_lazy("Minutes"),
            integer(high=600_000),
            help=gettext_lazy("How long the course takes as a rule."),
            example=360,
            also=("duration", "duration_minutes", "length_minutes"),
        ),
        Field("category", gettext_lazy("Category"), text(60), example="Instruction", also=("credit_category",)),
        Field(
            "competencies",
            gettext_lazy("Competencies"),
            several,
            help=gettext_lazy("Codes or names between semicolons. What no framework has becomes the district's own."),
            example="C1; C4",
            also=("competency", "standards", "skills"),
        ),
        Field(
            "also_touches",
            gettext_lazy("Touches too"),
            several,
            help=gettext_lazy("Competencies it touches among other things, written in the same way."),
            example="C2",
            also=("related_competencies", "secondary_competencies", "related_standards"),
        ),
        Field(
            "focus_areas",
            gettext_lazy("Focus areas"),
            several,
            help=gettext_lazy("Words between semicolons."),
            example="literacy; inclusion",
            also=("focus_area", "focus", "topics", "tags"),
        ),
        Field(
            "cost",
            gettext_lazy("Cost per seat"),
            decimal(places=2, low=0, high=99_999_999),
            example=45,
            also=("price", "fee", "cost_per_seat"),
        ),
        Field(
            "evidence_tier",
            gettext_lazy("Evidence"),
            choice(EvidenceTierName, EVIDENCE_TIERS),
            help=gettext_lazy("ESSA tier: strong, moderate, promising, rationale, or unknown."),
            example="promising",
            also=("essa_tier", "evidence"),
        ),
    ),
)
