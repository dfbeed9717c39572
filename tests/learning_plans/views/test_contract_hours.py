"""Hours of the contract: entered by HR, owed beside licenses, each line with its reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from learning_plans.actions.contract_hours import save_hours
from learning_plans.actions.rule_rows import adapt
from learning_plans.credit.contracts import contract_case_of, contract_cases
from learning_plans.models import ContractHours
from learning_plans.rules.credit.shelf import texts
from learning_plans.rules.credit.windows import school_year
from pd_tracker.access import Role
from tests.factories import (
    DISTRICT_TIME,
    CompletionFactory,
    DistrictFactory,
    EmploymentFactory,
    SchoolFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=DISTRICT_TIME)
BEGINS = school_year(TODAY).first


@pytest.fixture
def teacher():
    return teacher_with_sign_in(family_name="Lindqvist")


@pytest.fixture
def hr(teacher) -> Client:
    client = Client()
    client.force_login(user_with_role(Role.HR))
    return client


def enter(teacher, hours, **more):
    return ContractHours.objects.create(district=teacher.district, hours=hours, **more)


def required(teacher, on=TODAY):
    case = contract_case_of(teacher, on=on)
    return case and case.decision.required


def test_the_closest_entry_holds(teacher):
    school = teacher.assignments.get().school
    assert required(teacher) is None
    enter(teacher, 20)
    enter(teacher, 12, position="aide")
    enter(teacher, 9, school=SchoolFactory())
    assert required(teacher) == 20
    enter(teacher, 24, position="classroom_teacher")
    assert required(teacher) == 24
    enter(teacher, 30, school=school)
    assert required(teacher) == 30
    enter(teacher, 36, school=school, position="classroom_teacher")
    assert required(teacher) == 36


def test_an_entry_holds_for_school_years_that_begin_on_its_day_or_later(teacher):
    enter(teacher, 20)
    enter(teacher, 30, holds_from=BEGINS)
    enter(teacher, 40, holds_from=date(BEGINS.year + 1, 7, 1))
    assert required(teacher) == 30
    assert required(teacher, on=date(BEGINS.year, 6, 30)) == 20
    assert required(teacher, on=date(BEGINS.year + 1, 7, 1)) == 40


def test_part_of_a_post_owes_part_of_it_and_who_left_owes_nothing(teacher):
    enter(teacher, 20)
    teacher.employments.all().delete()
    spell = EmploymentFactory(teacher=teacher, fte=Decimal("0.6"))
    assert required(teacher) == 12
    spell.ended_on = date(2020, 1, 1)
    spell.save()
    assert contract_case_of(teacher, on=TODAY) is None


def test_hours_of_this_year_count_each_with_its_reason(teacher):
    enter(teacher, 20)
    CompletionFactory(teacher=teacher, minutes=480, category="", completed_on=BEGINS)
    CompletionFactory(teacher=teacher, minutes=120, category="", completed_on=BEGINS, state="pending")
    CompletionFactory(teacher=teacher, minutes=600, category="", completed_on=date(BEGINS.year, 6, 30))
    CompletionFactory(teacher=teacher, minutes=60, category="Nobody said what this means", completed_on=BEGINS)
    case = contract_case_of(teacher, on=TODAY)
    assert (case.decision.counted, case.decision.pending, len(case.decision.lines)) == (9, 2, 3)

    client = Client()
    client.force_login(teacher.user)
    for address in ("/my-plan/", "/my-record/", "/my-licenses/"):
        assert "Hours of the contract: 9 of 20 this school year" in client.get(address).content.decode(), address
    page = client.get(f"/contract-hours/of/{teacher.pk}/").content.decode()
    for words in ("9 of 20 hours this school year.", "It counts in full.", "It waits for approval", "20 are owed"):
        assert words in page


def test_the_tab_of_a_person_shows_it_and_others_do_not_reach_it(hr, teacher):
    assert "Hours of the contract" not in hr.get(f"/people/{teacher.pk}/licenses/").content.decode()
    enter(teacher, 20)
    assert "Hours of the contract: 0 of 20" in hr.get(f"/people/{teacher.pk}/licenses/").content.decode()
    assert hr.get(f"/contract-hours/of/{teacher.pk}/").status_code == 200
    stranger = Client()
    stranger.force_login(teacher_with_sign_in().user)
    assert stranger.get(f"/contract-hours/of/{teacher.pk}/").status_code == 404


def test_hr_enters_corrects_and_removes_hours(hr, teacher):
    typed = {"hours": "20", "rule_pack": "district-contract", "position": "", "school": "", "holds_from": ""}
    assert hr.post("/contract-hours/new/", typed).status_code == 302
    row = ContractHours.objects.get()
    again = hr.post("/contract-hours/new/", typed | {"hours": "25"})
    assert "entered for this day already" in again.content.decode()
    assert 'value="25"' in again.content.decode()

    version = hr.get(f"/contract-hours/{row.pk}/").context["form"].fields["version"].initial
    hr.post(f"/contract-hours/{row.pk}/", typed | {"hours": "18", "reason": "Typing error", "version": version})
    assert required(teacher) == 18
    assert row.history.first().history_change_reason == "Typing error"
    hr.post(f"/contract-hours/{row.pk}/remove/", {"reason": "Not ours"})
    assert not ContractHours.objects.exists()


@pytest.mark.parametrize("hours", ["-1", "many", "99999", ""])
def test_hours_that_cannot_be_are_refused(hr, hours):
    page = hr.post("/contract-hours/new/", {"hours": hours, "rule_pack": "district-contract"})
    assert list(page.context["form"].errors) == ["hours"]


def test_rules_and_schools_have_to_fit(teacher):
    actor = user_with_role(Role.HR)
    away = SchoolFactory(district=DistrictFactory(name="Birch Hills"))
    for change in ({"school": away}, {"rule_pack": "NY-CTLE"}):
        with pytest.raises(ValidationError):
            save_hours(row=ContractHours(district=teacher.district, hours=20, **change), actor=actor)


def test_own_rules_say_which_hours_of_the_contract_count(teacher):
    text = texts()["district-contract"].replace('prorated_by = ["fte"]', 'counts_only = { activities = ["coaching"] }')
    actor, at = user_with_role(Role.HR), timezone.now()
    adapt(
        source="district-contract", text=text, code="ours", title="Ours", owner="HR", district=teacher.district,
        actor=actor, at=at,
    )  # fmt: skip
    save_hours(row=ContractHours(district=teacher.district, hours=20, rule_pack="ours"), actor=actor)
    CompletionFactory(teacher=teacher, minutes=480, category="", completed_on=BEGINS)
    assert contract_case_of(teacher, on=TODAY).decision.counted == 0


@pytest.mark.parametrize("count", [1, 3])
def test_many_people_take_as_many_questions_as_one(teacher, count, django_assert_num_queries):
    enter(teacher, 20)
    people = [employed() for _number in range(count)]
    with django_assert_num_queries(10):
        assert len(contract_cases(people, on=TODAY)) == count
