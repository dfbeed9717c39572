"""Comparing the totals of another system with our decisions as of the same day, each difference with its reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from learning_plans.credit.cases import LicenceCase, cases
from learning_plans.credit.wording import amount_text
from learning_plans.models import Completion, OldTotal
from learning_plans.models.parallel import COMPARED
from learning_plans.rules.batches import batches
from learning_plans.rules.choices import Compared
from learning_plans.rules.credit.decision import Reason
from learning_plans.rules.parallel import SAME, Explanation, Item, explain
from pd_tracker.jobs.actions import start_once
from pd_tracker.jobs.models import Job
from teachers.models import District, User

AT_ONCE, AT_SIGHT = 500, 300
COMPARING = "learning_plans.jobs.compare_totals"
COUNTS = frozenset({Reason.COUNTED})


def waiting(district_id: int) -> QuerySet[OldTotal]:
    return OldTotal.objects.filter(licence__teacher__district=district_id, compared_at=None)


def compare_soon(*, district: District, owner: User, at: datetime) -> Job | None:
    """A few are compared at once, more in the background."""
    if waiting(district.pk).count() <= AT_SIGHT:
        compare(district=district, at=at)
        return None
    arguments = {"district_id": district.pk}
    title = _("Comparing with the old system")
    return start_once(function=COMPARING, title=title, owner=owner, arguments=arguments)


def forget_comparisons(district: District) -> None:
    """Records or rules have changed: all are compared anew."""
    OldTotal.objects.filter(licence__teacher__district=district).update(compared_at=None)


def compare(*, district: District, at: datetime, told: Callable[[int], None] = lambda done: None) -> int:
    """What was not compared yet; it may be broken off and go on, each part is kept."""
    keys = list(waiting(district.pk).order_by("as_of", "pk").values_list("pk", flat=True))
    done = 0
    for batch in batches(keys, AT_ONCE):
        rows = OldTotal.objects.filter(pk__in=batch).select_related("licence__teacher").order_by("as_of", "pk")
        with transaction.atomic():
            for as_of, group in groupby(rows, key=lambda row: row.as_of):
                _compare_day(list(group), as_of, at)
        done += len(batch)
        told(done)
    return done


def _compare_day(rows: Sequence[OldTotal], as_of: date, at: datetime) -> None:
    found = {case.licence.pk: case for case in cases([row.licence for row in rows], on=as_of)}
    minutes = _minutes([*found.values()])
    for row in rows:
        row.compared_at = at
        case = found.get(row.licence_id)
        if case is None:
            row.result, row.reasons, row.unit = Compared.OPEN.value, [{"key": "no_rules", "count": 1}], ""
            row.ours_required = row.ours_counted = None
            continue
        decision = case.decision
        row.unit = case.pack.unit
        row.ours_required = Decimal(amount_text(decision.required))
        row.ours_counted = Decimal(amount_text(decision.counted))
        explanation = explain(Fraction(row.counted) - decision.counted, items_of(case, minutes))
        needs = [] if row.required is None else _about_required(case, Fraction(row.required))
        row.reasons = [*needs, *_as_data(explanation)]
        row.result = _result(row, explanation, case).value
    OldTotal.objects.bulk_update(rows, COMPARED, batch_size=AT_ONCE)


def _result(row: OldTotal, explanation: Explanation, case: LicenceCase) -> Compared:
    same_counted = abs(Fraction(row.counted) - case.decision.counted) < SAME
    same_required = row.required is None or abs(Fraction(row.required) - case.decision.required) < SAME
    if same_counted and same_required:
        return Compared.SAME
    return Compared.EXPLAINED if explanation.is_whole else Compared.OPEN


def items_of(case: LicenceCase, minutes: dict[int, int]) -> list[Item]:
    """What the other system may count and we do not; below 0 what we count and it may not."""
    amounts: dict[Reason, Fraction] = defaultdict(Fraction)
    counts: dict[Reason, int] = defaultdict(int)
    about: dict[Reason, set[str]] = defaultdict(set)
    for entry, _line, decided in case.explained:
        if decided.reason in COUNTS:
            continue
        amounts[decided.reason] += decided.converted - decided.counted
        counts[decided.reason] += 1
        if decided.reason is Reason.UNKNOWN_CATEGORY:
            about[decided.reason].add(entry.category)
    found = [Item(why.value, amounts[why], counts[why], tuple(sorted(about[why]))) for why in amounts]
    found += _by_credit(case, minutes)
    decision = case.decision
    counted_lines = sum((line.counted for line in decision.lines), Fraction(0))
    substituted = decision.counted - decision.carried_in - counted_lines
    more = {"carried_in": decision.carried_in, "substituted": substituted}
    return found + [Item(key, -amount) for key, amount in more.items() if amount]


def _by_credit(case: LicenceCase, minutes: dict[int, int]) -> list[Item]:
    """Where credit was given, it counts in place of the minutes; another system may count the hours."""
    worth: dict[int, Fraction] = defaultdict(Fraction)
    for entry, _line, decided in case.explained:
        if entry.credit_line_id is not None and decided.counted:
            worth[entry.completion_id] += decided.counted
    gaps = [Fraction(minutes.get(key, 0), 60) - amount for key, amount in worth.items()]
    gaps = [gap for gap in gaps if gap]
    return [Item("credit", sum(gaps, Fraction(0)), len(gaps))] if gaps else []


def _minutes(found: Sequence[LicenceCase]) -> dict[int, int]:
    keys = {entry.completion_id for case in found for entry in case.entries if entry.credit_line_id is not None}
    return {
        pk: minutes
        for part in batches(sorted(keys), 5_000)
        for pk, minutes in Completion.objects.filter(pk__in=part).values_list("pk", "minutes")
    }


def _about_required(case: LicenceCase, required: Fraction) -> list[dict[str, object]]:
    """Why another sum is owed: waivers, part-time work, more endorsements, or other rules."""
    gap = required - case.decision.required
    if abs(gap) < SAME:
        return []
    keys = {step.key for step in case.decision.steps}
    why = sorted(keys & {"waived", "waived_part", "exempt", "prorated_by_fte", "prorated_by_presence", "substituted",
                         "more_endorsements", "no_hour_rule", "no_window", "total_unknown"})  # fmt: skip
    return [{"key": "required", "amount": amount_text(gap), "count": 1, "about": why or ["total"]}]


def _as_data(found: Explanation) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {"key": item.key, "amount": amount_text(item.amount), "count": item.count, "about": list(item.about)}
        for item in found.items
    ]
    if found.is_too_much:
        rows.append({"key": "too_much"})
    elif not found.is_whole:
        rows.append({"key": "rest", "amount": amount_text(found.rest), "count": 1, "about": []})
    return rows
