"""What each part of a recommendation says, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import EvidenceTierName
from learning_plans.rules.recommending import Part, PartName, Travel
from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words


class PartLabel(TextChoices):
    FIT = PartName.FIT.value, _("Fit with the need")
    EVIDENCE = PartName.EVIDENCE.value, _("Evidence that it works")
    AVAILABILITY = PartName.AVAILABILITY.value, _("Seats soon and near")
    COST = PartName.COST.value, _("Low cost")
    CREDIT = PartName.CREDIT.value, _("Credit")
    OPINIONS = PartName.OPINIONS.value, _("What colleagues say")


SENTENCES: dict[tuple[PartName, str], Promise] = {
    (PartName.FIT, "about"): _("It is about this very competency."),
    (PartName.FIT, "about_near"): _("It is about a wider or narrower competency of the same branch."),
    (PartName.FIT, "touches"): _("It touches this competency among other things."),
    (PartName.FIT, "touches_near"): _("It touches a wider or narrower competency of the same branch."),
    (PartName.EVIDENCE, "tier"): _("Evidence: %(tier)s."),
    (PartName.EVIDENCE, "unknown"): _("Nobody has recorded evidence for it."),
    (PartName.EVIDENCE, "local_better"): _(
        "Evidence: %(tier)s. In our own classrooms, %(kpi)s stood out as better the year after it: %(value)s %(unit)s "
        "(interval %(low)s to %(high)s, %(teachers)s teachers). An association, no proof."
    ),
    (PartName.EVIDENCE, "local_worse"): _(
        "Evidence: %(tier)s. In our own classrooms, %(kpi)s stood out as worse the year after it: %(value)s %(unit)s "
        "(interval %(low)s to %(high)s, %(teachers)s teachers). An association, no proof."
    ),
    (PartName.AVAILABILITY, "any_time"): _("You can begin any time, wherever you are."),
    (PartName.AVAILABILITY, "arranged"): _("It is arranged with a person, so no day is known yet."),
    (PartName.AVAILABILITY, "no_session"): _("No session is planned. You can ask for one."),
    (PartName.AVAILABILITY, "by_lot"): _("Next session on %(day)s, %(travel)s; seats are drawn by lot."),
    (PartName.AVAILABILITY, "full"): _("Next session on %(day)s, %(travel)s; all seats are taken."),
    (PartName.AVAILABILITY, "seats"): _("Next session on %(day)s, %(travel)s; seats left: %(seats)s."),
    (PartName.AVAILABILITY, "open"): _("Next session on %(day)s, %(travel)s; seats are not limited."),
    (PartName.COST, "unknown"): _("The cost is not recorded."),
    (PartName.COST, "price"): _("It costs %(cost)s for a seat."),
    (PartName.COST, "free"): _("It costs nothing."),
    (PartName.CREDIT, "none"): _("No hours are recorded for it."),
    (PartName.CREDIT, "hours"): _("It gives %(hours)s hours, in no category."),
    (PartName.CREDIT, "hours_in"): _("It gives %(hours)s hours in “%(category)s”."),
    (PartName.OPINIONS, "few"): _("Fewer than %(least)s colleagues have said what they think of it."),
    (PartName.OPINIONS, "mean"): _("Would colleagues recommend it? %(mean)s of 5, from %(count)s or more answers."),
}
TRAVEL: dict[Travel, Promise] = {
    Travel.ONLINE: _("online"),
    Travel.OWN_SCHOOL: _("at your school"),
    Travel.ELSEWHERE: _("away from your school"),
}
ROUND: dict[str, tuple[Kind, int | None]] = {
    "value": (Kind.DECIMAL, 2),
    "low": (Kind.DECIMAL, 2),
    "high": (Kind.DECIMAL, 2),
    "mean": (Kind.DECIMAL, 1),
    "cost": (Kind.MONEY, None),
    "day": (Kind.DATE, None),
}


def sentence(part: Part) -> str:
    return str(SENTENCES[part.name, part.why]) % _in_words(part.facts)


def _in_words(facts: Mapping[str, Any]) -> dict[str, str]:
    said = {name: in_words(value, *ROUND.get(name, (Kind.TEXT, None))) for name, value in facts.items()}
    if "minutes" in facts:
        said["hours"] = in_words(facts["minutes"] / 60, Kind.HOURS)
    if "tier" in facts:
        said["tier"] = str(EvidenceTierName(facts["tier"]).label)
    if "travel" in facts:
        said["travel"] = str(TRAVEL[facts["travel"]])
    return said
