"""Deciding about licenses: one with many lines, and all of a large district, on the processor."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from statistics import median

import pytest

from learning_plans.actions.standings import bring_up_to_date
from learning_plans.models import CategoryMeaning, LicenceStanding, PackChoice
from learning_plans.rules.credit.deciding import decide
from learning_plans.rules.credit.facts import Facts, Licence, Line
from learning_plans.rules.credit.shelf import shipped
from tests.benchmarks.conftest import Reach
from tests.benchmarks.district import CATEGORIES, TODAY, big_district

TEACHERS, SECONDS = 25_000, 20
LINES, MILLISECONDS = 200, 2
PACKS = ("TX-teacher", "NY-CTLE", "MA-primary", "FL-professional", "IL-PEL")
CODES = (["reading"], ["content"], [], ["disabilities"], ["stem"], ["leadership"], ["language_acquisition"], [])


@pytest.mark.parametrize("code", PACKS)
def test_one_license_with_many_lines(code: str, reach_bar: Reach) -> None:
    pack, first = shipped()[code], date(2021, 7, 1)
    kinds = ("workshop", "independent_study", "mentoring", "college_course", "presenting")
    lines = tuple(
        Line(first + timedelta(days=7 * n), kinds[n % 5], "hour", Fraction(n % 7 + 1, 2), (pack.categories[n % 4],))
        for n in range(LINES)
    )
    facts = Facts(date(2025, 6, 30), Licence("", first, date(2026, 6, 30), ("mathematics",)), lines=lines)

    def milliseconds() -> float:
        found = []
        for _round in range(20):
            began = time.process_time()
            decide(pack, facts)
            found.append(1_000 * (time.process_time() - began))
        return median(found)

    reach_bar(f"Decide about {LINES} lines, {code}", milliseconds, allowed=MILLISECONDS, unit=" ms")


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.timeout(300)
def test_all_licenses_of_a_large_district(reach_bar: Reach) -> None:
    big = big_district(TEACHERS)
    PackChoice.objects.create(district=big.district, rule_pack="NY-CTLE")
    for category, codes in zip(CATEGORIES, CODES, strict=True):
        CategoryMeaning.objects.create(district=big.district, category=category, codes=codes)

    def decide_all() -> float:
        LicenceStanding.objects.all().delete()
        began = time.process_time()
        found = bring_up_to_date(district=big.district, on=TODAY, at=datetime.now(UTC))
        taken = time.process_time() - began
        assert found == LicenceStanding.objects.count() >= TEACHERS
        return taken

    reach_bar(f"Decide about {TEACHERS:,} licenses, CPU", decide_all, allowed=SECONDS, unit=" s")
