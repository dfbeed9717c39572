"""Renewal rules through the API, as on the pages."""

from __future__ import annotations

import pytest
from django.utils import timezone

from learning_plans.actions.rule_rows import adapt
from learning_plans.models import CategoryMeaning, PackChoice
from learning_plans.rules.credit.reading import read_pack
from learning_plans.rules.credit.shelf import shipped, texts
from pd_tracker.access import Role
from tests.factories import DistrictFactory, SchoolFactory, user_with_role
from tests.programs import API, program, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return user_with_role(Role.COACH)


@pytest.fixture
def mine(user):
    district, actor = SchoolFactory().district, user_with_role(Role.HR)
    adapt(
        source="MA-primary", text=texts()["MA-primary"], code="ours", title="Ours", owner="HR", district=district,
        actor=actor, at=timezone.now(),
    )  # fmt: skip
    return program(user)


def test_all_rules_are_listed_in_short(mine):
    found = {each["code"]: each for each in mine.get(f"{API}/renewal-rules/").json()}
    assert set(found) == {*shipped(), "ours"}
    assert found["VA-10-year"]["is_verified"] is False
    assert (found["ours"]["is_own"], found["ours"]["owner"], found["NY-CTLE"]["is_own"]) == (True, "HR", False)


@pytest.mark.parametrize("code", [*shipped(), "ours"])
def test_one_comes_in_words_as_data_and_as_text(mine, code):
    found = mine.get(f"{API}/renewal-rules/{code}/").json()
    assert read_pack(found["text"]).title == found["title"]
    assert found["words"][0]["sentences"]
    assert found["rules"]["cycle"] in {"validity", "school_year", "none"}
    assert [version["number"] for version in found["versions"]] == ([1] if code == "ours" else [])


def test_numbers_come_as_decimal_texts(mine):
    rules = mine.get(f"{API}/renewal-rules/MA-primary/").json()["rules"]
    assert [each["gives"] for each in rules["conversions"]][1:4] == ["7.5", "15", "22.5"]
    assert rules["totals"][0]["amount"] == "150"


def test_choices_and_meanings_are_read_of_the_own_district_only(mine):
    for district in (SchoolFactory().district, DistrictFactory(name="Birch Hills")):
        PackChoice.objects.create(district=district, jurisdiction="MA", rule_pack="MA-primary")
        CategoryMeaning.objects.create(district=district, category="Families", codes=["equity"])
    (choice,) = rows(mine, "rule-choices")
    assert (choice["jurisdiction"], choice["rule_pack"], choice["holds_from"]) == ("MA", "MA-primary", None)
    assert mine.get(f"{API}/category-meanings/").json() == [{"category": "Families", "codes": ["equity"]}]
    assert mine.get(f"{API}/renewal-rules/theirs/").status_code == 404


def test_a_token_for_the_catalog_is_enough_and_one_for_people_is_not(user):
    assert program(user, "courses:read").get(f"{API}/renewal-rules/").status_code == 200
    assert program(user, "people:read").get(f"{API}/renewal-rules/").status_code == 403
