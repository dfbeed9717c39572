"""Sharing, taking back and taking up."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learning_plans.actions import practices as actions
from learning_plans.models import Adoption, Practice
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from teachers.models import Teacher
from tests.factories import teacher_with_sign_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate()


@pytest.fixture
def author() -> Teacher:
    return teacher_with_sign_in()


@pytest.fixture
def colleague() -> Teacher:
    return teacher_with_sign_in()


@pytest.fixture
def practice(author) -> Practice:
    made = Practice(teacher=author, title="Exit tickets", how="On paper")
    return actions.save_practice(practice=made, actor=author.user, at=NOW)


def test_a_new_one_is_a_draft_of_its_author(practice, author, colleague):
    assert (practice.written_at, practice.shared_at) == (NOW, None)
    assert practice.history.get().history_user == author.user
    assert list(Practice.objects.visible_to(author.user)) == [practice]
    assert not Practice.objects.visible_to(colleague.user).exists()


def test_shared_taken_back_and_shared_again(practice, author, colleague):
    actions.share_practice(practice=practice, actor=author.user, at=NOW)
    assert Practice.objects.visible_to(colleague.user).shared().get() == practice
    actions.take_practice_back(practice=practice, actor=author.user, at=NOW)
    assert not Practice.objects.visible_to(colleague.user).exists()
    with pytest.raises(ValidationError, match="not shared"):
        actions.take_practice_back(practice=practice, actor=author.user, at=NOW)
    actions.share_practice(practice=practice, actor=author.user, at=NOW)
    assert Practice.objects.visible_to(colleague.user).exists()
    verbs = AuditEvent.objects.filter(verb__startswith="practice.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["practice.saved", "practice.shared", "practice.taken_back", "practice.shared"]


@pytest.mark.parametrize("url", ["http://a.example/x", "javascript:alert(1)", "ftp://a.example", "not an address"])
def test_links_are_safe_ones(practice, author, url):
    practice.evidence_url = url
    with pytest.raises(ValidationError) as raised:
        actions.save_practice(practice=practice, actor=author.user, at=NOW)
    assert set(raised.value.message_dict) == {"evidence_url"}


def adopt(practice: Practice, teacher: Teacher, **fields: Any) -> Adoption:
    assert teacher.user is not None
    return actions.adopt(practice=practice, teacher=teacher, actor=teacher.user, on=TODAY, **fields)


def test_the_author_is_told_that_somebody_tries_it_and_not_who(practice, author, colleague):
    actions.share_practice(practice=practice, actor=author.user, at=NOW)
    adoption = adopt(practice, colleague, comment="Went well")
    notice = Notice.objects.get(user=author.user)
    assert str(notice) == "Somebody tries “Exit tickets” too."
    assert str(colleague) not in str(notice.facts)
    actions.say_how_it_went(adoption=adoption, comment="Even better", actor=colleague.user)
    assert Adoption.objects.get().comment == "Even better"
    actions.stop_trying(adoption=adoption, actor=colleague.user)
    assert not Adoption.objects.exists()
    assert Adoption.history.first().history_type == "-"


def test_nobody_takes_up_their_own_or_twice(practice, author, colleague):
    with pytest.raises(ValidationError, match="your own"):
        adopt(practice, author)
    adopt(practice, colleague)
    with pytest.raises(ValidationError, match="already"):
        adopt(practice, colleague)
