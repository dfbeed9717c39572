"""Why another system counts differently, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.credit.wording import name_of
from learning_plans.rules.credit.decision import Reason

REASONS: dict[str, Any] = {
    Reason.PARTLY_OVER_MAXIMUM: gettext_lazy("above a maximum"),
    Reason.OVER_MAXIMUM: gettext_lazy("above a maximum that is reached"),
    Reason.PENDING: gettext_lazy("waiting for approval"),
    Reason.VOIDED: gettext_lazy("voided"),
    Reason.NOT_YET: gettext_lazy("dated after that day"),
    Reason.BEFORE_WINDOW: gettext_lazy("before the period"),
    Reason.AFTER_WINDOW: gettext_lazy("after the period"),
    Reason.BEFORE_PLAN: gettext_lazy("before the plan was approved"),
    Reason.NO_PLAN: gettext_lazy("without an approved plan"),
    Reason.UNKNOWN_UNIT: gettext_lazy("in a unit that the rules do not know"),
    Reason.UNKNOWN_CATEGORY: gettext_lazy("in a category that the rules do not know"),
    Reason.UNKNOWN_ACTIVITY: gettext_lazy("of a kind that the rules do not know"),
    Reason.OTHER_ACTIVITY: gettext_lazy("of a kind that is not asked for"),
    Reason.BELOW_ZERO: gettext_lazy("below 0"),
    Reason.TOPIC_TOO_SHORT: gettext_lazy("on topics that are too short to count"),
    Reason.SAME_HOUR: gettext_lazy("told twice"),
    Reason.NOTHING_OWED: gettext_lazy("where nothing is owed"),
    "credit": gettext_lazy("between the time spent and the credit given"),
    "carried_in": gettext_lazy("carried over from the period before"),
    "substituted": gettext_lazy("added by a substitution"),
}
ABOUT_REQUIRED: dict[str, Any] = {
    "waived": gettext_lazy("a waiver"),
    "waived_part": gettext_lazy("a waiver"),
    "exempt": gettext_lazy("an exemption"),
    "prorated_by_fte": gettext_lazy("part-time work"),
    "prorated_by_presence": gettext_lazy("days present"),
    "substituted": gettext_lazy("a substitution"),
    "more_endorsements": gettext_lazy("more endorsements"),
    "no_hour_rule": gettext_lazy("no hours are asked for"),
    "no_window": gettext_lazy("the days of the license are missing"),
    "total_unknown": gettext_lazy("what is owed is not known"),
    "total": gettext_lazy("other rules"),
}


def spoken(reasons: Iterable[Mapping[str, Any]], unit: str) -> list[str]:
    return [_spoken(each, name_of(unit)) for each in reasons]


def _spoken(reason: Mapping[str, Any], unit: str) -> str:
    key, amount = reason["key"], str(reason.get("amount", ""))
    said = {"amount": amount.removeprefix("-"), "unit": unit, "count": reason.get("count", 1)}
    if key == "no_rules":
        return _("Nobody knows the renewal rules of this license.")
    if key == "too_much":
        return _("Together these are more than the difference: some of them did not count there, either.")
    if key == "required":
        why = ", ".join(str(ABOUT_REQUIRED[each]) for each in reason["about"])
        return _("Another sum is required (%(amount)s %(unit)s apart): %(why)s.") % (said | {"why": why})
    if key == "rest":
        if amount.startswith("-"):
            words = _("%(amount)s %(unit)s are counted here and not there, and nothing on record says why.")
        else:
            words = _("%(amount)s %(unit)s are not explained by what is on record: perhaps they were never loaded.")
        return words % said
    words = _("%(amount)s %(unit)s %(why)s (%(count)s).")
    about = f" ({', '.join(filter(None, reason['about']))})" if any(reason["about"]) else ""
    return words % (said | {"why": f"{REASONS[key]}{about}"})
