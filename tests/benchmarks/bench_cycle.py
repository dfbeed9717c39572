"""Starting next year's cycle for a large district, on the processor, from the preview to the last notice."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from learning_plans.actions.cycles import run_start
from learning_plans.models import CycleStart, Plan, PlanItem, PlanReview
from pd_tracker.access import Role
from teachers.models import RoleGrant, SchoolYear
from tests.benchmarks.conftest import Reach
from tests.benchmarks.district import big_district
from tests.factories import PlanTemplateFactory, TemplateItemFactory

TEACHERS = 25_000
SECONDS = 60

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.timeout(300)]


def test_a_cycle_for_a_large_district(reach_bar: Reach) -> None:
    big = big_district(TEACHERS, completions=1_000)
    RoleGrant.objects.create(user=big.hr, role=Role.LEADER, district=big.district, starts_on=date(2015, 7, 1))
    for level in ("high", ""):
        template = PlanTemplateFactory(district=big.district, school_level=level, place=50 if level else 100)
        TemplateItemFactory.create_batch(3, template=template)
    year = SchoolYear.objects.create(
        district=big.district,
        label="2030-31",
        starts_on=date(2030, 7, 1),
        ends_on=date(2031, 6, 30),
        census_on=date(2030, 10, 1),
    )

    def start() -> float:
        assert not year.plans.exists()  # a second try would find nothing to do, and prove nothing
        made = CycleStart.objects.create(
            district=big.district, school_year=year, day=big.hr.today, started_by=big.hr, started_at=datetime.now(UTC)
        )
        began = time.process_time()
        run_start(made, actor=big.hr, told=lambda done: None, total=lambda total: None)
        return time.process_time() - began

    reach_bar(f"Start a cycle for {TEACHERS:,} people, CPU", start, allowed=SECONDS, unit=" s")
    plans = Plan.objects.filter(school_year=year)
    assert plans.count() == TEACHERS - TEACHERS // 50
    assert PlanItem.objects.filter(plan__in=plans).count() == 3 * plans.count()
    assert PlanReview.objects.filter(plan__in=plans).count() == 2 * plans.count()
