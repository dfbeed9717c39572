"""A change of renewal rules is seen before it holds, and never edits what is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learning_plans import jobs
from learning_plans.actions import rule_changes, rule_rows
from learning_plans.actions.standings import bring_up_to_date
from learning_plans.credit.cases import case_of
from learning_plans.credit.shelf import ALWAYS, Choice, shelf_of
from learning_plans.models import CategoryMeaning, LicenceStanding, PackChoice, PackVersion, RuleChange
from learning_plans.rules.choices import RuleChangeKind as Kind
from learning_plans.rules.credit.shelf import texts
from pd_tracker.access import Role
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import run_job
from tests.factories import CompletionFactory, LicenceFactory, employed, user_with_role

pytestmark = pytest.mark.django_db
TODAY, FIRST, LAST = date(2025, 3, 3), date(2022, 7, 1), date(2027, 6, 30)


@pytest.fixture
def held():
    return LicenceFactory(teacher=employed(), jurisdiction="NY", valid_from=FIRST, valid_until=LAST)


@pytest.fixture
def over(held):
    """The period before, which has ended."""
    return LicenceFactory(
        teacher=held.teacher, jurisdiction="NY", valid_from=date(2017, 7, 1), valid_until=date(2022, 6, 30)
    )


@pytest.fixture
def hr(held):
    return user_with_role(Role.HR)


def choice(pack="NY-CTLE", day=None, jurisdiction="", licence_type=""):
    return rule_changes.choice_said(Choice(jurisdiction, licence_type, day or ALWAYS, pack))


def look(held, hr, said, kind=Kind.CHOICE, on=TODAY, reason="The state says so"):
    district, at = held.teacher.district, timezone.now()
    return rule_changes.look(district=district, kind=kind, said=said, reason=reason, actor=hr, on=on, at=at)


def confirm(change, hr, on=TODAY):
    return rule_changes.confirm(change, actor=hr, on=on, at=timezone.now())


def change(held, hr, said, kind=Kind.CHOICE, on=TODAY):
    confirm(look(held, hr, said, kind, on=on), hr, on=on)


def adapted(held, hr, source="NY-CTLE", code="ours"):
    return rule_rows.adapt(
        source=source, text=texts()[source], code=code, title="Ours", owner="HR", district=held.teacher.district,
        actor=hr, at=timezone.now(),
    )  # fmt: skip


def version(text, day=None, code="ours"):
    return {"code": code, "text": text, "holds_from": day and day.isoformat()}


# --- Looking ----------------------------------------------------------------------------------------------------


def test_a_look_says_whose_status_would_change_and_writes_nothing_else(held, hr):
    CompletionFactory(teacher=held.teacher, minutes=60 * 60, category="", completed_on=date(2024, 10, 1))
    LicenceFactory(teacher=employed(held.teacher.assignments.get().school), jurisdiction="NY", valid_from=FIRST)

    seen = look(held, hr, choice())
    assert (seen.touched, seen.other_rules, seen.confirmed_at) == (2, 2, None)
    assert rule_changes.transitions(seen.foreseen.all()) == [
        (1, "No state hour rule", "Behind"),
        (1, "No state hour rule", "On track"),
    ]
    row = seen.foreseen.get(licence=held)
    assert (row.rules_before, row.rules_after, row.required_after, row.counted_after) == ("none", "NY-CTLE", 100, 60)
    assert not PackChoice.objects.exists()
    assert not LicenceStanding.objects.exists()


def test_what_was_foreseen_is_what_happens(held, hr):
    CompletionFactory(teacher=held.teacher, minutes=60 * 60, category="", completed_on=date(2024, 10, 1))
    seen = look(held, hr, choice())
    assert confirm(seen, hr) == 0  # nobody waits

    kept, row = LicenceStanding.objects.get(licence=held), seen.foreseen.get(licence=held)
    assert (kept.rule_pack, kept.status, kept.required) == (row.rules_after, row.status_after, row.required_after)
    chosen = PackChoice.objects.get()
    assert (chosen.rule_pack, chosen.holds_from) == ("NY-CTLE", None)
    assert chosen.history.get().history_change_reason == "The state says so"
    assert look(held, hr, choice("KY-annual", TODAY)).foreseen.get(licence=held).rules_before == "NY-CTLE"


def test_people_who_left_and_licenses_with_rules_of_their_own_are_not_meant(held, hr):
    LicenceFactory(teacher=employed(until=date(2024, 6, 30)), valid_from=FIRST)
    LicenceFactory(teacher=employed(), rule_pack="TX-teacher", valid_from=FIRST)
    assert look(held, hr, choice()).touched == 1


def test_many_licenses_are_looked_at_in_the_background(held, hr, monkeypatch):
    monkeypatch.setattr(rule_changes, "AT_ONCE", 0)
    seen = look(held, hr, choice())
    assert (seen.touched, seen.worked_out_at, seen.foreseen.count()) == (1, None, 0)
    with pytest.raises(rule_changes.Outdated):
        confirm(seen, hr)

    run_job.func(seen.job_id)
    seen.refresh_from_db()
    job = Job.objects.get()
    assert (job.state, job.result_url, seen.foreseen.count()) == ("done", seen.get_absolute_url(), 1)
    jobs.foresee_rules(job, change_id=seen.pk)  # delivered twice
    assert seen.foreseen.count() == 1
    confirm(seen, hr)


def test_who_lost_the_right_does_not_see_it_worked_out(held, hr, monkeypatch):
    monkeypatch.setattr(rule_changes, "AT_ONCE", 0)
    seen = look(held, hr, choice())
    hr.role_grants.all().delete()
    run_job.func(seen.job_id)
    assert Job.objects.get().message == "Your roles do not reach these rules any more."


def test_another_change_in_between_is_noticed(held, hr):
    first, second = look(held, hr, choice()), look(held, hr, choice("KY-annual"))
    confirm(first, hr)
    with pytest.raises(rule_changes.Outdated):
        confirm(second, hr)
    with pytest.raises(ValidationError, match="holds already"):
        confirm(first, hr)
    again = rule_changes.look_again(second, actor=hr, on=TODAY, at=timezone.now())
    assert again.foreseen.get().rules_before == "NY-CTLE"
    with pytest.raises(rule_changes.Outdated):
        confirm(again, hr, on=TODAY + timedelta(days=1))  # time alone changes where people stand


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (choice("no-such-rules"), "Choose rules from the list."),
        (choice(day=TODAY - timedelta(days=1)), "Choose today or a later day"),
    ],
)
def test_what_makes_no_sense_is_refused(held, hr, said, words):
    with pytest.raises(ValidationError, match=words):
        look(held, hr, said)


def test_what_is_so_already_is_said(held, hr):
    change(held, hr, choice())
    with pytest.raises(ValidationError, match="it is so already"):
        look(held, hr, choice())


def test_looks_are_forgotten_and_what_was_confirmed_is_not(held, hr):
    change(held, hr, choice())
    look(held, hr, choice("KY-annual"))
    rule_changes.forget_looks(before=timezone.now() + timedelta(days=1))
    assert [each.confirmed_by for each in RuleChange.objects.all()] == [hr]


# --- What is over stays -----------------------------------------------------------------------------------------


def decided(licence):
    found = case_of(licence, on=licence.ends_on)
    return found.pack.id, found.decision


def test_the_first_choice_may_hold_for_what_is_over_and_no_later_one(held, over, hr):
    change(held, hr, choice())
    assert decided(over)[0] == "NY-CTLE"
    for said in (choice("KY-annual"), choice("PA-Act48", jurisdiction="NY")):
        with pytest.raises(ValidationError, match="The period of 1 license has ended already"):
            look(held, hr, said)
    change(held, hr, choice("PA-Act48", jurisdiction="PA"))  # nothing held for these so far
    change(held, hr, choice("KY-annual", TODAY))
    assert (decided(over)[0], decided(held)[0]) == ("NY-CTLE", "KY-annual")


def test_a_new_version_never_edits_a_period_that_is_over(held, over, hr):
    CompletionFactory(teacher=held.teacher, minutes=90 * 60, category="", completed_on=date(2020, 10, 1))
    adapted(held, hr)
    change(held, hr, choice("ours"))
    before, text = decided(over), texts()["NY-CTLE"].replace('amount = "100"', 'amount = "80"')

    with pytest.raises(ValidationError, match="has ended already"):
        look(held, hr, version(text), Kind.VERSION)
    seen = look(held, hr, version(text, TODAY), Kind.VERSION)
    assert [(row.licence, row.required_before, row.required_after) for row in seen.foreseen.all()] == [(held, 100, 80)]
    confirm(seen, hr)
    assert decided(over) == before
    assert decided(held)[1].required == 80

    later = TODAY + timedelta(days=400)  # when the present period is over, it stays as well
    second = text.replace('"80"', '"60"')
    change(held, hr, version(second, LAST + timedelta(days=1)), Kind.VERSION, on=later)
    assert decided(held)[1].required == 80
    assert [each.number for each in PackVersion.objects.all()] == [1, 2, 3]


def test_rules_that_hold_for_nobody_yet_may_say_anything_from_the_start(held, over, hr):
    adapted(held, hr)
    text = texts()["NY-CTLE"].replace('amount = "100"', 'amount = "80"')
    change(held, hr, version(text), Kind.VERSION)
    assert shelf_of(held.teacher.district_id).pack("ours", ends_on=over.ends_on).totals[0].amount == 80


def test_a_choice_that_decided_about_the_past_ends_and_one_that_did_not_goes(held, over, hr):
    change(held, hr, choice("KY-annual"))
    PackChoice.history.update(history_date=timezone.now() - timedelta(days=700))
    change(held, hr, choice("NY-CTLE", TODAY, jurisdiction="NY"))
    district, shelf = held.teacher.district, shelf_of(held.teacher.district_id)

    wide, close = PackChoice.objects.get(jurisdiction=""), PackChoice.objects.get(jurisdiction="NY")
    goes = rule_changes.ending_said(close, shelf=shelf, on=TODAY)
    ends = rule_changes.ending_said(wide, shelf=shelf, on=TODAY)
    assert (goes["goes"], ends["goes"], ends["holds_from"]) == (True, False, TODAY.isoformat())

    change(held, hr, goes, Kind.NO_CHOICE)
    assert decided(held)[0] == "KY-annual"
    change(held, hr, ends, Kind.NO_CHOICE)
    assert (decided(over)[0], decided(held)[0]) == ("KY-annual", "none")
    assert PackChoice.objects.filter(district=district).count() == 2


def test_an_ended_choice_lets_the_wider_one_hold_again(held, hr):
    change(held, hr, choice("KY-annual"))
    change(held, hr, choice("NY-CTLE", jurisdiction="ny"))
    change(held, hr, choice("", TODAY, jurisdiction="NY") | {"goes": False}, Kind.NO_CHOICE)
    assert decided(held)[0] == "KY-annual"


def test_a_mistake_of_today_can_be_taken_back_whole(held, over, hr):
    today = timezone.now().date()
    change(held, hr, choice("KY-annual"), on=today)
    said = rule_changes.ending_said(PackChoice.objects.get(), shelf=shelf_of(held.teacher.district_id), on=today)
    change(held, hr, said, Kind.NO_CHOICE, on=today)
    assert not PackChoice.objects.exists()


# --- Meanings and own rules -------------------------------------------------------------------------------------


def test_what_a_category_means_is_looked_at_and_then_holds(held, hr):
    change(held, hr, choice())
    CompletionFactory(teacher=held.teacher, minutes=600, category="Newcomers", completed_on=date(2024, 10, 1))
    LicenceFactory(teacher=employed(), jurisdiction="NY", valid_from=FIRST)
    said = {"meanings": {"newcomers": ["language_acquisition"]}}

    seen = look(held, hr, said, Kind.MEANINGS)
    assert [(row.licence, row.counted_before, row.counted_after) for row in seen.foreseen.all()] == [(held, 0, 10)]
    confirm(seen, hr)
    assert CategoryMeaning.objects.get().codes == ["language_acquisition"]
    change(held, hr, {"meanings": {"Newcomers": None}}, Kind.MEANINGS)
    assert not CategoryMeaning.objects.exists()
    assert LicenceStanding.objects.get(licence=held).counted == 0


def test_a_copy_has_its_own_name_and_history(held, hr):
    pack = adapted(held, hr)
    read = shelf_of(held.teacher.district_id).pack("ours", ends_on=None)
    assert (read.id, read.title, read.owner) == ("ours", "Ours", "HR")
    assert pack.versions.get().reason == "Made from NY-CTLE."
    for code, words in (("NY-CTLE", "already have this short name"), ("ours", "already have this short name")):
        with pytest.raises(ValidationError, match=words):
            adapted(held, hr, code=code)


def test_a_text_that_cannot_be_read_is_refused_with_its_place(held, hr):
    adapted(held, hr)
    text = texts()["NY-CTLE"].replace('sureness = "H"', 'sureness = "Q"')
    with pytest.raises(ValidationError, match=r"At ours\.sureness: “Q” is none of H, M, L\."):
        look(held, hr, version(text), Kind.VERSION)
    with pytest.raises(ValidationError, match="it is so already"):
        look(held, hr, version(PackVersion.objects.get().text), Kind.VERSION)


def test_a_change_of_rules_explains_everything_anew(held, hr):
    """The lines of a license are decided by the rules that hold now, each with its reason."""
    CompletionFactory(teacher=held.teacher, minutes=600, category="Newcomers", completed_on=date(2024, 10, 1))
    change(held, hr, choice())
    assert [each.reason.value for each in case_of(held, on=TODAY).decision.lines] == ["unknown_category"]
    pack = adapted(held, hr)
    change(held, hr, choice("ours"))
    text = f'also_categories = ["Newcomers"]\n{pack.versions.get().text}'
    change(held, hr, version(text, TODAY), Kind.VERSION)
    assert [each.reason.value for each in case_of(held, on=TODAY).decision.lines] == ["counted"]
    bring_up_to_date(district=held.teacher.district, on=TODAY, at=timezone.now())
    assert LicenceStanding.objects.get(licence=held).rule_pack == "ours"
