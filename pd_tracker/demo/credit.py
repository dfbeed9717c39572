"""Renewal rules of the invented state, what its categories mean in them, and where everybody's license stands."""

from __future__ import annotations

from learning_plans.actions.standings import bring_up_to_date
from learning_plans.models import CategoryMeaning, ContractHours, DistrictPack, PackChoice, PackVersion
from learning_plans.rules.credit.amending import renamed
from learning_plans.rules.credit.shelf import texts
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add, moment
from teachers.rules.choices import Position

RULES = "NY-CTLE"
# Nobody has said yet what Technology means: its hours wait, with the reason beside them.
MEANINGS: dict[str, tuple[str, ...]] = {
    "Required": (),
    "Classroom climate": ("pedagogy",),
    "Instruction": ("pedagogy",),
    "Assessment": ("pedagogy",),
    "Inclusion": ("language_acquisition", "disabilities"),
    "Content: mathematics": ("content", "stem"),
    "Content: literacy": ("content", "reading"),
    "Content: science": ("content", "stem"),
    "Families": ("equity",),
    "Coaching": ("pedagogy",),
    "Leadership": ("leadership",),
}


# The district's own contract asks for hours beside the state, and its own rules wait until somebody chooses them.
CONTRACT, OF_AIDES = 18, 6
OURS, OUR_TITLE = "NY-ours", "New York as we handle it: more on language"


def add_credit(loaded: Loaded) -> None:
    district, today = loaded.district, loaded.played.today
    add([PackChoice(district=district, rule_pack=RULES)])
    add(CategoryMeaning(district=district, category=name, codes=list(codes)) for name, codes in MEANINGS.items())
    add_contract(loaded)
    add_own_rules(loaded)
    bring_up_to_date(district=district, on=today, at=moment(today))


def add_contract(loaded: Loaded) -> None:
    district = loaded.district
    add(
        [
            ContractHours(district=district, hours=CONTRACT),
            ContractHours(district=district, hours=OF_AIDES, position=Position.AIDE.value),
        ]
    )


def add_own_rules(loaded: Loaded) -> None:
    """A copy of the state's rules, and a second version that asks for more."""
    at, text = moment(loaded.played.today), renamed(texts()[RULES], code=OURS, title=OUR_TITLE)
    (pack,) = add([DistrictPack(district=loaded.district, code=OURS, title=OUR_TITLE, based_on=RULES, owner="HR")])
    more = text.replace('percent = "15"', 'percent = "20"')
    add(
        PackVersion(pack=pack, number=number, text=words, holds_from=None, reason=reason, made_at=at)
        for number, words, reason in (
            (1, text, f"Made from {RULES}."),
            (2, more, "The board wants a fifth of the hours on language acquisition."),
        )
    )
