"""How far a course answers a need: each part by hand, and the mean over what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from learning_plans.rules.recommending import (
    CourseFacts,
    LocalResult,
    Opening,
    Opinions,
    Part,
    PartName,
    Travel,
    nearness,
    parts_of,
    ranked,
    score,
)

EQUAL = dict.fromkeys(PartName, 1.0)
COURSE = CourseFacts(key=1, title="Number talks", fit=1.0, tier="unknown", minutes=120, category="Mathematics")
LOCAL = LocalResult("Growth", "points", True, 2.0, 0.4, 3.6, 80)


def opening(days: int = 0, left: int | None = 5, travel: Travel = Travel.ONLINE, *, is_by_lot: bool = False) -> Opening:
    return Opening(7, date(2026, 11, 2), days, left, travel, is_by_lot)


def part(name: PartName, **changes: object) -> Part:
    return next(part for part in parts_of(replace(COURSE, **changes)) if part.name is name)  # type: ignore[arg-type]


class TestNearness:
    #   1 ─ 2 ─ 3 ─ 4
    #       └── 5
    PARENTS = {1: None, 2: 1, 3: 2, 4: 3, 5: 2, 9: None}

    def test_every_step_up_or_down_halves(self):
        assert nearness(2, self.PARENTS) == {2: 1.0, 1: 0.5, 3: 0.5, 5: 0.5, 4: 0.25}

    def test_siblings_are_another_matter(self):
        assert nearness(3, self.PARENTS) == {3: 1.0, 2: 0.5, 1: 0.25, 4: 0.5}

    def test_a_circle_ends(self):
        assert nearness(1, {1: 2, 2: 1}) == {1: 1.0, 2: 0.5}


class TestFit:
    @pytest.mark.parametrize(
        ("is_essential", "is_exact", "why"),
        [(True, True, "about"), (True, False, "about_near"), (False, True, "touches"), (False, False, "touches_near")],
    )
    def test_says_how_the_course_is_tied(self, is_essential, is_exact, why):
        found = part(PartName.FIT, fit=0.5, is_essential=is_essential, is_exact=is_exact)
        assert (found.value, found.why) == (0.5, why)


class TestEvidence:
    @pytest.mark.parametrize(
        ("tier", "value"),
        [("strong", 1), ("moderate", 0.75), ("promising", 0.5), ("rationale", 0.25), ("unknown", None)],
    )
    def test_by_tier(self, tier, value):
        assert part(PartName.EVIDENCE, tier=tier).value == value

    @pytest.mark.parametrize(
        ("tier", "is_better", "value"),
        [
            ("strong", True, 1.0),
            ("promising", True, 0.75),
            ("unknown", True, 0.5),
            ("moderate", False, 0.5),
            ("rationale", False, 0.0),
            ("unknown", False, 0.0),
        ],
    )
    def test_own_results_move_it_by_one_step(self, tier, is_better, value):
        found = part(PartName.EVIDENCE, tier=tier, local=replace(LOCAL, is_better=is_better))
        assert found.value == value
        assert (found.facts["low"], found.facts["high"], found.facts["teachers"]) == (0.4, 3.6, 80)


class TestAvailability:
    @pytest.mark.parametrize(
        ("openings", "value", "why"),
        [
            ([opening(14)], 1.0, "seats"),
            ([opening(67)], 0.7, "seats"),
            ([opening(500)], 0.4, "seats"),
            ([opening(0, travel=Travel.OWN_SCHOOL)], 1.0, "seats"),
            ([opening(0, travel=Travel.ELSEWHERE)], 0.8, "seats"),
            ([opening(0, left=None)], 1.0, "open"),
            ([opening(0, left=0)], 0.25, "full"),
            ([opening(0, left=0, is_by_lot=True)], 1.0, "by_lot"),
            ([opening(0, left=0), opening(120)], 0.4, "seats"),
            ([], 0.1, "no_session"),
        ],
    )
    def test_by_days_seats_and_way(self, openings, value, why):
        found = part(PartName.AVAILABILITY, openings=tuple(openings))
        assert (found.value, found.why) == (pytest.approx(value), why)

    @pytest.mark.parametrize(
        ("kind", "value", "why"),
        [("online", 1.0, "any_time"), ("self_study", 1.0, "any_time"), ("coaching", None, "arranged")],
    )
    def test_some_kinds_need_no_session(self, kind, value, why):
        found = part(PartName.AVAILABILITY, activity_type=kind)
        assert (found.value, found.why) == (value, why)

    def test_the_nearer_of_two_equal_sessions(self):
        first, second = opening(0), replace(opening(3), session=8, starts_on=date(2026, 11, 5))
        assert part(PartName.AVAILABILITY, openings=(second, first)).facts["day"] == date(2026, 11, 2)


class TestCostCreditAndOpinions:
    @pytest.mark.parametrize(("cost", "value"), [(None, None), ("0", 1.0), ("100", 0.5), ("200", pytest.approx(1 / 3))])
    def test_cost(self, cost, value):
        assert part(PartName.COST, cost=None if cost is None else Decimal(cost)).value == value

    @pytest.mark.parametrize(
        ("minutes", "category", "value", "why"),
        [(60, "Science", 1, "hours_in"), (60, "", 0.5, "hours"), (0, "", 0, "none")],
    )
    def test_credit(self, minutes, category, value, why):
        found = part(PartName.CREDIT, minutes=minutes, category=category)
        assert (found.value, found.why) == (value, why)

    def test_four_opinions_are_none(self):
        assert part(PartName.OPINIONS, opinions=Opinions(4, 5.0, 3.0)).value is None
        assert part(PartName.OPINIONS).value is None

    def test_opinions_are_pulled_to_all_courses(self):
        found = part(PartName.OPINIONS, opinions=Opinions(7, 4.9, 3.5))
        # seven are shown as five, 4.9 as 5: (5 x 5 + 10 x 3.5) / 15 = 4
        assert found.value == pytest.approx(0.75)
        assert found.facts == {"mean": 5.0, "count": 5}


class TestScore:
    def test_is_the_weighted_mean_of_what_is_known(self):
        parts = [Part(PartName.FIT, 1.0, "", {}), Part(PartName.COST, 0.5, "", {}), Part(PartName.CREDIT, None, "", {})]
        assert score(parts, EQUAL | {PartName.FIT: 4.0}) == pytest.approx((4 * 1 + 1 * 0.5) / 5)

    def test_without_any_weight_it_is_nothing(self):
        assert score(parts_of(COURSE), dict.fromkeys(PartName, 0.0)) == 0

    def test_what_is_not_known_neither_helps_nor_harms(self):
        known = replace(COURSE, tier="strong", cost=Decimal(0), openings=(opening(),))
        assert ranked([known], EQUAL)[0].score == ranked([replace(known, cost=None)], EQUAL)[0].score == 1.0

    def test_the_order_does_not_depend_on_how_they_came(self):
        courses = [replace(COURSE, key=key, title=title, fit=fit) for key, title, fit in
                   [(1, "B", 0.5), (2, "A", 0.5), (3, "A", 0.5), (4, "Z", 1.0)]]  # fmt: skip
        for given in (courses, courses[::-1]):
            assert [one.course.key for one in ranked(given, EQUAL)] == [4, 2, 3, 1]

    def test_what_speaks_for_and_against(self):
        parts = {part.name: part for part in parts_of(replace(COURSE, cost=Decimal(900)))}
        assert parts[PartName.FIT].speaks_for
        assert not parts[PartName.FIT].speaks_against
        assert parts[PartName.COST].speaks_against
        assert parts[PartName.EVIDENCE].speaks_against  # not known is said, too
