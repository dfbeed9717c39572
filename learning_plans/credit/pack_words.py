"""Renewal rules in plain words: what is owed and by whom, what counts and how much, what takes its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from learning_plans.credit.wording import amount_text, name_of
from learning_plans.rules.credit import pack as packs
from learning_plans.rules.credit.pack import Choice, Cycle, Pack, Per, Sureness, When

SURENESS: dict[Sureness, Any] = {
    Sureness.HIGH: gettext_lazy("Read in the rule text or on the agency's page."),
    Sureness.MEDIUM: gettext_lazy("Read on a district's, union's or vendor's page, or only in part. Check it."),
    Sureness.LOW: gettext_lazy("Unverified: sources disagree. Ask the state before you rely on it."),
}
SURENESS_NAMES: dict[Sureness, Any] = {
    Sureness.HIGH: gettext_lazy("Sure"),
    Sureness.MEDIUM: gettext_lazy("Fairly sure"),
    Sureness.LOW: gettext_lazy("Unverified"),
}
PER: dict[Per, Any] = {
    Per.PERIOD: gettext_lazy("in a period"),
    Per.YEAR: gettext_lazy("in a year from July to June"),
    Per.DAY: gettext_lazy("on one day"),
    Per.TOPIC: gettext_lazy("on one topic"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and the sentences under it."""

    title: Any
    sentences: tuple[str, ...]


def described(pack: Pack) -> list[Part]:
    """Everything that the rules say, part by part; what they do not say is left out."""
    found = (
        Part(_("What is owed, and by whom"), tuple(_owed(pack))),
        Part(_("At least"), tuple(_least(pack, each) for each in pack.minimums)),
        Part(_("At most"), tuple(_most(pack, each) for each in pack.maximums)),
        Part(_("What counts"), tuple(_counts(pack))),
        Part(_("What it is worth"), tuple(_worth(pack))),
        Part(_("Carried into the next period"), tuple(_carried(pack))),
        Part(_("Who owes nothing"), tuple(_exempt(each) for each in pack.exemptions)),
        Part(_("What takes its place"), tuple(_substituted(pack, each) for each in pack.substitutions)),
        Part(_("Periods made longer"), tuple(_extended(each) for each in pack.extensions)),
        Part(_("Besides hours"), tuple(_besides(pack))),
        Part(_("Notes"), pack.notes),
    )
    return [part for part in found if part.sentences]


def about(pack: Pack) -> list[tuple[Any, str]]:
    """Where the rules come from and who answers for them, as pairs for a list of facts."""
    return [
        (_("Short name"), pack.id),
        (_("Name"), pack.title),
        (_("State"), pack.jurisdiction or _("Any")),
        (_("Counted in"), name_of(pack.unit)),
        (_("How sure"), str(SURENESS[pack.sureness])),
        (_("Sources"), "; ".join(pack.sources) or _("None named")),
        (_("Looked after by"), pack.owner or _("Nobody is named yet")),
    ]


# --- What is owed -----------------------------------------------------------------------------------------------


def _owed(pack: Pack) -> Iterator[str]:
    yield _cycle(pack)
    for number, each in enumerate(pack.totals):
        yield _with(_total(pack, each), each.when, is_other=number > 0)
    more = pack.each_more_endorsement
    if more is not None:
        yield _("For each endorsement beyond the first, %(amount)s more.") % {"amount": _amount(pack, more.amount)}
        if more.minimum:
            words = _("Of these, at least %(amount)s in that endorsement's own content.")
            yield words % {"amount": _amount(pack, more.minimum)}
    if "fte" in pack.prorated_by:
        yield _("Part of a post owes that part of it.")
    if "presence" in pack.prorated_by:
        yield _("Whoever was employed for a part of the period, or on leave, owes the share of the days present.")


def _cycle(pack: Pack) -> str:
    match pack.cycle:
        case Cycle.NONE:
            return _("The state asks for no hours. They are kept and shown.")
        case Cycle.SCHOOL_YEAR:
            words = _("A period runs from July 1 to June 30.")
        case Cycle.VALIDITY:
            words = _("A period runs from the first to the last day of the license.")
    years = ngettext("It is %(n)d year long.", "It is %(n)d years long.", pack.years) % {"n": pack.years}
    renewal = ngettext(
        "Renewal is possible from %(n)d month before its end.",
        "Renewal is possible from %(n)d months before its end.",
        pack.renew_from_months,
    )
    return " ".join(
        filter(None, [words, years, renewal % {"n": pack.renew_from_months} if pack.renew_from_months else ""])
    )


