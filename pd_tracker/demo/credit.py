"""Renewal rules of the invented state, what its categories mean in them, and where everybody's license stands."""

from __future__ import annotations

from learning_plans.actions.standings import bring_up_to_date
from learning_plans.models import CategoryMeaning, PackChoice
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add, moment

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


def add_credit(loaded: Loaded) -> None:
    district, today = loaded.district, loaded.played.today
    add([PackChoice(district=district, rule_pack=RULES)])
    add(CategoryMeaning(district=district, category=name, codes=list(codes)) for name, codes in MEANINGS.items())
    bring_up_to_date(district=district, on=today, at=moment(today))
