"""The renewal rules of a district: those that come with the product, its own versions, and which hold for whom."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from learning_plans.models import CategoryMeaning, DistrictPack, PackChoice, PackVersion
from learning_plans.rules.credit.pack import Pack
from learning_plans.rules.credit.reading import read_pack
from learning_plans.rules.credit.shelf import fingerprint, shipped
from teachers.models import Licence

NO_HOURS = "none"
ALWAYS = date.min


@dataclass(frozen=True, slots=True)
class Version:
    holds_from: date
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    jurisdiction: str
    licence_type: str
    holds_from: date
    rule_pack: str

    @property
    def key(self) -> tuple[str, str]:
        return self.jurisdiction.casefold(), self.licence_type.casefold()

    @property
    def closeness(self) -> int:
        return sum(map(bool, self.key))

    def fits(self, licence: Licence) -> bool:
        jurisdiction, licence_type = self.key
        return jurisdiction in ("", licence.jurisdiction.casefold()) and licence_type in (
            "",
            licence.licence_type.casefold(),
        )


@dataclass(frozen=True)
class RuleShelf:
    """What a district's rules are at one moment; `replace` gives the shelf as it would be."""

    versions: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)  # by code, in order of their days
    owners: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by category, in small letters

    def code_for(self, licence: Licence) -> str:
        """The code a license names itself, or what the district chose for its state and type, the closest first."""
        return licence.rule_pack or self.chosen_for(licence) or NO_HOURS

    def chosen_for(self, licence: Licence) -> str:
        """Nothing where nothing was chosen. A choice without rules ends an earlier one; then wider ones hold again."""
        ends_on = licence.ends_on or date.max
        latest: dict[tuple[int, str, str], Choice] = {}
        for each in self._choices_in_order:
            if each.holds_from <= ends_on and each.fits(licence):
                latest[each.closeness, *each.key] = each
        found = [(closeness, each.holds_from, each.rule_pack) for (closeness, *_), each in latest.items()]
        return max((each for each in found if each[2]), default=(0, ALWAYS, ""))[2]

    @cached_property
    def _choices_in_order(self) -> list[Choice]:
        return sorted(self.choices, key=lambda each: (each.holds_from, each.rule_pack))

    def pack(self, code: str, *, ends_on: date | None) -> Pack | None:
        """The rules of a code for a period that ends on a day; none where nobody knows the code."""
        own = self.versions.get(code)
        if own is None:
            return shipped().get(code)
        held = [each for each in own if each.holds_from <= (ends_on or date.max)] or [own[0]]
        return _own_pack(code, held[-1].text, self.owners.get(code, ""))

    def pack_for(self, licence: Licence) -> Pack | None:
        return self.pack(self.code_for(licence), ends_on=licence.ends_on)

    def codes_of(self, category: str) -> tuple[str, ...]:
        """What a category of the district is called in rules; itself, where nobody said what it means."""
        if not category:
            return ()
        meaning = self.meanings.get(category.casefold())
        return (category,) if meaning is None else meaning

    @cached_property
    def fingerprint(self) -> str:
        """Changes with every rule that could decide differently."""
        said = (fingerprint(), sorted(self.versions.items()), self.choices, sorted(self.meanings.items()))
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def with_version(self, code: str, version: Version) -> RuleShelf:
        kept = sorted((*self.versions.get(code, ()), version), key=lambda each: each.holds_from)
        return replace(self, versions={**self.versions, code: tuple(kept)})

    def with_choice(self, choice: Choice) -> RuleShelf:
        """A choice for the same licenses from the same day on takes the place of the one before."""
        others = self.without_choice(choice).choices
        return replace(self, choices=(*others, choice))

    def without_choice(self, choice: Choice) -> RuleShelf:
        place = (choice.key, choice.holds_from)
        return replace(self, choices=tuple(each for each in self.choices if (each.key, each.holds_from) != place))

    def with_meanings(self, said: Mapping[str, Sequence[str] | None]) -> RuleShelf:
        """What categories mean, and which of them nobody says anything about any more."""
        meanings = dict(self.meanings)
        for category, codes in said.items():
            meanings.pop(category.casefold(), None)
            if codes is not None:
                meanings[category.casefold()] = tuple(codes)
        return replace(self, meanings=meanings)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that stands for rules here."""
        return tuple(sorted({*shipped(), *self.versions}))


@lru_cache(maxsize=200)
def _own_pack(code: str, text: str, owner: str) -> Pack:
    return replace(read_pack(text, name=code), id=code, owner=owner)


def shelves(district_ids: Iterable[int]) -> dict[int, RuleShelf]:
    """The shelf of each district, in a number of queries that does not depend on how many there are."""
    found = {pk: _Books() for pk in district_ids}
    rows = PackVersion.objects.filter(pack__district__in=found).order_by("number")
    for pk, code, holds_from, text in rows.values_list("pack__district", "pack__code", "holds_from", "text"):
        found[pk].versions.setdefault(code, []).append(Version(holds_from or ALWAYS, text))
    for pk, code, owner in DistrictPack.objects.filter(district__in=found).values_list("district", "code", "owner"):
        found[pk].owners[code] = owner
    fields = ("district", "jurisdiction", "licence_type", "holds_from", "rule_pack")
    for pk, *choice in PackChoice.objects.filter(district__in=found).values_list(*fields):
        jurisdiction, licence_type, holds_from, rule_pack = choice
        found[pk].choices.append(Choice(jurisdiction, licence_type, holds_from or ALWAYS, rule_pack))
    meanings = CategoryMeaning.objects.filter(district__in=found)
    for pk, category, codes in meanings.values_list("district", "category", "codes"):
        found[pk].meanings[category.casefold()] = tuple(codes)
    return {pk: books.shelf() for pk, books in found.items()}


def shelf_of(district_id: int) -> RuleShelf:
    return shelves([district_id])[district_id]


@dataclass(slots=True)
class _Books:
    versions: dict[str, list[Version]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    meanings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def shelf(self) -> RuleShelf:
        ordered = {code: tuple(sorted(rows, key=lambda each: each.holds_from)) for code, rows in self.versions.items()}
        return RuleShelf(ordered, self.owners, tuple(self.choices), self.meanings)
