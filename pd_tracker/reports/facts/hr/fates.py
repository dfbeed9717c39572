"""What became of every line of credit for the licenses of its person, on the day the HR summary describes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from learning_plans.credit.cases import LicenceCase, cases
from learning_plans.credit.telling import floored
from learning_plans.credit.wording import sentence
from learning_plans.models import Evidence
from learning_plans.rules.batches import batches
from pd_tracker.reports.facts.hr.scope import Scope
from teachers.models import Licence

AT_ONCE = 1_000
Key = tuple[int, int | None]  # a completion and its line of credit, or none where it brought none


class Fate(NamedTuple):
    """Of several licenses `counted` is the largest, and the reasons stand side by side."""

    counted: Decimal
    reasons: str
    words: str


def fates(scope: Scope) -> dict[Key, Fate]:
    """By line of credit dated in the year; decides about every license in use of the people listed."""
    found: dict[Key, list[tuple[str, Decimal, str, str]]] = defaultdict(list)
    for case in _cases(scope):
        for entry, line, decided in case.explained:
            if scope.year.starts_on <= line.day <= scope.last_day:
                told = (str(case.licence), floored(decided.counted), decided.reason.value, sentence(decided))
                found[entry.completion_id, entry.credit_line_id].append(told)
    return {key: _together(told) for key, told in found.items()}


def _cases(scope: Scope) -> Iterator[LicenceCase]:
    held = Licence.objects.visible_to(scope.user).in_use(on=scope.on).filter(teacher__in=scope.listed())
    keys = held.order_by("teacher", "pk").values_list("pk", flat=True)
    for part in batches(keys, AT_ONCE):
        yield from cases(list(Licence.objects.filter(pk__in=part).select_related("teacher")), on=scope.on)


def _together(told: list[tuple[str, Decimal, str, str]]) -> Fate:
    if len(told) == 1:
        ((_licence, counted, reason, words),) = told
        return Fate(counted, reason, words)
    reasons = "; ".join(f"{licence}: {reason}" for licence, _counted, reason, _words in told)
    words = " ".join(f"{licence}: {words}" for licence, _counted, _reason, words in told)
    return Fate(max(counted for _licence, counted, *_rest in told), reasons, words)


def proven(scope: Scope) -> frozenset[int]:
    """Completions of the year with a file or a link that proves them."""
    rows = Evidence.objects.standing().filter(completion__in=scope.learned().values("pk"))
    return frozenset(rows.order_by().values_list("completion", flat=True))
