"""The renewals board, and the notices sent from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learning_plans.models import LicenceStanding, RenewalMailing, RenewalNotice, StandingRun, Waiver
from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from pd_tracker.jobs.models import Job
from pd_tracker.notices.models import Notice
from teachers.models import Licence
from tests.factories import (
    DISTRICT_TIME,
    CompletionFactory,
    LicenceFactory,
    SchoolFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=DISTRICT_TIME)
PAGE, SEND = "/renewals/", "/renewals/notices/new/"


def ending(days: int, teacher: Any = None, **more: Any) -> Licence:
    """A license of five years under New York's rules that ends in so many days."""
    last = TODAY + timedelta(days=days)
    first = last - timedelta(days=1_825)
    values = {"rule_pack": "NY-CTLE", "jurisdiction": "NY", "valid_from": first, "valid_until": last}
    return LicenceFactory(teacher=teacher or employed(), **values | more)


@pytest.fixture
def hr():
    return user_with_role(Role.HR)


def browse(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(user: Any, query: str = "") -> dict[int, dict[str, str]]:
    context = browse(user).get(PAGE + query).context
    heads = [column.key for column in context["table"].columns]
    return {
        key: dict(zip(heads, row, strict=True))
        for key, row in zip(context["row_keys"], context["table"].rows, strict=True)
    }


def test_the_board_says_what_each_license_lacks_and_when_it_ends(hr):
    late, soon = ending(-3), ending(30)
    CompletionFactory(teacher=soon.teacher, minutes=90 * 60, category="", completed_on=TODAY)
    Waiver.objects.create(licence=late, amount=40, reason="Abroad", granted_at=timezone.now())

    rows = shown(hr)
    assert list(rows) == [late.pk, soon.pk]
    assert rows[soon.pk]["days_left"] == 30
    assert (rows[soon.pk]["required"], rows[soon.pk]["counted"], rows[soon.pk]["missing"]) == (100, 90, 10)
    assert (rows[soon.pk]["short"], rows[soon.pk]["waiver"]) == ("language acquisition 15", False)
    assert (rows[late.pk]["days_left"], str(rows[late.pk]["status"])) == (-3, "Overdue")
    assert (rows[late.pk]["required"], rows[late.pk]["waiver"]) == (60, True)


def test_buckets_are_counted_under_the_other_filters_and_lead_to_their_rows(hr):
    school = SchoolFactory()
    by_days = {days: ending(days, employed(school)) for days in (-1, 0, 90, 91, 180, 181, 365, 366)}
    ending(10)

    counts = browse(hr).get(f"{PAGE}?school={school.pk}&bucket=0-90").context["buckets"]
    assert [(each["count"], each["is_current"]) for each in counts] == [(1, False), (2, True), (2, False), (2, False)]
    assert set(shown(hr, counts[2]["url"])) == {by_days[91].pk, by_days[180].pk}


def test_the_board_is_narrowed_by_person_kind_rules_and_status(hr):
    held = ending(30, employed(given_name="Ada", family_name="Moreno"), licence_type="Initial")
    other = ending(40, rule_pack="none")
    gone = ending(20, employed(until=TODAY - timedelta(days=1)))

    assert set(shown(hr)) == {held.pk, other.pk}
    assert set(shown(hr, "?people=all")) == {held.pk, other.pk, gone.pk}
    for query in ("search=ada+moreno", "kind=NY+Initial", "rules=NY-CTLE", "status=behind", "short=true"):
        assert set(shown(hr, f"?{query}")) == {held.pk}, query


def test_leaders_see_their_reach_and_write_nothing_and_teachers_stay_out(hr):
    school = SchoolFactory()
    here, there = ending(30, teacher_with_sign_in(school)), ending(30)
    principal = user_with_role(Role.PRINCIPAL, school)

    assert set(shown(principal)) == {here.pk}
    assert set(shown(user_with_role(Role.LEADER))) == {here.pk, there.pk}
    assert not browse(principal).get(PAGE).context["may_write"]
    assert browse(here.teacher.user).get(PAGE).status_code == 403
    assert browse(principal).get(f"{SEND}?licence={here.pk}").status_code == 403
    assert browse(principal).get(reverse("learning_plans:renewal", args=[there.pk])).status_code == 404


def test_the_file_holds_every_column_and_leaves_a_mark(hr):
    held = ending(30)
    content = b"".join(browse(hr).get(f"{PAGE}?format=csv")).decode("utf-8-sig")

    assert content.splitlines()[0].endswith("Status,Notices sent,Last notice,Waiver")
    assert "NY-CTLE" in content
    assert AuditEvent.objects.filter(verb="person.exported", subject_id=str(held.teacher_id)).exists()


def test_many_outdated_licenses_are_worked_out_in_the_background(hr, monkeypatch):
    monkeypatch.setattr("learning_plans.actions.standings.AT_SIGHT", 0)
    ending(30)
    page = browse(hr).get(PAGE)

    assert page.context["waiting"] == 1
    assert Job.objects.get().get_absolute_url() in page.content.decode()
    assert not LicenceStanding.objects.exists()


# --- Notices ----------------------------------------------------------------------------------------------------


def write(hr: Any, query: str, **typed: Any) -> Any:
    """Sends what the form shows, seen as it reads."""
    client = browse(hr)
    page = client.get(SEND + query)
    fields = {
        "text": str(page.context["form"]["text"].value()).replace("\n", "\r\n"),
        "in_site": "on",
        "seen": page.context["seen"],
    }
    response = client.post(SEND + query, fields | typed)
    return response if response.status_code == 302 else response.context["form"]


def test_a_notice_is_seen_filled_and_then_goes_to_whoever_was_chosen(hr):
    here, plain = ending(30, teacher_with_sign_in()), ending(40)
    ending(50)
    query = f"?licence={here.pk}&licence={plain.pk}"
    shown(hr)
    page = browse(hr).get(SEND + query)
    assert [each.standing.licence for each in page.context["samples"]] == [here, plain]
    assert page.context["without_sign_in"] == 1
    assert "30 days are left. Still missing: 100 hours; language acquisition 15." in page.content.decode()

    assert write(hr, query).status_code == 302
    mailing = RenewalMailing.objects.get()
    assert (mailing.sent_by, mailing.notices.count()) == (hr, 2)
    told = Notice.objects.get(kind="licence_ends")
    own = RenewalNotice.objects.get(licence=here)
    assert (told.user, told.url) == (here.teacher.user, own.get_absolute_url())
    assert str(here) in str(told)
    assert own.words.startswith(f"Dear {here.teacher},\n")
    assert browse(here.teacher.user).get(own.get_absolute_url()).status_code == 200
    assert browse(here.teacher.user).get(RenewalNotice.objects.get(licence=plain).get_absolute_url()).status_code == 404
    assert shown(hr)[here.pk]["notices"] == 1


def test_everybody_whom_the_filters_leave_can_be_written_to(hr):
    soon = [ending(30), ending(60)]
    ending(300)
    shown(hr)

    write(hr, "?all=1&bucket=0-90")
    assert {each.licence for each in RenewalNotice.objects.all()} == set(soon)


def test_a_changed_text_is_shown_once_more_and_unknown_fields_are_refused(hr):
    held = ending(30)
    shown(hr)
    query = f"?licence={held.pk}"

    assert list(write(hr, query, text="Dear {name}, {naem}").errors) == ["text"]
    client = browse(hr)
    again = client.post(SEND + query, {"text": "Dear {name}!", "seen": "x"})
    assert again.context["samples"][0].words == f"Dear {held.teacher}!"
    assert not RenewalMailing.objects.exists()

    client.post(SEND + query, {"text": "Dear {name}!", "seen": again.context["seen"]})
    assert RenewalNotice.objects.get().words == f"Dear {held.teacher}!"
    assert not RenewalNotice.objects.get().was_told


def test_twice_in_a_week_must_be_meant(hr):
    held = ending(30)
    shown(hr)
    query = f"?licence={held.pk}"
    write(hr, query)

    form = write(hr, query)
    assert list(form.errors) == ["again"]
    assert write(hr, query, again="on").status_code == 302
    assert shown(hr)[held.pk]["notices"] == 2

    RenewalMailing.objects.update(sent_at=timezone.now() - timedelta(days=8))
    assert write(hr, query).status_code == 302


def test_letters_are_printed_and_merged(hr):
    held = ending(30)
    shown(hr)
    write(hr, f"?licence={held.pk}")
    mailing = RenewalMailing.objects.get()
    client = browse(hr)

    letters = client.get(reverse("learning_plans:letters", args=[mailing.pk])).content.decode()
    assert f"Dear {held.teacher}," in letters
    content = b"".join(client.get(f"{mailing.get_absolute_url()}?format=csv")).decode("utf-8-sig")
    assert held.teacher.email in content
    assert held.teacher.staff_id in content

    other = user_with_role(Role.HR, SchoolFactory())
    assert browse(other).get(mailing.get_absolute_url()).status_code == 404


def test_nobody_chosen_is_said(hr):
    StandingRun.objects.all().delete()
    assert browse(hr).get(SEND).url == PAGE
