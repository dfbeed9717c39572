"""The cases of the table of jurisdictions: what the rules of each state say of plain facts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from learning_plans.rules.credit.decision import Reason, Status
from learning_plans.rules.credit.shelf import shipped
from tests.learning_plans.rules.credit.facts import decision, line


def minimums(found):
    return {each.category: (each.required, each.counted, each.short) for each in found.minimums}


def test_texas_counts_independent_study_up_to_a_fifth():
    found = decision("TX-teacher", line(120), line(40, "independent_study"))
    assert (found.counted, found.uncounted, found.is_met, found.status) == (150, 10, True, Status.MET)
    assert found.lines[1].reason is Reason.PARTLY_OVER_MAXIMUM
    assert found.lines[1].detail == {"maximum": "independent_study"}


def test_texas_takes_fifteen_hours_for_a_semester_credit():
    found = decision("TX-teacher", line(8, "college_course", unit="semester_credit"))
    assert (found.counted, found.required - found.counted, found.is_met) == (120, 30, False)


def test_texas_owes_the_larger_number_not_the_sum():
    assert decision("TX-teacher", endorsements=["mathematics", "principal"]).required == 200
    assert decision("TX-teacher", endorsements=["mathematics", "science"]).required == 150
    assert decision("TX-professional", endorsements=["principal"]).required == 200


def test_texas_aides_owe_nothing():
    aide = [{"from": "2021-01-01", "to": None, "fte": 1, "position": "aide"}]
    assert decision("TX-teacher", employment=aide).status is Status.EXEMPT


def test_new_york_esol_owes_half_in_language_acquisition():
    found = decision("NY-CTLE", line(49, "workshop", "language_acquisition"), line(51), endorsements=["ESOL"])
    assert minimums(found) == {"language_acquisition": (50, 49, 1)}
    assert (found.counted, found.is_met) == (100, False)


def test_new_york_asks_for_a_share_of_what_is_required_not_of_what_was_earned():
    found = decision("NY-CTLE", line(15, "workshop", "language_acquisition"), line(105))
    assert (found.counted, found.is_met) == (120, True)


def test_new_york_carries_nothing():
    found = decision("NY-CTLE", previous={"counted": 130, "required": 100, "by_date": [["2021-05-01", 30]]})
    assert (found.carried_in, found.counted) == (0, 0)


def test_new_york_permanent_certificates_owe_nothing():
    found = decision("NY-CTLE", permanent_certificate=True)
    assert (found.status, found.required, found.is_met) == (Status.EXEMPT, 0, True)


def test_new_york_national_board_takes_the_place_of_all():
    assert decision("NY-CTLE", national_board=True).status is Status.MET


def test_new_jersey_is_prorated_by_fte():
    part_time = [{"from": "2020-07-01", "to": None, "fte": "0.6", "position": "classroom_teacher"}]
    assert decision("NJ-PDP", employment=part_time).required == 12


def test_new_jersey_is_prorated_by_the_days_present():
    whole = [{"from": "2020-07-01", "to": None, "fte": 1}]
    leave = [{"from": "2025-07-01", "to": "2025-09-11"}]  # 73 of 365 days
    assert decision("NJ-PDP", employment=whole, leave=leave).required == 16


def test_massachusetts_needs_each_minimum():
    parts = ("content", "pedagogy", "disabilities")
    found = decision(
        "MA-primary", *(line(15, "workshop", part, unit="pdp") for part in parts),
        line(14, "workshop", "sei_esl", unit="pdp"), line(91, unit="pdp"),
    )  # fmt: skip
    assert (found.counted, found.is_met) == (150, False)
    assert minimums(found)["sei_esl"] == (15, 14, 1)


def test_massachusetts_leaves_out_a_topic_of_fewer_than_ten():
    parts = ("content", "pedagogy", "disabilities", "sei_esl")
    others = [line(15, "workshop", part, unit="pdp", topic=part) for part in parts]
    found = decision("MA-primary", line(9, unit="pdp", topic="knots"), *others, line(81, unit="pdp", topic="talk"))
    assert (found.counted, found.is_met) == (141, False)
    assert found.lines[0].reason is Reason.TOPIC_TOO_SHORT
    assert not any(each.short for each in found.minimums)


def test_massachusetts_a_second_license_adds_thirty_and_its_own_content():
    found = decision("MA-primary", endorsements=["mathematics", "physics"])
    assert found.required == 180
    assert minimums(found)["content:physics"] == (15, 0, 15)


@pytest.mark.parametrize(
    ("also", "points"), [(["undergraduate"], 15), (["audited"], Fraction("7.5")), ([], Fraction("22.5"))]
)
def test_massachusetts_credits_by_their_level(also, points):
    assert decision("MA-primary", line(1, "college_course", *also, unit="semester_credit")).counted == points


def test_massachusetts_an_approved_assessment_stands_for_120():
    found = decision("MA-primary", performance_assessment=True)
    assert found.counted == 120
    assert minimums(found)["content"][2] == minimums(found)["pedagogy"][2] == 0


def test_illinois_carries_only_what_was_earned_in_the_last_spring():
    assert decision("IL-PEL", line(120), line(10, on="2026-02-10")).carried_out == 0
    spring = decision("IL-PEL", line(120), line(10, on="2026-05-10"))
    assert (spring.is_met, spring.carried_out) == (True, 10)


def test_illinois_asks_administrators_for_an_academy_every_year():
    employed = [{"from": "2021-07-01", "to": None, "fte": 1}]
    academies = [line(5, "administrators_academy", on=f"{year}-10-01") for year in (2021, 2022, 2023, 2024)]
    four = decision("IL-PEL-admin", line(80), *academies, employment=employed)
    assert (four.counted, four.is_met) == (100, False)
    assert [step.detail["year"] for step in four.steps if step.key == "year_without"] == [2025]
    fifth = line(5, "administrators_academy", on="2025-10-01")
    assert decision("IL-PEL-admin", line(80), *academies, fifth, employment=employed).is_met


def test_illinois_a_year_under_half_time_owes_no_academy():
    employed = [
        {"from": "2021-07-01", "to": "2025-06-30", "fte": 1},
        {"from": "2025-07-01", "to": None, "fte": "0.4"},
    ]
    academies = [line(5, "administrators_academy", on=f"{year}-10-01") for year in (2021, 2022, 2023, 2024)]
    assert decision("IL-PEL-admin", line(80), *academies, employment=employed).is_met


def test_illinois_national_board_owes_sixty():
    assert decision("IL-PEL", line(60), national_board=True).status is Status.MET


def test_washington_counts_one_growth_plan_a_year():
    plans = [
        line(1, "growth_plan", "equity", unit="plan", on=day) for day in ("2022-05-01", "2022-06-01", "2023-05-01")
    ]
    found = decision("WA-teacher", *plans)
    assert found.counted == 50
    assert sorted(each.counted for each in found.lines) == [0, 25, 25]
    assert (
        decision(
            "WA-teacher", line(1, "growth_plan", unit="plan", on="2017-05-01"), period=("2016-07-01", "2021-06-30")
        ).counted
        == 30
    )


def test_pennsylvania_six_credits_are_enough():
    found = decision("PA-Act48", line(6, "college_course", unit="semester_credit"))
    assert (found.counted, found.is_met) == (180, True)


def test_pennsylvania_carries_at_most_fifty_of_the_last_two_years():
    found = decision("PA-Act48", line(170), line(90, on="2025-10-01"))
    assert (found.counted, found.carried_out) == (260, 50)


def test_pennsylvania_a_license_active_in_july_2022_got_a_year_more():
    found = decision("PA-Act48", period=("2018-02-01", "2023-01-31"))
    assert found.window.last == date(2024, 1, 31)


def test_florida_needs_points_in_disabilities():
    assert not decision("FL-professional", line(120, unit="point")).is_met
    assert decision(
        "FL-professional", line(100, unit="point"), line(20, "workshop", "disabilities", unit="point")
    ).is_met


def test_florida_one_course_may_serve_two_minimums_and_counts_once():
    found = decision(
        "FL-professional", line(40, "workshop", "reading", "disabilities", unit="point"), endorsements=["elementary"]
    )
    assert found.counted == 40
    assert not any(each.short for each in found.minimums)


def test_florida_an_exam_is_sixty_points():
    assert decision("FL-professional", line(1, "exam", unit="point")).counted == 60


def test_ohio_counts_nothing_before_the_plan_was_approved():
    found = decision("OH-professional", line(180, on="2022-01-10"), plan_approved_on="2022-02-01")
    assert (found.counted, found.lines[0].reason) == (0, Reason.BEFORE_PLAN)
    assert decision("OH-professional", line(180)).lines[0].reason is Reason.NO_PLAN
    mix = [line(2, "college_course", unit="semester_credit"), line(6, unit="ceu"), line(60)]
    assert decision("OH-professional", *mix, plan_approved_on="2021-07-01").is_met


def test_kansas_multiplies_and_caps_a_day():
    plan = {"plan_approved_on": "2021-07-01"}
    assert decision("KS-professional", line(10, "workshop", "knowledge"), **plan).counted == 6
    assert decision("KS-professional", line(10, "workshop", "application"), **plan).counted == 20
    assert decision("KS-professional", line(10, "workshop", "impact"), **plan).counted == 30
    assert decision("KS-professional", bachelor_only=True, **plan).required == 160
    assert decision("KS-professional", bachelor_only=True, retired=True, **plan).required == 80
    assert decision("KS-professional", retired=True, **plan).required == 60


def test_michigan_a_new_degree_stands_once():
    name = "new_degree_or_other_states_certificate"
    assert decision("MI-professional", **{name: True}).is_met
    assert not decision("MI-professional", degree_used_before=True, **{name: True}).is_met
    assert decision("MI-professional", line(6, "college_course", unit="semester_credit")).counted == 150


def test_california_has_no_hour_rule():
    found = decision("CA-clear")
    assert (found.status, found.is_met) == (Status.NO_HOUR_RULE, True)


def test_california_induction_wants_a_mentor_and_goals_in_time_and_an_hour_a_week():
    days = {"mentor_assigned_on": "2024-08-20", "goals_set_on": "2024-09-20"}
    found = decision("CA-induction", line(110, "mentoring"), line(50), **days)
    assert found.is_met
    assert found.lines[1].reason is Reason.OTHER_ACTIVITY
    late = decision("CA-induction", line(110, "mentoring"), **days | {"mentor_assigned_on": "2024-09-01"})
    assert not late.is_met
    assert [step.key for step in late.steps][-1] == "not_in_time"


def test_virginia_is_unverified_and_says_so():
    assert not shipped()["VA-10-year"].is_verified
    assert decision("VA-10-year", line(400)).status is Status.UNKNOWN


def test_the_hours_of_a_contract_are_a_fact_of_the_person():
    assert decision("district-contract", contract_hours=18).required == 18
    assert decision("district-contract").status is Status.UNKNOWN


SHIPPED = {
    "TX-teacher", "TX-professional", "NY-CTLE", "NJ-PDP", "MA-primary", "IL-PEL", "IL-PEL-admin", "WA-teacher",
    "PA-Act48", "FL-professional", "MI-professional", "OH-professional", "KS-professional", "CA-clear", "CA-induction",
    "KY-annual", "VA-10-year", "district-contract", "none",
}  # fmt: skip


def test_every_pack_of_the_table_is_there():
    assert set(shipped()) == SHIPPED
    for name, pack in shipped().items():
        assert pack.id == name
        assert pack.sources or name == "none"