def _total(pack: Pack, total: packs.Total) -> str:
    if total.fact:
        return _("As much is owed as is entered for “%(fact)s”.") % {"fact": name_of(total.fact)}
    if total.per_week is not None:
        return _("For each week of the period %(amount)s are owed.") % {"amount": _amount(pack, total.per_week)}
    return _("%(amount)s are owed.") % {"amount": _amount(pack, total.amount or Fraction(0))}


def _least(pack: Pack, rule: packs.Minimum) -> str:
    words = _("%(name)s: %(amount)s%(of)s.") % {
        "name": _capital(name_of(rule.key)), "amount": _limit(pack, rule.amount, rule.percent), "of": of_words(rule.of),
    }  # fmt: skip
    return _with(words, rule.when)


def _most(pack: Pack, rule: packs.Maximum) -> str:
    words = _("%(name)s: %(amount)s %(per)s%(of)s. More is kept and not counted.") % {
        "name": _capital(name_of(rule.key)),
        "amount": _limit(pack, rule.amount, rule.percent),
        "per": PER[rule.per],
        "of": of_words(rule.of),
    }
    return _with(words, rule.when)


def _limit(pack: Pack, amount: Fraction | None, percent: Fraction | None) -> str:
    if amount is not None:
        return _amount(pack, amount)
    return _("%(percent)s percent of what is owed") % {"percent": amount_text(percent or Fraction(0))}


# --- What counts ------------------------------------------------------------------------------------------------


def _counts(pack: Pack) -> Iterator[str]:
    if pack.counts_only != Choice():
        yield _("Only these count%(of)s.") % {"of": of_words(pack.counts_only)}
    if pack.plan_first:
        yield _("Only what comes after the day on which the plan was approved counts.")
    if pack.topic_at_least:
        words = _("Fewer than %(amount)s on one topic do not count at all.")
        yield words % {"amount": _amount(pack, pack.topic_at_least)}
    if len(pack.minimums) > 1:
        yield (
            _("The same hour may serve two minimums.")
            if pack.serves_two_minimums
            else _("An hour serves one minimum only, the one where it is needed most.")
        )
    elif pack.serves_two_minimums:
        yield _("The same hour may serve two minimums.")
    if pack.also_categories:
        words = _("These categories are known, too: %(names)s.")
        yield words % {"names": ", ".join(map(name_of, pack.also_categories))}
    if pack.also_facts:
        words = _("This may be entered for a license, too: %(names)s.")
        yield words % {"names": ", ".join(map(name_of, pack.also_facts))}


def _worth(pack: Pack) -> Iterator[str]:
    for each in pack.conversions:
        words = (
            _("%(unit)s: %(amount)s, however many are told%(of)s%(days)s.")
            if each.is_flat
            else _("%(unit)s: one is worth %(amount)s%(of)s%(days)s.")
        )
        yield words % {
            "unit": _capital(name_of(each.unit)),
            "amount": _amount(pack, each.gives),
            "of": of_words(each.of),
            "days": day_words(each),
        }
    for rule in pack.multipliers:
        yield _("Counted %(times)s times%(of)s.") % {"times": amount_text(rule.times), "of": of_words(rule.of)}


def day_words(rule: packs.Conversion) -> str:
    since = _(", done on or after %(day)s") % {"day": _day(rule.since)} if rule.since else ""
    until = _(", done on or before %(day)s") % {"day": _day(rule.until)} if rule.until else ""
    return since + until


def _carried(pack: Pack) -> Iterator[str]:
    rule = pack.carry
    if rule is None:
        if pack.cycle is not Cycle.NONE:
            yield _("Nothing.")
        return
    yield _("What is above the requirement goes into the next period.")
    if rule.most is not None:
        yield _("At most %(amount)s.") % {"amount": _amount(pack, rule.most)}
    if rule.since_month_day is not None:
        day = date_format(date(2001, *rule.since_month_day), "MONTH_DAY_FORMAT")
        yield _("Only what was earned from %(day)s on, in the last year of the period.") % {"day": day}
    elif rule.last_years:
        words = ngettext(
            "Only what was earned in the last year of the period.",
            "Only what was earned in the last %(n)d years of the period.",
            rule.last_years,
        )
        yield words % {"n": rule.last_years}
    if rule.categories:
        yield _("Only these categories: %(names)s.") % {"names": ", ".join(map(name_of, rule.categories))}


