"""Which rules hold and what categories mean, on pages: a look first, then the change, then the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from learning_plans.actions import rule_changes, standings
from learning_plans.forms.rule_packs import PLAIN, field_of
from learning_plans.models import CategoryMeaning, LicenceStanding, PackChoice, RuleChange
from pd_tracker.access import Role
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import run_job
from tests.factories import (
    DISTRICT_TIME,
    CompletionFactory,
    CourseFactory,
    CreditLineFactory,
    LicenceFactory,
    employed,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=DISTRICT_TIME)
CHOICES, NEW, CATEGORIES = "/renewal-rules/choices/", "/renewal-rules/choices/new/", "/renewal-rules/categories/"


@pytest.fixture
def held():
    first, last = TODAY - timedelta(days=900), TODAY + timedelta(days=900)
    teacher = employed(family_name="Lindqvist")
    return LicenceFactory(teacher=teacher, jurisdiction="NY", valid_from=first, valid_until=last)


@pytest.fixture
def hr(held) -> Client:
    client = Client()
    client.force_login(user_with_role(Role.HR))
    return client


def choose(hr, code="NY-CTLE", **typed):
    return hr.post(NEW, {"rule_pack": code, "reason": "The state says so"} | typed)


def confirm(hr, response):
    assert response.status_code == 302, response.context["form"].errors
    return hr.post(f"{response.url}confirm/", follow=True)


def words_of(page) -> str:
    return " ".join(page.content.decode().split())


def test_a_choice_is_seen_before_it_holds(hr, held):
    response = choose(hr)
    page = hr.get(response.url)
    seen = words_of(page)
    assert "Nothing holds yet." in seen
    assert "1 person: No state hour rule → Behind" in seen
    assert "Lindqvist" in seen
    assert f"/licenses/{held.pk}/" in seen
    assert not PackChoice.objects.exists()

    after = words_of(confirm(hr, response))
    assert "It holds now." in after
    assert "confirmed by" in after
    assert LicenceStanding.objects.get(licence=held).status == "behind"
    assert "NY-CTLE" in words_of(hr.get(CHOICES))


def test_who_would_change_is_narrowed_and_downloaded(hr, held):
    LicenceFactory(teacher=employed(family_name="Okafor"), jurisdiction="PA", valid_from=held.valid_from)
    response = choose(hr)
    assert hr.get(response.url, {"person": "Okafor"}).context["page"].paginator.count == 1
    assert hr.get(response.url, {"other_status": "true"}).context["page"].paginator.count == 2
    assert hr.get(response.url, {"status_after": "met"}).context["page"].paginator.count == 0
    file = b"".join(hr.get(response.url, {"format": "csv"}).streaming_content).decode()
    assert file.count("\n") == 3
    assert "Lindqvist" in file


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"rule_pack": "no-such-rules"}, "rule_pack"),
        ({"holds_from": "2020-01-01"}, "holds_from"),
        ({"holds_from": "soon"}, "holds_from"),
        ({"reason": ""}, "reason"),
        ({"jurisdiction": "x" * 21}, "jurisdiction"),
    ],
)
def test_what_cannot_be_stays_as_it_was_typed(hr, typed, field):
    page = choose(hr, **({"licence_type": "Initial"} | typed))
    assert list(page.context["form"].errors) == [field]
    assert 'value="Initial"' in page.content.decode()


def test_the_same_licenses_get_other_rules_from_a_day_on_and_a_choice_is_taken_back(hr, held):
    confirm(hr, choose(hr))
    row = PackChoice.objects.get()
    page = hr.get(f"{CHOICES}{row.pk}/")
    assert page.context["form"]["rule_pack"].value() == "NY-CTLE"
    assert page.context["form"]["holds_from"].value() == TODAY
    typed = {"rule_pack": "KY-annual", "holds_from": TODAY.isoformat(), "reason": "Moved"}
    confirm(hr, hr.post(f"{CHOICES}{row.pk}/", typed))
    assert LicenceStanding.objects.get(licence=held).rule_pack == "KY-annual"

    later = PackChoice.objects.exclude(pk=row.pk).get()
    assert "it goes altogether" in words_of(hr.get(f"{CHOICES}{later.pk}/end/"))
    response = hr.post(f"{CHOICES}{later.pk}/end/", {"reason": "A mistake"})
    assert "this choice goes" in words_of(hr.get(response.url))
    confirm(hr, response)
    assert LicenceStanding.objects.get(licence=held).rule_pack == "NY-CTLE"
    assert "A mistake" in words_of(hr.get(CHOICES))


def test_rules_that_changed_since_are_looked_at_again(hr, held):
    first, second = choose(hr), choose(hr, "KY-annual")
    confirm(hr, first)
    page = hr.post(f"{second.url}confirm/", follow=True)
    assert "The rules or the day changed since you looked." in words_of(page)
    assert page.redirect_chain[0][0] != second.url
    hr.post(f"{page.redirect_chain[0][0]}confirm/")
    assert PackChoice.objects.get().rule_pack == "KY-annual"


def test_a_large_district_waits_for_the_look_and_for_its_standings(hr, held, monkeypatch):
    monkeypatch.setattr(rule_changes, "AT_ONCE", 0)
    monkeypatch.setattr(standings, "AT_SIGHT", 0)
    response = choose(hr)
    page = words_of(hr.get(response.url))
    assert "It is being worked out." in page
    assert "Let it hold" not in page
    run_job.func(RuleChange.objects.get().job_id)
    assert "1 person: No state hour rule → Behind" in words_of(hr.get(response.url))
    assert "1 license is being worked out anew" in words_of(confirm(hr, response))
    run_job.func(Job.objects.latest("pk").pk)
    assert LicenceStanding.objects.get(licence=held).status == "behind"


# --- Categories -------------------------------------------------------------------------------------------------


@pytest.fixture
def ruled(hr, held):
    confirm(hr, choose(hr))
    day = TODAY - timedelta(days=100)
    CourseFactory(category="Families")
    CompletionFactory(teacher=held.teacher, minutes=600, category="Newcomers", completed_on=day)
    CompletionFactory(teacher=held.teacher, minutes=60, category="pedagogy", completed_on=day)
    CompletionFactory(
        teacher=held.teacher, minutes=999, category="Newcomers", completed_on=held.valid_from - 9 * (TODAY - day)
    )
    line = CompletionFactory(teacher=held.teacher, minutes=120, category="", completed_on=day)
    CreditLineFactory(completion=line, amount=2, category="Robots")
    return held


def test_every_category_in_use_is_listed_and_the_unsaid_come_first(hr, ruled):
    page = hr.get(CATEGORIES)
    found = {use.category: use for use, _field in page.context["questions"]}
    assert next(iter(found)) == "Newcomers"
    assert [(use.is_unsaid, use.uncounted_hours) for use in found.values()][:2] == [(True, 10), (True, 2)]
    assert (found["pedagogy"].is_unsaid, found["Families"].courses, found["Newcomers"].completions) == (False, 1, 2)
    words = words_of(page)
    assert "4 categories mean nothing in the rules yet; 12.0 hours do not count because of them." in words
    assert "language acquisition" in words


def said(**meanings):
    return {field_of(category): codes for category, codes in meanings.items()} | {"reason": "Agreed with the union"}


def test_meanings_are_saved_at_once_after_a_look(hr, ruled):
    response = hr.post(CATEGORIES, said(Newcomers=["language_acquisition"], Families=[PLAIN]))
    seen = words_of(hr.get(response.url))
    assert "“Newcomers”: language acquisition" in seen
    assert "“Families”: hours without a category" in seen
    confirm(hr, response)
    assert dict(CategoryMeaning.objects.values_list("category", "codes")) == {
        "Newcomers": ["language_acquisition"],
        "Families": [],
    }
    page = hr.get(CATEGORIES)
    fields = {use.category: field.value() for use, field in page.context["questions"]}
    assert (fields["Newcomers"], fields["Families"], fields["Robots"]) == (["language_acquisition"], [PLAIN], None)
    confirm(hr, hr.post(CATEGORIES, said(Newcomers=["language_acquisition"])))
    assert list(CategoryMeaning.objects.values_list("category", flat=True)) == ["Newcomers"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (said(Newcomers=["pedagogy", PLAIN]), field_of("Newcomers")),
        (said(Newcomers=["no_such_code"]), field_of("Newcomers")),
        (said(Newcomers=["pedagogy"]) | {"reason": ""}, "reason"),
        (said(), "__all__"),
    ],
)
def test_bad_meanings_keep_what_was_ticked(hr, ruled, typed, field):
    page = hr.post(CATEGORIES, typed)
    assert list(page.context["form"].errors) == [field]
    assert not CategoryMeaning.objects.exists()
    if "pedagogy" in str(typed):
        (ticked,) = [it.value() for use, it in page.context["questions"] if use.category == "Newcomers"]
        assert "pedagogy" in ticked


def test_a_license_says_which_categories_nobody_explained(hr, ruled):
    page = words_of(hr.get(f"/licenses/{ruled.pk}/"))
    assert "their hours do not count yet: Newcomers, Robots." in page
    assert CATEGORIES in page
