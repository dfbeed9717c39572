"""A rule that recurs, in words: when it asks, until when training counts, and what counts early."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from learning_plans.models import AssignmentRule
from learning_plans.models.choices import DueRuleName
from learning_plans.rules.choices import DueRule, Repeats
from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words


def due_in_words(rule: AssignmentRule) -> str:
    if rule.due_rule == DueRule.NONE:
        return str(DueRuleName.NONE.label)
    if rule.due_on is not None:
        if rule.repeats in {Repeats.SCHOOL_YEAR, Repeats.CYCLE}:
            return _("On %(day)s") % {"day": date_format(rule.due_on, pgettext("day of any year", "F j"))}
        return _("On %(day)s") % {"day": in_words(rule.due_on, Kind.DATE)}
    days = rule.due_days or 0
    words = {
        DueRule.AFTER_HIRE: ngettext("%(n)d day after being hired", "%(n)d days after being hired", days),
        DueRule.AFTER_JOINING: ngettext(
            "%(n)d day after the rule first holds", "%(n)d days after the rule first holds", days
        ),
        DueRule.AFTER_START: ngettext("%(n)d day after the start", "%(n)d days after the start", days),
    }
    return words[DueRule(rule.due_rule)] % {"n": days}


def recurrence_in_words(rule: AssignmentRule) -> list[str]:
    """One sentence each; the page says them all, so that nobody has to guess what counts."""
    match Repeats(rule.repeats):
        case Repeats.SCHOOL_YEAR:
            return [*every_school_year(rule.early_days), newcomers()]
        case Repeats.CYCLE:
            first = in_words(rule.cycle_from, Kind.DATE)
            return [*every_cycle(rule.every_years or 1, first, rule.early_days), newcomers()]
        case Repeats.COMPLETION:
            return [*after_each_completion(rule.every_years or 1, rule.early_days), newcomers()]
        case Repeats.ONCE:
            return []


def every_school_year(early: int) -> Iterator[str]:
    yield _("Every school year asks for it anew.")
    yield ngettext(
        "A completion counts for the school year it lies in; from %(n)d day before a school year on, it "
        "counts for that year already.",
        "A completion counts for the school year it lies in; from %(n)d days before a school year on, it "
        "counts for that year already.",
        early,
    ) % {"n": early}


def every_cycle(years: int, first: str, early: int) -> Iterator[str]:
    yield ngettext(
        "It comes back every year, in cycles that follow each other from %(day)s on.",
        "It comes back every %(n)d years, in cycles that follow each other from %(day)s on.",
        years,
    ) % {"n": years, "day": first}
    yield ngettext(
        "A completion counts for the cycle it lies in; from %(n)d day before a cycle on, it counts for "
        "that cycle already.",
        "A completion counts for the cycle it lies in; from %(n)d days before a cycle on, it counts for "
        "that cycle already.",
        early,
    ) % {"n": early}


def after_each_completion(years: int, early: int) -> Iterator[str]:
    yield ngettext(
        "Each completion is good for a year from its day on; the next one is due on the day it runs out.",
        "Each completion is good for %(n)d years from its day on; the next one is due on the day it runs out.",
        years,
    ) % {"n": years}
    yield ngettext(
        "It is asked for again %(n)d day before it runs out. Whoever renews it earlier starts a new count "
        "from that day.",
        "It is asked for again %(n)d days before it runs out. Whoever renews it earlier starts a new count "
        "from that day.",
        early,
    ) % {"n": early}
    yield _("What ran out before the rule held for a person does not count; they begin as if they had none.")


def newcomers() -> str:
    return _("Nobody is late from the start: who joins after the due day gets 30 days.")
