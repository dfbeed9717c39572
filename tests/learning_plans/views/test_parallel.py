"""The totals of the old system beside ours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from learning_plans.credit.parallel_words import ABOUT_REQUIRED, REASONS
from learning_plans.jobs import compare_totals
from learning_plans.models import CategoryMeaning, OldTotal, Waiver
from learning_plans.rules.credit.decision import Reason
from pd_tracker.jobs.models import Job
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    CreditLineFactory,
    LicenceFactory,
    SchoolFactory,
    TeacherFactory,
    user_with_role,
)

pytestmark = pytest.mark.django_db
PAGE = "/renewals/parallel-run/"
DAY = date(2025, 3, 3)


@pytest.fixture
def hr():
    return user_with_role("hr")


@pytest.fixture
def client(hr):
    found = Client()
    found.force_login(hr)
    return found


@pytest.fixture
def held():
    return LicenceFactory(rule_pack="NY-CTLE", valid_from=date(2022, 7, 1), valid_until=date(2027, 6, 30))


def done(held, minutes=360, **more):
    values = {"teacher": held.teacher, "minutes": minutes, "completed_on": date(2024, 10, 1), "category": ""}
    return CompletionFactory(**values | more)


def total(held, counted, required=100, **more):
    return OldTotal.objects.create(licence=held, as_of=DAY, counted=counted, required=required, **more)


def shown(client, query=""):
    context = client.get(PAGE + query).context
    heads = [column.key for column in context["table"].columns]
    return [dict(zip(heads, row, strict=True)) for row in context["table"].rows]


def test_the_same_needs_no_words(client, held):
    done(held)
    total(held, "6.00")

    (row,) = shown(client)
    assert (row["counted"], row["ours_counted"], row["difference"]) == (6, 6, 0)
    assert (str(row["result"]), row["why"]) == ("The same", "")


def test_the_decision_is_the_one_of_that_day(client, held):
    done(held)
    done(held, completed_on=date(2025, 3, 4))
    total(held, 6)

    assert str(shown(client)[0]["result"]) == "The same"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"category": "Technology"}, "6 hours in a category that the rules do not know (Technology) (1)."),
        ({"state": "pending"}, "6 hours waiting for approval (1)."),
        ({"state": "voided", "void_reason": "Twice"}, "6 hours voided (1)."),
        ({"completed_on": date(2025, 3, 4)}, "6 hours dated after that day (1)."),
    ],
)
def test_what_only_the_other_counts_is_named(client, held, more, words):
    done(held)
    done(held, **more)
    total(held, 12)

    (row,) = shown(client)
    assert (str(row["result"]), row["difference"], row["why"]) == ("Explained", 6, words)


def test_credit_in_place_of_minutes_is_named(client, held):
    CreditLineFactory(completion=done(held, minutes=390), amount=Decimal(6), category="")
    total(held, "6.5")

    assert shown(client)[0]["why"] == "0.5 hours between the time spent and the credit given (1)."


def test_what_nothing_on_record_explains_is_said(client, held):
    done(held)
    total(held, 26)
    assert shown(client)[0]["why"].startswith("20 hours are not explained by what is on record")

    OldTotal.objects.all().delete()
    total(held, 2)
    (row,) = shown(client)
    assert (str(row["result"]), row["why"][:43]) == ("Not explained", "4 hours are counted here and not there, and")


def test_reasons_that_are_too_many_are_said_to_be(client, held):
    done(held, state="pending")
    total(held, 4)

    (row,) = shown(client)
    assert str(row["result"]) == "Not explained"
    assert row["why"].startswith("6 hours waiting for approval (1). Together these are more than the difference")


def test_another_sum_that_is_required_is_named_with_its_reason(client, held):
    Waiver.objects.create(licence=held, amount=40, reason="Abroad", granted_at=timezone.now())
    total(held, 0)

    (row,) = shown(client)
    assert (row["ours_required"], row["why"]) == (60, "Another sum is required (40 hours apart): a waiver.")


def test_hours_carried_over_are_named(client):
    teacher = TeacherFactory()
    for first, last in ((2017, 2022), (2022, 2027)):
        held = LicenceFactory(
            teacher=teacher, rule_pack="PA-Act48", valid_from=date(first, 7, 1), valid_until=date(last, 6, 30)
        )
    CompletionFactory(teacher=teacher, minutes=260 * 60, completed_on=date(2022, 5, 1), category="")
    total(held, 0, required=None)

    assert shown(client)[0]["why"] == "50 hours carried over from the period before (1)."


def test_rules_that_nobody_knows_are_named(client, held):
    held.rule_pack = "no-such-rules"
    held.save()
    total(held, 3)

    assert shown(client)[0]["why"] == "Nobody knows the renewal rules of this license."


def test_what_was_put_right_is_compared_again(client, held):
    done(held, category="Technology", course=CourseFactory(district=held.teacher.district))
    total(held, 6)
    assert str(shown(client)[0]["result"]) == "Explained"
    CategoryMeaning.objects.create(district=held.teacher.district, category="Technology", codes=[])
    assert str(shown(client)[0]["result"]) == "Explained"

    client.post(f"{PAGE}again/")
    assert str(shown(client)[0]["result"]) == "The same"


def test_results_are_counted_filtered_and_downloaded(client, held):
    total(held, 0)
    other = LicenceFactory(rule_pack="NY-CTLE", valid_from=date(2022, 7, 1), valid_until=date(2027, 6, 30))
    total(other, 9)
    page = client.get(PAGE)
    assert [each["count"] for each in page.context["results"]] == [1, 0, 1]
    assert [row["counted"] for row in shown(client, "?result=different")] == [9]
    content = b"".join(client.get(f"{PAGE}?format=csv")).decode("utf-8-sig")
    assert "Not explained" in content
    assert "perhaps they were never loaded" in content


def test_many_are_compared_in_the_background(client, hr, held, monkeypatch):
    monkeypatch.setattr("learning_plans.actions.comparing.AT_SIGHT", 0)
    total(held, 0)
    page = client.get(PAGE)
    job = Job.objects.get()
    assert (page.context["job"], job.owner) == (job, hr)
    assert client.get(PAGE).context["job"] == job  # one at a time

    assert compare_totals(job, district_id=held.teacher.district_id) == PAGE
    assert OldTotal.objects.get().result == "same"


def test_only_hr_of_the_district_compares(held):
    total(held, 0)
    for user, status in ((user_with_role("leader"), 403), (user_with_role("hr", SchoolFactory()), 200)):
        client = Client()
        client.force_login(user)
        response = client.get(PAGE)
        assert response.status_code == status
        assert status == 403 or response.context["page"].paginator.count == 0


def test_every_reason_has_words():
    assert set(Reason) - {Reason.COUNTED} <= set(REASONS)
    assert {"total", "waived"} <= set(ABOUT_REQUIRED)
