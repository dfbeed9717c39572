"""What people are told about a license: the same words and numbers on page, statement, file and in the API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from learning_plans.credit.cases import Entry, LicenceCase
from learning_plans.credit.wording import STATUSES, amount_text, name_of, sentence, step_sentence, unverified_words
from learning_plans.rules.credit.decision import DecidedLine, Decision, Reason, Status
from learning_plans.rules.credit.facts import Line
from learning_plans.rules.credit.pack import Pack
from pd_tracker.sheets.table import Column, Kind, Table

COUNTS = frozenset({Reason.COUNTED, Reason.PARTLY_OVER_MAXIMUM})
LINES = Table(
    key="license-lines",
    title=gettext_lazy("What counts and what does not"),
    columns=(
        Column("title", gettext_lazy("Course"), sortable=False),
        Column("completed_on", gettext_lazy("Completed"), Kind.DATE, sortable=False),
        Column("activity", gettext_lazy("Kind"), sortable=False),
        Column("category", gettext_lazy("Category"), sortable=False),
        Column("amount", gettext_lazy("Earned"), Kind.DECIMAL, sortable=False, decimals=2),
        Column("unit", gettext_lazy("Unit"), sortable=False),
        Column("worth", gettext_lazy("Worth here"), Kind.DECIMAL, sortable=False, decimals=2),
        Column("counted", gettext_lazy("Counted"), Kind.DECIMAL, sortable=False, decimals=2),
        Column("why", gettext_lazy("Why"), sortable=False),
    ),
)


class Bar(NamedTuple):
    """One thing that is asked for."""

    label: str
    counted: Fraction
    required: Fraction
    words: str


class ToldLine(NamedTuple):
    entry: Entry
    line: Line
    decided: DecidedLine

    @property
    def why(self) -> str:
        return sentence(self.decided)

    @property
    def worth_text(self) -> str:
        return amount_text(self.decided.converted)

    @property
    def counted_text(self) -> str:
        return amount_text(self.decided.counted)

    @property
    def row(self) -> tuple[Any, ...]:
        line = self.line
        amounts = (floored(line.amount), name_of(line.unit), floored(self.decided.converted))
        said = (line.title, line.day, name_of(line.activity), self.entry.category)
        return (*said, *amounts, floored(self.decided.counted), self.why)


@dataclass(frozen=True)
class Told:
    """One license and the decision about it."""

    case: LicenceCase
    is_over: bool = False  # renewed since: decided as of its last day

    @property
    def licence(self) -> Any:
        return self.case.licence

    @property
    def decision(self) -> Decision:
        return self.case.decision

    @property
    def pack(self) -> Pack:
        return self.case.pack

    @property
    def unit(self) -> str:
        return name_of(self.pack.unit)

    @property
    def status(self) -> str:
        return self.decision.status.value

    @property
    def status_label(self) -> str:
        return str(STATUSES[self.decision.status])

    @property
    def asks_for_hours(self) -> bool:
        return self.decision.status not in (Status.EXEMPT, Status.NO_HOUR_RULE) and self.decision.window is not None

    @property
    def ends_on(self) -> date | None:
        return self.decision.window.last if self.decision.window else self.licence.ends_on

    @property
    def days_left(self) -> int | None:
        return (self.ends_on - self.case.facts.as_of).days if self.ends_on else None

    @property
    def missing(self) -> list[str]:
        """What is short, in words, the sum first."""
        found = self.decision
        short = found.required - found.counted
        whole = [_("%(amount)s %(unit)s") % {"amount": amount_text(short), "unit": self.unit}] if short > 0 else []
        parts = [
            _("%(amount)s of “%(category)s”") % {"amount": amount_text(each.short), "category": name_of(each.category)}
            for each in found.minimums
            if each.short
        ]
        return whole + parts

    @property
    def sentence(self) -> str:
        if self.decision.status is Status.NO_HOUR_RULE:
            return _("The state asks for no hours, so none are missing.")
        if self.decision.status is Status.EXEMPT:
            return _("Nothing is owed for this license.")
        if self.decision.window is None:
            return _("Nobody entered from when until when this license is valid, so nothing can be said yet.")
        has = {
            "counted": amount_text(self.decision.counted),
            "required": amount_text(self.decision.required),
            "unit": self.unit,
        }
        words = [_("%(counted)s of %(required)s %(unit)s count.") % has]
        if self.missing:
            words.append(_("Still missing: %(missing)s.") % {"missing": "; ".join(self.missing)})
        elif self.decision.is_met:
            words.append(_("Nothing is missing."))
        return " ".join([*words, self.time_left])

    @property
    def time_left(self) -> str:
        days = self.days_left
        if days is None:
            return ""
        if days < 0 or self.is_over:
            return _("The period ended on %(day)s.") % {
                "day": date_format(self.ends_on or self.case.facts.as_of, "DATE_FORMAT")
            }
        words = ngettext("%(days)d day is left.", "%(days)d days are left.", days)
        return words % {"days": days}

    @property
    def pace(self) -> str:
        """Where a steady pace would be by now."""
        if self.is_over or not self.decision.required or self.decision.is_met or not self.decision.elapsed:
            return ""
        expected = self.decision.required * self.decision.elapsed
        return _("At a steady pace it would be %(amount)s by today.") % {"amount": amount_text(tenths(expected))}

    @property
    def bars(self) -> list[Bar]:
        found = self.decision
        whole = Bar(_("In all"), found.counted, found.required, "")
        parts = [Bar(capfirst(name_of(each.category)), each.counted, each.required, "") for each in found.minimums]
        return [_worded(bar, self.unit) for bar in (whole, *parts) if bar.required]

    @property
    def maxima(self) -> list[str]:
        words = _("%(kind)s: at most %(limit)s count; %(counted)s of %(earned)s do.")
        return [
            words
            % {
                "kind": name_of(each.key),
                "limit": amount_text(each.limit),
                "counted": amount_text(each.counted),
                "earned": amount_text(each.earned),
            }
            for each in self.decision.maximums
            if each.earned
        ]

    @property
    def steps(self) -> list[str]:
        return [step_sentence(each) for each in self.decision.steps]

    @property
    def unverified(self) -> str:
        return unverified_words(self.pack)

    @cached_property
    def lines(self) -> list[ToldLine]:
        """The newest first."""
        return [ToldLine(*each) for each in reversed(self.case.explained)]

    def of(self, completion_id: int) -> list[ToldLine]:
        return [each for each in self.lines if each.entry.completion_id == completion_id]

    @property
    def counting(self) -> list[ToldLine]:
        return [each for each in self.lines if each.decided.reason in COUNTS]

    @property
    def waiting(self) -> list[ToldLine]:
        return [each for each in self.lines if each.decided.reason is Reason.PENDING]

    @property
    def not_counting(self) -> list[ToldLine]:
        return [each for each in self.lines if each.decided.reason not in COUNTS | {Reason.PENDING}]

    @property
    def table(self) -> Table:
        return LINES.with_rows([each.row for each in self.lines])

    @property
    def counted_text(self) -> str:
        return amount_text(self.decision.counted)

    @property
    def pending_text(self) -> str:
        return amount_text(self.decision.pending)

    @property
    def uncounted_text(self) -> str:
        return amount_text(self.decision.uncounted)


def _worded(bar: Bar, unit: str) -> Bar:
    words = _("%(label)s: %(counted)s of %(required)s %(unit)s") % {
        "label": bar.label,
        "counted": amount_text(bar.counted),
        "required": amount_text(bar.required),
        "unit": unit,
    }
    return bar._replace(words=words)


def table_of(lines: Iterable[ToldLine], title: Any) -> Table:
    return Table(LINES.key, title, LINES.columns, [each.row for each in lines])


def tenths(amount: Fraction) -> Fraction:
    return Fraction(floor(amount * 10), 10)


def floored(amount: Fraction) -> Decimal:
    """With the two places a table shows; never more than there is."""
    return Decimal(floor(amount * 100)) / 100


# --- As data ----------------------------------------------------------------------------------------------------


def as_data(pack: Pack, found: Decision) -> dict[str, Any]:
    """A decision as JSON holds it: amounts as texts, each line with its reason and sentence."""
    window = found.window
    return {
        **amounts_of(found, "required", "counted", "pending", "uncounted", "carried_in", "carried_out"),
        "pack": found.pack_id,
        "unit": pack.unit,
        "verified": pack.is_verified,
        "status": found.status.value,
        "met": found.is_met,
        "elapsed": amount_text(found.elapsed),
        "window": {"from": window.first.isoformat(), "to": window.last.isoformat()} if window else None,
        "minimums": [
            {"category": each.category} | amounts_of(each, "required", "counted", "short") for each in found.minimums
        ],
        "maximums": [{"key": each.key} | amounts_of(each, "limit", "earned", "counted") for each in found.maximums],
        "lines": [line_as_data(each) for each in found.lines],
        "steps": [step_sentence(each) for each in found.steps],
    }


def line_as_data(decided: DecidedLine) -> dict[str, Any]:
    return {
        "index": decided.index,
        **amounts_of(decided, "converted", "counted"),
        "reason": decided.reason.value,
        "sentence": sentence(decided),
    }


def amounts_of(found: object, *names: str) -> dict[str, str]:
    return {name: amount_text(getattr(found, name)) for name in names}


# --- One line, many licenses ------------------------------------------------------------------------------------


class Verdict(NamedTuple):
    """What became of one completion for one license."""

    told: Told
    lines: Sequence[ToldLine]
    is_before: bool


# --- What if ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WhatIf:
    """A license as it stands, and as it would stand with one line more."""

    now: Told
    then: Told

    @property
    def added(self) -> DecidedLine:
        return self.then.decision.lines[-1]

    @property
    def gain(self) -> Fraction:
        return self.then.decision.counted - self.now.decision.counted

    @property
    def sentence(self) -> str:
        words = _("%(gain)s more would count: %(after)s of %(required)s %(unit)s.") % {
            "gain": amount_text(max(self.gain, Fraction(0))),
            "after": amount_text(self.then.decision.counted),
            "required": amount_text(self.then.decision.required),
            "unit": self.then.unit,
        }
        return " ".join([words, *self.towards, sentence(self.added)])

    @property
    def towards(self) -> list[str]:
        """Minimums that were short and come nearer."""
        pairs = zip(self.now.decision.minimums, self.then.decision.minimums, strict=False)
        nearer = [after for before, after in pairs if before.short and after.counted > before.counted]
        words = _("%(category)s: %(counted)s of %(required)s.")
        return [
            words
            % {
                "category": capfirst(name_of(each.category)),
                "counted": amount_text(each.counted),
                "required": amount_text(each.required),
            }
            for each in nearer
        ]
