"""What a decision about a license is made from."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from learning_plans.credit.cases import case_of, cases
from learning_plans.models import CategoryMeaning, LicenceFact, PackChoice, PlanDecision, Waiver
from learning_plans.models.choices import PlanDecisionName
from learning_plans.rules.credit.decision import Reason, Status
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    CreditLineFactory,
    EmploymentFactory,
    LicenceFactory,
    PlanFactory,
    TeacherFactory,
)

pytestmark = pytest.mark.django_db
TODAY, FIRST, LAST = date(2025, 3, 3), date(2022, 7, 1), date(2027, 6, 30)


@pytest.fixture
def teacher():
    return TeacherFactory()


def licence(teacher, pack="NY-CTLE", **more):
    return LicenceFactory(**{"teacher": teacher, "rule_pack": pack, "valid_from": FIRST, "valid_until": LAST} | more)


def completion(teacher, minutes=360, on=date(2024, 10, 1), **more):
    return CompletionFactory(**{"teacher": teacher, "minutes": minutes, "completed_on": on, "category": ""} | more)


def reasons(case):
    return [(entry.title, decided.reason) for entry, _line, decided in case.explained]


def test_minutes_count_as_hours_where_no_credit_was_given(teacher):
    completion(teacher, minutes=90)

    found = case_of(licence(teacher), on=TODAY)
    assert found.decision.counted == Decimal("1.5")
    assert [entry.credit_line_id for entry in found.entries] == [None]


def test_credit_lines_stand_in_place_of_minutes(teacher):
    row = completion(teacher, minutes=999)
    CreditLineFactory(completion=row, amount=Decimal("4"), category="")
    CreditLineFactory(completion=row, amount=Decimal("2.5"), category="language_acquisition")

    assert case_of(licence(teacher), on=TODAY).decision.counted == Decimal("6.5")


def test_the_same_learning_in_two_units_counts_in_the_one_that_is_worth_more(teacher):
    row = completion(teacher)
    CreditLineFactory(completion=row, amount=Decimal(14), category="")
    credit = CreditLineFactory(completion=row, unit="semester_credit", amount=Decimal(1))

    found = case_of(licence(teacher), on=TODAY)
    assert found.decision.counted == 15  # a semester credit is worth 15 hours in New York
    told = {entry.credit_line_id: decided.reason for entry, _line, decided in found.explained}
    assert told.pop(credit.pk) is Reason.COUNTED
    assert list(told.values()) == [Reason.SAME_HOUR]


def test_a_category_means_what_the_district_says(teacher):
    completion(teacher, category="Newcomers", course=CourseFactory(district=teacher.district))
    held = licence(teacher)
    assert [reason for _title, reason in reasons(case_of(held, on=TODAY))] == [Reason.UNKNOWN_CATEGORY]

    CategoryMeaning.objects.create(district=teacher.district, category="newcomers", codes=["language_acquisition"])
    found = case_of(held, on=TODAY).decision
    assert found.counted == 6
    assert [each.counted for each in found.minimums] == [6]


def test_a_category_may_mean_hours_without_a_category(teacher):
    completion(teacher, category="Required")
    CategoryMeaning.objects.create(district=teacher.district, category="Required", codes=[])

    assert case_of(licence(teacher), on=TODAY).decision.counted == 6


def test_lines_of_an_earlier_period_are_left_to_it(teacher):
    completion(teacher, on=FIRST)
    completion(teacher, on=date(2022, 6, 30))

    assert len(case_of(licence(teacher), on=TODAY).facts.lines) == 1


def test_the_license_names_its_rules_or_the_district_chooses_the_closest(teacher):
    def choose(pack, jurisdiction="", licence_type="", holds_from=None):
        PackChoice.objects.create(
            district=teacher.district,
            jurisdiction=jurisdiction,
            licence_type=licence_type,
            rule_pack=pack,
            holds_from=holds_from,
        )

    plain = licence(teacher, "", jurisdiction="NJ", licence_type="Standard")
    own = licence(teacher, "TX-teacher", jurisdiction="TX", licence_type="Standard")
    assert [case.pack.id for case in cases([plain, own], on=TODAY)] == ["none", "TX-teacher"]

    choose("KY-annual")
    choose("NJ-PDP", jurisdiction="nj")
    choose("MA-primary", jurisdiction="NJ", holds_from=date(2030, 1, 1))  # for periods that end later
    assert [case.pack.id for case in cases([plain, own], on=TODAY)] == ["NJ-PDP", "TX-teacher"]


def test_rules_that_nobody_knows_make_no_case(teacher):
    assert case_of(licence(teacher, "no-such-rules"), on=TODAY) is None


def test_waivers_facts_and_the_law_reach_the_decision(teacher):
    held = licence(teacher, "NY-CTLE")
    Waiver.objects.create(licence=held, amount=Decimal(40), reason="A year abroad", granted_at=timezone.now())
    taken_back = timezone.now()
    Waiver.objects.create(licence=held, reason="A slip", granted_at=taken_back, taken_back_at=taken_back)
    assert case_of(held, on=TODAY).decision.required == 60

    LicenceFact.objects.create(licence=held, name="national_board", value=True)
    assert case_of(held, on=TODAY).decision.status is Status.MET

    held.extended_until = date(2028, 6, 30)
    assert case_of(held, on=TODAY).decision.window.last == date(2028, 6, 30)


def test_all_of_it_waived_is_exempt_and_says_why(teacher):
    held = licence(teacher)
    Waiver.objects.create(licence=held, reason="Long illness", granted_at=timezone.now())

    found = case_of(held, on=TODAY).decision
    assert (found.status, found.required) == (Status.EXEMPT, 0)
    assert found.steps[-1].detail == {"why": "Long illness"}


def test_part_of_a_post_asks_for_part_of_the_hours(teacher):
    EmploymentFactory(teacher=teacher, fte=Decimal("0.6"))

    assert case_of(licence(teacher, "NJ-PDP"), on=TODAY).decision.required == 12


def test_hours_above_come_from_the_license_before(teacher):
    completion(teacher, minutes=260 * 60, on=date(2022, 5, 1))
    before = licence(teacher, "PA-Act48", valid_from=date(2017, 7, 1), valid_until=date(2022, 6, 30))
    now = licence(teacher, "PA-Act48")

    assert case_of(before, on=TODAY).decision.carried_out == 50
    assert case_of(now, on=TODAY).decision.carried_in == 50


@pytest.mark.parametrize("count", [1, 3])
def test_many_licenses_take_as_many_questions_as_one(count, django_assert_num_queries):
    held = []
    for _number in range(count):
        teacher = TeacherFactory()
        completion(teacher)
        held.append(licence(teacher))

    with django_assert_num_queries(9):
        assert len(cases(held, on=TODAY)) == count


def test_rules_by_school_years_leave_earlier_years_out(teacher):
    completion(teacher, on=date(2023, 10, 1))
    completion(teacher, on=date(2024, 10, 1))
    found = case_of(licence(teacher, "KY-annual"), on=TODAY)
    assert (len(found.facts.lines), found.decision.window.first) == (1, date(2024, 7, 1))


def test_a_plan_that_was_approved_in_the_evening_counts_from_that_day(teacher):
    """Past midnight in UTC it is still the evening before where the district is."""
    plan = PlanFactory(teacher=teacher)
    approved = datetime(2024, 3, 2, 4, 0, tzinfo=UTC)
    PlanDecision.objects.create(plan=plan, kind=PlanDecisionName.APPROVED, decided_at=approved)

    found = case_of(licence(teacher, "OH-professional"), on=TODAY)
    assert found.facts.facts["plan_approved_on"] == "2024-03-01"
