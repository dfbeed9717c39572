"""Looking at a change of renewal rules in a large district, on the processor."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from learning_plans.actions.rule_changes import choice_said, look, work_out
from learning_plans.credit.category_use import packs_in_use, uses
from learning_plans.credit.shelf import Choice, shelf_of
from learning_plans.models import PackChoice, RuleChange
from learning_plans.rules.choices import RuleChangeKind
from pd_tracker.access import Role
from tests.benchmarks.conftest import Reach
from tests.benchmarks.district import TODAY, big_district
from tests.factories import user_with_role

TEACHERS, SECONDS, CATEGORY_SECONDS = 25_000, 40, 6


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.timeout(300)
def test_a_change_for_everybody(reach_bar: Reach) -> None:
    big = big_district(TEACHERS)
    PackChoice.objects.create(district=big.district, rule_pack="NY-CTLE")
    actor, at = user_with_role(Role.HR), datetime.now(UTC)

    def begun() -> float:
        """What somebody waits for before the rest goes on in the background."""
        RuleChange.objects.all().delete()
        began = time.process_time()
        said = choice_said(Choice("", "", TODAY, "TX-teacher"))
        look(
            district=big.district, kind=RuleChangeKind.CHOICE, said=said, reason="Moved", actor=actor, on=TODAY, at=at
        )  # fmt: skip
        return time.process_time() - began

    def worked_out() -> float:
        change = RuleChange.objects.get()
        began = time.process_time()
        work_out(change, at=at)
        taken = time.process_time() - began
        assert change.touched == change.foreseen.count() > 0.9 * TEACHERS
        return taken

    def categories() -> float:
        shelf = shelf_of(big.district.pk)
        began = time.process_time()
        assert uses(big.district.pk, shelf, packs_in_use(big.district.pk, shelf))
        return time.process_time() - began

    reach_bar(f"Begin to look at other rules for {TEACHERS:,} licenses, CPU", begun, allowed=3, unit=" s")
    reach_bar(f"Work out other rules for {TEACHERS:,} licenses, CPU", worked_out, allowed=SECONDS, unit=" s")
    reach_bar("What every category holds, CPU", categories, allowed=CATEGORY_SECONDS, unit=" s")
