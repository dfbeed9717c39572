"""Renewal rules on pages: read in words, copied, changed with a look first, and their versions compared."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from learning_plans.models import DistrictPack, LicenceStanding, PackChoice, PackVersion, RuleChange
from learning_plans.rules.credit.shelf import shipped, texts
from pd_tracker.access import Role
from tests.factories import DISTRICT_TIME, DistrictFactory, LicenceFactory, employed, user_with_role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=DISTRICT_TIME)
LIST = "/renewal-rules/"


@pytest.fixture
def held():
    first, last = TODAY - timedelta(days=900), TODAY + timedelta(days=900)
    return LicenceFactory(teacher=employed(), jurisdiction="NY", valid_from=first, valid_until=last)


@pytest.fixture
def hr(held) -> Client:
    client = Client()
    client.force_login(user_with_role(Role.HR))
    return client


def adapt(hr, source="NY-CTLE", code="ours", title="New York, ours"):
    return hr.post(f"{LIST}{source}/adapt/", {"code": code, "title": title, "owner": "Ana in HR"})


def confirm(hr, response):
    assert response.status_code == 302, response.context["form"].errors
    return hr.post(f"{response.url}confirm/", follow=True)


def words_of(page) -> str:
    return " ".join(page.content.decode().split())


def edit(hr, code="ours", **typed):
    page = hr.get(f"{LIST}{code}/edit/", {"mode": typed.get("mode", "numbers")})
    given = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    sent = given | {"mode": "numbers", "to": "look", "reason": "The board says so"} | typed
    return hr.post(f"{LIST}{code}/edit/", {name: "" if value is None else value for name, value in sent.items()})


@pytest.mark.parametrize("code", shipped())
def test_every_shipped_pack_has_a_page(hr, code):
    page = hr.get(f"{LIST}{code}/")
    assert page.status_code == 200
    assert shipped()[code].title in page.content.decode().replace("&#x27;", "'")
    with translation.override("es"):
        assert hr.get(f"{LIST}{code}/", headers={"Accept-Language": "es"}).status_code == 200


def test_unverified_rules_say_so(hr):
    assert "These rules are unverified: sources disagree." in words_of(hr.get(f"{LIST}VA-10-year/"))
    assert "These rules are unverified" not in words_of(hr.get(f"{LIST}NY-CTLE/"))
    assert words_of(hr.get(LIST)).count("Unverified") == 1


def test_the_list_says_how_many_licenses_each_decides_about(hr, held):
    confirm(hr, hr.post(f"{LIST}choices/new/", {"rule_pack": "NY-CTLE", "holds_from": "", "reason": "We are in NY"}))
    (shown,) = [each for each in hr.get(LIST).context["shipped_packs"] if each.pack.id == "NY-CTLE"]
    assert (shown.decided.count, [label for _state, label, _n in shown.decided.in_words]) == (1, ["Behind"])
    page = words_of(hr.get(f"{LIST}NY-CTLE/"))
    assert "1 license that you may see is decided by these rules now." in page
    assert "All other licenses" in page


def test_staff_reads_and_only_hr_is_offered_changes(hr, held):
    adapt(hr)
    teacher = Client()
    teacher.force_login(user_with_role(Role.COACH))
    for address in (LIST, f"{LIST}ours/", f"{LIST}ours/versions/1/", f"{LIST}choices/"):
        page = words_of(teacher.get(address))
        assert "Copy and adapt" not in page
        assert "What our categories mean" not in page


def test_a_copy_is_made_and_shown_with_the_rules_it_came_from(hr):
    response = adapt(hr)
    assert response.url == f"{LIST}ours/edit/"
    page = words_of(hr.get(f"{LIST}ours/"))
    for words in ("New York, ours", "Ana in HR", "Made from NY-CTLE.", "100 hours are owed."):
        assert words in page
    assert [each.pack.id for each in hr.get(LIST).context["own_packs"]] == ["ours"]
    again = adapt(hr, source="ours", code="ours-2")  # a copy of a copy
    assert again.status_code == 302
    assert DistrictPack.objects.get(code="ours-2").based_on == "ours"


@pytest.mark.parametrize("code", ["NY-CTLE", "choices", "a b", ""])
def test_a_short_name_that_cannot_be_is_refused_and_what_was_typed_stays(hr, code):
    page = adapt(hr, code=code, title="A name to keep")
    assert page.context["form"].errors["code"]
    assert 'value="A name to keep"' in page.content.decode()


def test_a_number_is_changed_seen_and_confirmed(hr, held):
    adapt(hr)
    confirm(hr, hr.post(f"{LIST}choices/new/", {"rule_pack": "ours", "reason": "Ours now"}))
    response = edit(hr, **{"n-total.1.amount": "0.5", "holds_from": TODAY.isoformat()})
    seen = words_of(hr.get(response.url))
    assert "It is about 1 license of people who work here." in seen
    assert LicenceStanding.objects.get().required == 100

    page = words_of(confirm(hr, response))
    assert "It holds now." in page
    assert LicenceStanding.objects.get().required == 0.5
    version = words_of(hr.get(f"{LIST}ours/versions/2/"))
    assert "What is different from version 1" in version
    assert "<del>amount = &quot;100&quot;</del>" in version
    assert "<ins>amount = &quot;0.5&quot;</ins>" in version
    assert "What is different from NY-CTLE" in words_of(hr.get(f"{LIST}ours/versions/1/"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"n-total.1.amount": "a hundred"}, "n-total.1.amount"),
        ({"n-minimum.1.percent": "-5"}, "n-minimum.1.percent"),
        ({"n-total.1.amount": "1e9"}, "n-total.1.amount"),
        ({"reason": ""}, "reason"),
        ({"n-total.1.amount": "90", "holds_from": "2020-01-01"}, "holds_from"),
        ({}, "__all__"),  # nothing is changed
    ],
)
def test_what_cannot_be_is_said_at_its_place_and_what_was_typed_stays(hr, typed, field):
    adapt(hr)
    page = edit(hr, **typed)
    assert list(page.context["form"].errors) == [field]
    for value in typed.values():
        assert value in page.content.decode()


def test_the_text_and_the_numbers_are_two_sides_of_the_same(hr):
    adapt(hr)
    page = edit(hr, to="text", reason="Half typed", **{"n-total.1.amount": "90"})
    form = page.context["form"]
    assert 'amount = "90"' in form["text"].value()
    assert (form["reason"].value(), page.context["mode"]) == ("Half typed", "text")

    text = form["text"].value().replace('amount = "90"', 'amount = "85"')
    page = edit(hr, mode="text", to="numbers", text=text)
    assert page.context["form"]["n-total.1.amount"].value() == "85"
    response = edit(hr, mode="numbers", text=text, **{"n-total.1.amount": "85"})
    assert RuleChange.objects.get().said["text"] == text
    assert response.status_code == 302


def test_a_text_that_cannot_be_read_stays_with_the_place_of_the_mistake(hr):
    adapt(hr)
    text = texts()["NY-CTLE"].replace("\n", "\r\n").replace('sureness = "H"', 'sureness = "Q"')
    for wanted in ("look", "numbers"):
        page = edit(hr, mode="text", to=wanted, text=text)
        assert page.context["form"].errors["text"] == ["At ours.sureness: “Q” is none of H, M, L."]
        assert page.context["mode"] == "text"
        assert "sureness = &quot;Q&quot;" in page.content.decode()
    page = edit(hr, mode="text", text="#" * 60_001)
    assert "60000" in str(page.context["form"].errors["text"])


def test_a_text_is_checked_while_one_types(hr):
    answer = hr.post(f"{LIST}check/", {"text": texts()["NY-CTLE"]})
    assert "100 hours are owed." in answer.content.decode()
    answer = hr.post(f"{LIST}check/", {"text": "id = "})
    assert "These rules cannot be read yet." in answer.content.decode()
    assert "60000 characters are enough" in hr.post(f"{LIST}check/", {"text": "#" * 70_000}).content.decode()


def test_somebody_elses_version_in_between_is_noticed(hr):
    adapt(hr)
    first = edit(hr, **{"n-total.1.amount": "90", "holds_from": ""})
    stale = edit(hr, base="0", **{"n-total.1.amount": "80"})
    assert "Somebody made version 1 while you wrote." in words_of(stale)
    confirm(hr, first)
    assert PackVersion.objects.count() == 2


def test_rules_are_retired_and_brought_back(hr):
    adapt(hr)
    hr.post(f"{LIST}ours/retire/", {"reason": "Not used"})
    assert "ours" not in dict(hr.get(f"{LIST}choices/new/").context["form"].fields["rule_pack"].choices)
    assert "Retired" in words_of(hr.get(f"{LIST}ours/"))
    hr.post(f"{LIST}ours/retire/", {"reason": "Used again"})
    assert "ours" in dict(hr.get(f"{LIST}choices/new/").context["form"].fields["rule_pack"].choices)


def test_who_looks_after_rules_changes_with_a_reason(hr):
    adapt(hr)
    version = hr.get(f"{LIST}ours/owner/").context["form"].fields["version"].initial
    hr.post(f"{LIST}ours/owner/", {"owner": "Ben in HR", "reason": "Ana moved", "version": version})
    page = words_of(hr.get(f"{LIST}ours/"))
    assert "Ben in HR" in page
    assert "Ana moved" in page


def test_another_district_has_its_own_rules(hr, held):
    away = DistrictFactory(name="Birch Hills")
    DistrictPack.objects.create(district=away, code="theirs", title="Theirs", based_on="none", owner="X")
    PackChoice.objects.create(district=away, rule_pack="theirs")
    assert hr.get(f"{LIST}theirs/").status_code == 404
    assert "Theirs" not in words_of(hr.get(LIST))
    assert hr.get(f"{LIST}choices/").context["page"].paginator.count == 0
