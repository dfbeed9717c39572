"""The text of renewal rules in words: what is wrong with it, and what each of its numbers is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.credit.pack_words import conditions, day_words, of_words
from learning_plans.credit.wording import name_of
from learning_plans.rules.credit.amending import Number
from learning_plans.rules.credit.pack import Pack
from learning_plans.rules.credit.reading import PROBLEMS, BadPack, read_pack

PROBLEM_WORDS: dict[str, Any] = {
    "no_table": gettext_lazy("here a table of names and values is expected."),
    "no_text": gettext_lazy("a text is expected."),
    "unquoted": gettext_lazy('write a number in quotes, like "22.5".'),
    "no_number": gettext_lazy("“%(value)s” is not a number."),
    "too_large": gettext_lazy("“%(value)s” is larger than a number can be here."),
    "below_zero": gettext_lazy("a number below 0 makes no sense here."),
    "number_missing": gettext_lazy("a number is expected."),
    "not_whole": gettext_lazy("a whole number from 0 to %(most)s is expected."),
    "no_flag": gettext_lazy("true or false is expected."),
    "no_day": gettext_lazy("a day like 2020-07-01 is expected, without quotes."),
    "no_texts": gettext_lazy("a list of texts is expected."),
    "unknown_code": gettext_lazy("“%(value)s” is none of %(known)s."),
    "no_tables": gettext_lazy("a list of tables is expected."),
    "too_many": gettext_lazy("%(count)s are too many; %(most)s are enough."),
    "unknown_key": gettext_lazy("nothing is known by this name here."),
    "no_toml": gettext_lazy("this is not TOML. %(why)s"),
    "too_deep": gettext_lazy("lists and tables stand too deep in one another."),
    "too_long": gettext_lazy("the rules are too long: %(most)s characters are enough."),
    "nothing_owed": gettext_lazy("say what is owed, or set cycle to none."),
    "one_of_total": gettext_lazy("give one of amount, fact and per_week."),
    "one_of_limit": gettext_lazy("give one of amount and percent."),
    "no_month_day": gettext_lazy("a day of the year like 04-01 is expected."),
}
NUMBER_WORDS: dict[str, Any] = {
    ".years": gettext_lazy("Years of a period"),
    ".renew_from_months": gettext_lazy("Months before its end from which renewal is possible"),
    ".topic_at_least": gettext_lazy("Least number on one topic"),
    "total.amount": gettext_lazy("Owed: %(what)s"),
    "total.per_week": gettext_lazy("Owed for each week: %(what)s"),
    "each_more_endorsement.amount": gettext_lazy("More for each further endorsement"),
    "each_more_endorsement.minimum": gettext_lazy("Of these, in that endorsement's own content"),
    "minimum.amount": gettext_lazy("At least: %(what)s"),
    "minimum.percent": gettext_lazy("At least, in percent of what is owed: %(what)s"),
    "maximum.amount": gettext_lazy("At most: %(what)s"),
    "maximum.percent": gettext_lazy("At most, in percent of what is owed: %(what)s"),
    "conversion.gives": gettext_lazy("What one is worth: %(what)s"),
    "multiplier.times": gettext_lazy("Counted so many times: %(what)s"),
    "carry.most": gettext_lazy("Carried into the next period, at most"),
    "carry.last_years": gettext_lazy("Carried only from so many last years"),
    "yearly.fte_at_least": gettext_lazy("FTE from which a year asks for it"),
}


def problem_sentence(error: BadPack) -> str:
    """What is wrong with the text of rules, and where, in the reader's language."""
    words = str(PROBLEM_WORDS.get(error.problem) or PROBLEMS[error.problem]) % error.detail
    return _("At %(place)s: %(words)s") % {"place": error.place, "words": words}


def number_labels(text: str, found: Sequence[Number]) -> dict[str, str]:
    """What each number of a text is about, by its key."""
    pack = read_pack(text)
    return {each.key: _number_label(pack, each) for each in found}


def _number_label(pack: Pack, number: Number) -> str:
    words = str(NUMBER_WORDS[f"{number.table}.{number.name}"])
    return words % {"what": _about(pack, number)} if number.nth else words


def _about(pack: Pack, number: Number) -> str:
    match number.table:
        case "total":
            total = pack.totals[number.nth - 1]
            return "; ".join([name_of(pack.unit), *conditions(total.when)])
        case "minimum" | "maximum":
            rules: Sequence[Any] = pack.minimums if number.table == "minimum" else pack.maximums
            rule = rules[number.nth - 1]
            return "; ".join([name_of(rule.key), *conditions(rule.when)])
        case "conversion":
            each = pack.conversions[number.nth - 1]
            return f"{name_of(each.unit)}{of_words(each.of)}{day_words(each)}"
    return of_words(pack.multipliers[number.nth - 1].of).strip(" ()")
