"""What approving a completion would change for the licenses of its teacher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from learning_plans.credit.cases import LicenceCase, cases
from learning_plans.credit.telling import Told
from learning_plans.credit.wording import amount_text
from learning_plans.models import Completion
from learning_plans.rules.batches import batches
from learning_plans.rules.credit.facts import LineState
from teachers.models import Licence

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Effect:
    """One license before and after, and why it changes so little or so much."""

    before: Told
    after: Told
    why: str

    @property
    def words(self) -> str:
        now, then = self.before.decision, self.after.decision
        return _("%(license)s: %(before)s → %(after)s of %(required)s %(unit)s") % {
            "license": self.before.licence,
            "before": amount_text(now.counted),
            "after": amount_text(then.counted),
            "required": amount_text(then.required),
            "unit": self.before.unit,
        }

    @property
    def turns(self) -> bool:
        return self.before.status != self.after.status


def approved(case: LicenceCase, completion_ids: Collection[int]) -> LicenceCase:
    """The case as it would be with the waiting lines of these completions approved."""
    lines = tuple(
        replace(line, state=LineState.APPROVED)
        if line.state is LineState.PENDING and entry.completion_id in completion_ids
        else line
        for entry, line in zip(case.entries, case.facts.lines, strict=True)
    )
    return replace(case, facts=replace(case.facts, lines=lines))


def effects_of(completions: Iterable[Completion], *, on: date) -> dict[int, list[Effect]]:
    """What each of these would change if it alone were approved, by its key, in a few queries for all."""
    found: dict[int, list[Effect]] = {}
    for batch in batches(list(completions), AT_ONCE):
        held = Licence.objects.filter(teacher__in={each.teacher_id for each in batch}).select_related("teacher")
        by_person: dict[int, list[LicenceCase]] = defaultdict(list)
        for case in cases(list(held.order_by("valid_until", "pk")), on=on):
            by_person[case.licence.teacher_id].append(case)
        for each in batch:
            found[each.pk] = [
                _effect(case, each.pk)
                for case in by_person[each.teacher_id]
                if case.licence.holds_on(each.completed_on)
            ]
    return found


def _effect(case: LicenceCase, completion_id: int) -> Effect:
    before, after = Told(case), Told(approved(case, {completion_id}))
    return Effect(before, after, " ".join(dict.fromkeys(line.why for line in after.of(completion_id))))
