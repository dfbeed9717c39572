"""Standings are kept by what changed, and are what deciding anew would say."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from learning_plans.actions import completions
from learning_plans.actions.standings import bring_up_to_date, freshen, outdated, standing
from learning_plans.credit.cases import case_of
from learning_plans.models import CategoryMeaning, Completion, LicenceStanding, PackChoice, StandingRun
from learning_plans.querysets.credit import LicenceStandingQuerySet
from learning_plans.rules.credit.renewals import Bucket
from pd_tracker.jobs.models import Job
from teachers.models import Licence
from tests.factories import CompletionFactory, DistrictFactory, EmploymentFactory, LicenceFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2025, 3, 3)


@pytest.fixture
def held():
    return LicenceFactory(rule_pack="NY-CTLE", valid_from=date(2022, 7, 1), valid_until=date(2027, 6, 30))


def renew(held, on=TODAY, at=None):
    return bring_up_to_date(district=held.teacher.district, on=on, at=at or timezone.now())


def old_news():
    """As if everything so far had been written a day ago."""
    for model in (Completion, Licence):
        model.history.update(history_date=timezone.now() - timedelta(days=1))


def test_a_standing_is_what_the_decision_says(held):
    CompletionFactory(teacher=held.teacher, minutes=100, category="", completed_on=TODAY)
    renew(held)

    kept = LicenceStanding.objects.get(licence=held)
    case = case_of(held, on=TODAY)
    fresh = standing(case, at=kept.decided_at)
    names = [field.attname for field in LicenceStanding._meta.concrete_fields if not field.primary_key]
    assert {name: getattr(kept, name) for name in names} == {name: getattr(fresh, name) for name in names}
    assert kept.counted == Decimal("1.6666")  # rounded down, never up
    assert kept.short == {"language_acquisition": "15"}


def test_only_what_changed_is_decided_again(held):
    LicenceFactory(rule_pack="NY-CTLE", teacher__district=held.teacher.district)
    assert renew(held) == 2
    old_news()
    assert renew(held) == 0

    completion = CompletionFactory(teacher=held.teacher, completed_on=TODAY)
    assert list(outdated(held.teacher.district, on=TODAY)) == [held]
    assert renew(held) == 1
    old_news()

    hr, reason = UserFactory(), "Entered twice"
    completions.void_completion(completion=completion, actor=hr, reason=reason)
    assert renew(held) == 1
    assert LicenceStanding.objects.get(licence=held).counted == 0


def test_another_rule_decides_about_everybody_again(held):
    other = LicenceFactory(teacher__district=held.teacher.district)
    renew(held)
    old_news()

    PackChoice.objects.create(district=held.teacher.district, rule_pack="KY-annual")
    assert renew(held) == 2
    assert LicenceStanding.objects.get(licence=other).rule_pack == "KY-annual"
    old_news()
    CategoryMeaning.objects.create(district=held.teacher.district, category="Writing", codes=["content"])
    assert renew(held) == 2


def test_time_alone_makes_somebody_late(held):
    held.valid_until = TODAY + timedelta(days=3)
    held.save()
    renew(held)
    old_news()

    assert renew(held, on=TODAY + timedelta(days=3)) == 0
    assert renew(held, on=TODAY + timedelta(days=4)) == 1
    assert LicenceStanding.objects.get(licence=held).status == "overdue"


def test_a_renewed_license_is_not_overdue(held):
    held.valid_until = TODAY - timedelta(days=1)
    held.save()
    renew(held)
    assert LicenceStanding.objects.filter(status="overdue").exists()

    LicenceFactory(teacher=held.teacher, licence_type="Master", rule_pack="NY-CTLE", valid_from=TODAY)
    renew(held)
    assert [each.licence.licence_type for each in LicenceStanding.objects.all()] == ["Master"]


def test_a_license_holds_until_the_next_one_begins(held):
    held.valid_until = TODAY + timedelta(days=9)
    held.save()
    LicenceFactory(teacher=held.teacher, rule_pack="NY-CTLE", valid_from=TODAY + timedelta(days=10))
    renew(held)
    assert LicenceStanding.objects.count() == 2
    renew(held, on=TODAY + timedelta(days=10))
    assert not LicenceStanding.objects.filter(licence=held).exists()


def test_two_licenses_at_once_both_stand(held):
    LicenceFactory(teacher=held.teacher, licence_type="Principal", valid_from=date(2024, 7, 1))
    assert renew(held) == 2


def test_unknown_rules_are_said_to_be_unknown(held):
    held.rule_pack = "no-such-rules"
    held.save()
    renew(held)

    kept = LicenceStanding.objects.get(licence=held)
    assert (kept.status, kept.rule_pack, kept.ends_on) == ("unknown", "no-such-rules", held.valid_until)


def test_another_district_stays_as_it_is(held):
    away = LicenceFactory(teacher__district=DistrictFactory(name="Birch Hills"))
    renew(held)
    assert not LicenceStanding.objects.filter(licence=away).exists()
    assert StandingRun.objects.count() == 1


def test_buckets_part_what_ends_within_a_year(held):
    EmploymentFactory(teacher=held.teacher)
    renew(held)
    standings: LicenceStandingQuerySet = LicenceStanding.objects.all()

    for days, bucket in ((0, Bucket.DAYS_90), (91, Bucket.DAYS_180), (365, Bucket.DAYS_365), (-1, Bucket.OVERDUE)):
        on = held.valid_until - timedelta(days=days)
        assert [each for each in Bucket if standings.in_bucket(each, on=on).exists()] == [bucket]


def test_what_a_long_run_has_just_decided_is_not_run_again(held, monkeypatch):
    monkeypatch.setattr("learning_plans.actions.standings.AT_SIGHT", 1)
    others = [LicenceFactory(rule_pack="NY-CTLE", teacher__district=held.teacher.district) for _number in range(2)]
    about = {"district": held.teacher.district, "on": TODAY}
    assert freshen(**about, at=timezone.now()) == 3
    Job.objects.all().delete()
    renew(held)

    assert freshen(**about, at=timezone.now()) == 0  # all changed within the hour, and nothing since
    CompletionFactory(teacher=held.teacher, minutes=60, category="", completed_on=TODAY)
    assert freshen(**about, at=timezone.now()) == 0
    assert LicenceStanding.objects.get(licence=held).counted == 1
    assert not Job.objects.exists()

    later = timezone.now() + timedelta(minutes=11)
    assert freshen(**about, at=later) == 3  # looked at once more, for what a long transaction showed late
    assert len(others) == 2
