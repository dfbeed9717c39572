"""Short ways to say facts in tests."""

from __future__ import annotations

from typing import Any

from learning_plans.rules.credit.deciding import decide
from learning_plans.rules.credit.decision import Decision
from learning_plans.rules.credit.facts import read_facts
from learning_plans.rules.credit.shelf import shipped

PERIODS = {
    "TX-teacher": ("2021-03-01", "2026-02-28"),
    "NJ-PDP": ("2025-07-01", "2026-06-30"),
    "KY-annual": ("2025-07-01", "2026-06-30"),
    "CA-induction": ("2024-08-01", "2026-07-31"),
}


def line(
    amount: Any, activity: str = "workshop", *categories: str, unit: str = "hour", on: str = "", **also: Any
) -> Any:
    return {"amount": amount, "activity": activity, "categories": list(categories), "unit": unit, "date": on} | also


def decision(pack: str, *lines: Any, endorsements: Any = (), as_of: str = "", **facts: Any) -> Decision:
    """A decision on the last day of a period; lines without a day lie early in it."""
    first, last = facts.pop("period", PERIODS.get(pack, ("2021-07-01", "2026-06-30")))
    given = {
        "as_of": as_of or last,
        "licence": {"type": "", "valid_from": first, "valid_until": last, "endorsements": list(endorsements)},
        "employment": facts.pop("employment", []),
        "leave": facts.pop("leave", []),
        "previous": facts.pop("previous", None),
        "facts": facts,
        "lines": [each | {"date": each["date"] or first} for each in lines],
    }
    return decide(shipped()[pack], read_facts(given))
