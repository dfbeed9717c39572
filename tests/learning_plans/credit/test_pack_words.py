"""Every rule of a pack is spoken of: one that is added without words is noticed here."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

from learning_plans.credit.pack_text_words import PROBLEM_WORDS, problem_sentence
from learning_plans.credit.pack_words import about, described
from learning_plans.rules.credit import pack as packs
from learning_plans.rules.credit.reading import PROBLEMS, BadPack, read_pack
from learning_plans.rules.credit.shelf import shipped

SEVEN, NINE, DAY = Fraction(7), Fraction(9), date(2031, 5, 6)
WHEN = packs.When(fact="retired")
CHOICE = packs.Choice(categories=("reading",))
MINIMUM = packs.Minimum("reading", CHOICE, amount=SEVEN)
# One of each part, and for each of its fields another value that has to change the words.
PARTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "When": (
        WHEN,
        {
            "types": ("A",), "endorsements": ("A",), "without_endorsements": ("A",), "positions": ("aide",),
            "fact": "exam", "fact_below": NINE, "without_fact": "exam", "window_from_since": DAY,
            "window_from_before": DAY, "window_until_since": DAY, "active_on": DAY,
        },
    ),
    "Choice": (CHOICE, {"categories": ("stem",), "activities": ("exam",), "units": ("ceu",)}),
    "Total": (packs.Total(SEVEN), {"amount": NINE, "fact": "exam", "per_week": NINE, "when": WHEN}),
    "Increment": (packs.Increment(SEVEN), {"amount": NINE, "minimum": NINE}),
    "Minimum": (MINIMUM, {"key": "stem", "of": packs.Choice(), "amount": NINE, "percent": NINE, "when": WHEN}),
    "Maximum": (
        packs.Maximum("reading", CHOICE, amount=SEVEN),
        {
            "key": "stem", "of": packs.Choice(), "amount": NINE, "percent": NINE, "per": packs.Per.DAY, "when": WHEN,
        },
    ),
    "Conversion": (
        packs.Conversion("ceu", SEVEN),
        {"unit": "scech", "gives": NINE, "of": CHOICE, "is_flat": True, "since": DAY, "until": DAY},
    ),
    "Multiplier": (packs.Multiplier(CHOICE, SEVEN), {"of": packs.Choice(), "times": NINE}),
    "Carry": (
        packs.Carry(),
        {"most": NINE, "last_years": 2, "since_month_day": (4, 1), "categories": ("reading",)},
    ),
    "Exemption": (packs.Exemption("retired", WHEN), {"key": "position", "when": packs.When(fact="exam")}),
    "Substitution": (
        packs.Substitution("exam", WHEN),
        {
            "key": "retired", "when": packs.When(fact="exam"), "is_all": True, "required": NINE,
            "adds": (("reading", NINE),),
        },
    ),
    "Extension": (packs.Extension("granted", 1, WHEN), {"key": "law", "years": 2, "when": packs.When(fact="exam")}),
    "Yearly": (packs.Yearly("exam", SEVEN), {"activity": "coaching", "fte_at_least": NINE}),
    "Check": (packs.Check("exam", 7), {"fact": "mentor_assigned_on", "within_days": 9}),
}  # fmt: skip
BASE = packs.Pack("x", "Ours", "NY", "hour", packs.Sureness.HIGH, (), totals=(packs.Total(SEVEN),))
# For each field of a pack, what has to change its words; two minimums are needed for one that is about several.
PACK: dict[str, Any] = {
    "id": "y", "title": "Others", "jurisdiction": "PA", "unit": "point", "sureness": packs.Sureness.LOW,
    "sources": ("A law",), "owner": "HR", "notes": ("Mind this",), "cycle": packs.Cycle.SCHOOL_YEAR, "years": 6,
    "renew_from_months": 3, "totals": (packs.Total(NINE),), "each_more_endorsement": packs.Increment(SEVEN),
    "minimums": (MINIMUM,), "maximums": (PARTS["Maximum"][0],), "topic_at_least": NINE,
    "conversions": (PARTS["Conversion"][0],), "multipliers": (PARTS["Multiplier"][0],), "counts_only": CHOICE,
    "serves_two_minimums": True, "plan_first": True, "carry": packs.Carry(), "prorated_by": ("fte",),
    "exemptions": (PARTS["Exemption"][0],), "substitutions": (PARTS["Substitution"][0],),
    "extensions": (PARTS["Extension"][0],), "yearly": PARTS["Yearly"][0], "checks": (PARTS["Check"][0],),
    "also_categories": ("knowledge",), "also_facts": ("exam",),
}  # fmt: skip


def words(pack: packs.Pack) -> str:
    return f"{about(pack)} {described(pack)}"


@pytest.mark.parametrize("name", [each.name for each in fields(packs.Pack)])
def test_every_field_of_a_pack_is_spoken_of(name):
    assert words(replace(BASE, **{name: PACK[name]})) != words(BASE)


def holding(part: Any) -> packs.Pack:
    """A pack with one such part."""
    match part:
        case packs.When():
            return replace(BASE, exemptions=(packs.Exemption("retired", part),))
        case packs.Choice():
            return replace(BASE, counts_only=part)
        case packs.Total():
            return replace(BASE, totals=(part,))
    names = {"Increment": "each_more_endorsement", "Carry": "carry", "Yearly": "yearly"}
    kind = type(part).__name__
    return replace(BASE, **({names[kind]: part} if kind in names else {f"{kind.lower()}s": (part,)}))


def parts_of_packs() -> list[tuple[str, str]]:
    kinds = [each for each in vars(packs).values() if isinstance(each, type) and is_dataclass(each)]
    return [(kind.__name__, each.name) for kind in kinds if kind is not packs.Pack for each in fields(kind)]


@pytest.mark.parametrize(("kind", "name"), parts_of_packs())
def test_every_field_of_every_part_is_spoken_of(kind, name):
    part, changes = PARTS[kind]
    instead = {"amount": None} if name in ("percent", "per_week") or (kind, name) == ("Total", "fact") else {}
    changed = replace(part, **{name: changes[name]} | instead)
    assert words(holding(changed)) != words(holding(part))


@pytest.mark.parametrize("by", ["fte", "presence"])
def test_each_way_of_owing_a_part_is_spoken_of(by):
    assert words(replace(BASE, prorated_by=(by,))) != words(BASE)


@pytest.mark.parametrize("code", shipped())
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_shipped_pack_is_told_in_words(code, language):
    with translation.override(language):
        found = described(shipped()[code])
    assert all(sentence.strip() for part in found for sentence in part.sentences)
    assert "%(" not in str(found)


def test_a_whole_pack_reads_like_this():
    told = {part.title: part.sentences for part in described(shipped()["NY-CTLE"])}
    assert told["What is owed, and by whom"] == (
        "A period runs from the first to the last day of the license. It is 5 years long.",
        "100 hours are owed.",
    )
    assert told["What it is worth"][0] == "Semester credit: one is worth 15 hours."
    assert told["At least"][1] == (
        "Language acquisition: 15 percent of what is owed (category: language acquisition). "
        "This holds without an endorsement in ESOL or bilingual."
    )
    sure = dict(about(shipped()["VA-10-year"]))["How sure"]
    assert sure == "Unverified: sources disagree. Ask the state before you rely on it."


def test_what_is_wrong_with_a_text_is_said_in_every_language():
    assert set(PROBLEM_WORDS) == set(PROBLEMS)
    assert {key: str(words) for key, words in PROBLEM_WORDS.items()} == PROBLEMS
    with pytest.raises(BadPack) as refused:
        read_pack('id = "X"\ntitle = "Ours"\nsureness = "Q"\n[[total]]\namount = "1"')
    assert problem_sentence(refused.value) == "At pack.sureness: “Q” is none of H, M, L."
    with translation.override("es"):
        assert problem_sentence(refused.value) == "En pack.sureness: “Q” no es ninguno de H, M, L."