# --- Exceptions -------------------------------------------------------------------------------------------------


def _exempt(rule: packs.Exemption) -> str:
    return _with(_("%(name)s: nothing is owed.") % {"name": _capital(name_of(rule.key))}, rule.when)


def _substituted(pack: Pack, rule: packs.Substitution) -> str:
    parts = [_("all of it is met")] if rule.is_all else []
    if rule.required is not None:
        parts.append(_("%(amount)s are owed") % {"amount": _amount(pack, rule.required)})
    parts += [
        _("%(amount)s are added to “%(category)s”") % {"amount": _amount(pack, amount), "category": name_of(category)}
        for category, amount in rule.adds
    ]
    what = _("%(name)s: %(what)s.") % {"name": _capital(name_of(rule.key)), "what": ", ".join(parts)}
    return _with(what, rule.when)


def _extended(rule: packs.Extension) -> str:
    words = ngettext("%(name)s: by %(n)d year.", "%(name)s: by %(n)d years.", rule.years)
    return _with(words % {"name": _capital(name_of(rule.key)), "n": rule.years}, rule.when)


def _besides(pack: Pack) -> Iterator[str]:
    if pack.yearly is not None:
        words = _(
            "One of this kind in each year from July to June served with an FTE of %(fte)s or more: %(activity)s."
        )
        yield words % {"fte": amount_text(pack.yearly.fte_at_least), "activity": name_of(pack.yearly.activity)}
    for each in pack.checks:
        words = ngettext(
            "%(fact)s: within %(n)d day after the period begins.",
            "%(fact)s: within %(n)d days after the period begins.",
            each.within_days,
        )
        yield words % {"fact": _capital(name_of(each.fact)), "n": each.within_days}


# --- Conditions -------------------------------------------------------------------------------------------------


def _with(words: str, when: When, *, is_other: bool = False) -> str:
    found = "; ".join(conditions(when))
    if found:
        return _("%(words)s This holds %(conditions)s.") % {"words": words, "conditions": found}
    return _("Otherwise: %(words)s") % {"words": words} if is_other else words


def conditions(when: When) -> Iterator[str]:
    for words, names in (
        (_("for licenses of type %(names)s"), when.types),
        (_("with an endorsement in %(names)s"), when.endorsements),
        (_("without an endorsement in %(names)s"), when.without_endorsements),
        (_("for these positions: %(names)s"), [name_of(each) for each in when.positions]),
    ):
        if names:
            yield words % {"names": _either(names)}
    yield from _about_facts(when)
    for words, day in (
        (_("for periods that begin on or after %(day)s"), when.window_from_since),
        (_("for periods that begin before %(day)s"), when.window_from_before),
        (_("for periods that end on or after %(day)s"), when.window_until_since),
        (_("for periods in which %(day)s falls"), when.active_on),
    ):
        if day:
            yield words % {"day": _day(day)}


def _about_facts(when: When) -> Iterator[str]:
    if when.fact and when.fact_below is not None:
        number = amount_text(when.fact_below)
        yield _("where “%(fact)s” is below %(number)s") % {"fact": name_of(when.fact), "number": number}
    elif when.fact:
        yield _("where “%(fact)s” is entered") % {"fact": name_of(when.fact)}
    if when.without_fact:
        yield _("where “%(fact)s” is not entered") % {"fact": name_of(when.without_fact)}


def of_words(choice: Choice) -> str:
    parts = []
    if choice.categories:
        parts.append(_("category: %(names)s") % {"names": _either(map(name_of, choice.categories))})
    if choice.activities:
        parts.append(_("kind: %(names)s") % {"names": _either(map(name_of, choice.activities))})
    if choice.units:
        parts.append(_("unit: %(names)s") % {"names": _either(map(name_of, choice.units))})
    return f" ({'; '.join(parts)})" if parts else ""


def _either(names: Iterable[str]) -> str:
    found: Sequence[str] = list(names)
    if len(found) < 2:
        return "".join(found)
    return _("%(names)s or %(last)s") % {"names": ", ".join(found[:-1]), "last": found[-1]}


def _amount(pack: Pack, amount: Fraction) -> str:
    return _("%(number)s %(unit)s") % {"number": amount_text(amount), "unit": name_of(pack.unit)}


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
