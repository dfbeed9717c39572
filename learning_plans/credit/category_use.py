"""The categories a district uses, what each holds, and what of it does not count as nobody said what it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from learning_plans.credit.shelf import RuleShelf
from learning_plans.models import Completion, Course, LicenceStanding
from learning_plans.rules.credit.pack import CATEGORIES, Cycle, Pack

OWN, OF_LINES = "category", "credit_lines__category"


@dataclass(slots=True)
class Use:
    category: str
    courses: int = 0
    completions: int = 0
    minutes: int = 0
    uncounted_minutes: int = 0
    meaning: tuple[str, ...] | None = None
    spellings: set[str] = field(default_factory=set)
    unknown_to: frozenset[str] = frozenset()  # codes of rules that do not know what it means

    @property
    def hours(self) -> Decimal:
        return Decimal(self.minutes) / 60

    @property
    def uncounted_hours(self) -> Decimal:
        return Decimal(self.uncounted_minutes) / 60

    @property
    def is_unsaid(self) -> bool:
        return self.meaning is None and bool(self.unknown_to)


def packs_in_use(district_id: int, shelf: RuleShelf) -> list[Pack]:
    """The rules that decide about licenses now, or are chosen to."""
    standings = LicenceStanding.objects.filter(licence__teacher__district=district_id).order_by()
    codes = {*standings.values_list("rule_pack", flat=True).distinct(), *(each.rule_pack for each in shelf.choices)}
    return [pack for code in sorted(codes) if (pack := shelf.pack(code, ends_on=None))]


def codes_of_packs(packs: Iterable[Pack], shelf: RuleShelf) -> list[str]:
    """What a category can count as: what these rules know, and what somebody said before."""
    known = [*(code for pack in packs for code in pack.categories), *sum(shelf.meanings.values(), ())]
    return list(dict.fromkeys(known or CATEGORIES))


def uses(district_id: int, shelf: RuleShelf, packs: Iterable[Pack]) -> list[Use]:
    """Every category of courses and completions; first those of which nobody said what they mean."""
    found: dict[str, Use] = {}
    for category, count in _counted(Course.objects.filter(district=district_id), OWN, Count("pk")):
        _use(found, category).courses += count
    approved = Completion.objects.filter(teacher__district=district_id).counted()
    for name in (OWN, OF_LINES):
        for category, count, minutes in _counted(approved, name, Count("pk"), Sum("minutes")):
            use = _use(found, category)
            use.completions, use.minutes = use.completions + count, use.minutes + minutes
    for key, use in found.items():
        use.meaning = shelf.meanings.get(key)
        use.unknown_to = _unknown_to(shelf.codes_of(use.category), packs)
    _add_uncounted(found.values(), approved)
    return sorted(found.values(), key=lambda use: (not use.is_unsaid, -use.uncounted_minutes, use.category.casefold()))


def _counted(rows: QuerySet[Any], name: str, *figures: Any) -> Any:
    named = rows.exclude(**{name: ""}).exclude(**{name: None}) if name == OF_LINES else rows.exclude(**{name: ""})
    return named.order_by().values_list(name).annotate(*figures)


def _use(found: dict[str, Use], category: str) -> Use:
    use = found.setdefault(category.casefold(), Use(category))
    use.spellings.add(category)
    return use


def _unknown_to(codes: tuple[str, ...], packs: Iterable[Pack]) -> frozenset[str]:
    asking = (pack for pack in packs if pack.cycle is not Cycle.NONE)
    return frozenset(pack.id for pack in asking if codes and set(codes).isdisjoint(pack.categories))


def _add_uncounted(found: Iterable[Use], approved: QuerySet[Completion]) -> None:
    """Minutes inside a period that is decided by rules that do not know the category."""
    groups: dict[frozenset[str], dict[str, Use]] = defaultdict(dict)
    for use in found:
        if use.unknown_to:
            groups[use.unknown_to] |= dict.fromkeys(use.spellings, use)
    for codes, by_spelling in groups.items():
        deciding = LicenceStanding.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=OuterRef("completed_on")),
            licence__teacher=OuterRef("teacher"),
            rule_pack__in=codes,
            begins_on__lte=OuterRef("completed_on"),
        )
        there = approved.filter(Exists(deciding))
        for name in (OWN, OF_LINES):
            rows = there.filter(**{f"{name}__in": by_spelling}).order_by().values_list(name)
            for category, minutes in rows.annotate(minutes_there=Sum(F("minutes"))):
                by_spelling[category].uncounted_minutes += minutes
