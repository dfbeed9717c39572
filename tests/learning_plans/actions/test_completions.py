"""What the record says can be corrected and voided, never lost, and never by the person it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from learning_plans.actions.completions import (
    Credit,
    approve_completion,
    correct_completion,
    record_completion,
    restore_completion,
    void_completion,
)
from learning_plans.models import Completion, CreditLine
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from teachers.models import Teacher, User
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    CreditLineFactory,
    TeacherFactory,
    UserFactory,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
DAY = date(2025, 10, 6)
MOMENT = datetime(2025, 10, 7, 9, 0, tzinfo=UTC)


@pytest.fixture
def hr() -> User:
    return user_with_role("hr", name="Harriet Rowe")


@pytest.fixture
def ada() -> Teacher:
    return teacher_with_sign_in()


def entered(teacher: Teacher, hr: User, *, credit: tuple[Credit, ...] = (), **fields: Any) -> Completion:
    course = fields.pop("course", None) or CourseFactory(category="Inclusion")
    completion = Completion(teacher=teacher, course=course, completed_on=DAY, minutes=90, **fields)
    return record_completion(completion=completion, credit=credit, actor=hr, at=MOMENT, on=DAY)


def hours(amount: str, category: str = "") -> Credit:
    return {"unit": "hour", "amount": Decimal(amount), "category": category}


def lines(completion: Completion) -> list[tuple[str, str, str]]:
    found = completion.credit_lines.order_by("unit", "category").values_list("unit", "amount", "category")
    return [(unit, str(amount.normalize()), category) for unit, amount, category in found]


def test_a_recorded_completion_is_vouched_for_told_and_in_the_trail(ada: Teacher, hr: User) -> None:
    completion = entered(ada, hr, credit=(hours("1.5", "Inclusion"),))

    saved = Completion.objects.get()
    assert (saved.recorded_by, saved.recorded_at, saved.approved_by, saved.approved_at) == (hr, MOMENT, hr, MOMENT)
    assert (saved.category, lines(saved)) == ("Inclusion", [("hour", "1.5", "Inclusion")])
    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (ada.user, Notice.Kind.COMPLETION_CHANGED)
    assert notice.facts == {"act": "recorded", "course": completion.course.title, "by": "Harriet Rowe"}
    assert set(AuditEvent.objects.filter(actor=hr).values_list("verb", flat=True)) == {
        "completion.recorded",
        "credit.saved",
    }


def test_one_pass_is_recorded_once_and_a_second_pass_is_a_new_row(ada: Teacher, hr: User) -> None:
    first = entered(ada, hr)

    with pytest.raises(ValidationError, match="already recorded for this person on this day"):
        entered(ada, hr, course=first.course)
    again = Completion(teacher=ada, course=first.course, completed_on=DAY - timedelta(days=1), minutes=90)
    record_completion(completion=again, actor=hr, at=MOMENT, on=DAY)

    assert Completion.objects.count() == 2
    assert Notice.objects.count() == 2


def test_a_voided_pass_makes_room_for_a_right_one_and_then_cannot_come_back(ada: Teacher, hr: User) -> None:
    wrong = void_completion(completion=entered(ada, hr), actor=hr, reason="Wrong hours")
    entered(ada, hr, course=wrong.course)

    with pytest.raises(ValidationError, match="already recorded for this person on this day"):
        restore_completion(completion=wrong, actor=hr, reason="Never mind")
    assert Completion.objects.get(pk=wrong.pk).state == "voided"


def test_a_day_that_has_not_come_is_not_completed(ada: Teacher, hr: User) -> None:
    completion = Completion(teacher=ada, course=CourseFactory(), completed_on=DAY + timedelta(days=1), minutes=90)

    with pytest.raises(ValidationError, match="This day has not come yet"):
        record_completion(completion=completion, actor=hr, at=MOMENT, on=DAY)


def test_nobody_certifies_their_own_hours(hr: User) -> None:
    me = TeacherFactory(user=hr)
    mine = CompletionFactory(teacher=me, completed_on=DAY, state="pending")
    attempts = [
        lambda: entered(me, hr),
        lambda: correct_completion(completion=mine, actor=hr, reason="More", on=DAY),
        lambda: void_completion(completion=mine, actor=hr, reason="Less"),
        lambda: restore_completion(completion=mine, actor=hr, reason="Back"),
        lambda: approve_completion(completion=mine, actor=hr, at=MOMENT),
    ]
    for attempt in attempts:
        with pytest.raises(ValidationError, match="Nobody certifies their own hours"):
            attempt()

    mine.refresh_from_db()
    assert (Completion.objects.count(), mine.state) == (1, "pending")


@pytest.mark.parametrize("act", [correct_completion, void_completion, restore_completion])
def test_what_was_said_once_is_not_changed_without_a_reason(ada: Teacher, hr: User, act: Any) -> None:
    completion = entered(ada, hr)
    more = {"on": DAY} if act is correct_completion else {}

    with pytest.raises(ValidationError, match="Say why"):
        act(completion=completion, actor=hr, reason=" ", **more)


def test_a_correction_keeps_old_and_new_with_the_reason(ada: Teacher, hr: User) -> None:
    completion = entered(ada, hr)
    completion.minutes = 120

    correct_completion(completion=completion, actor=hr, reason="Sheet said two hours", on=DAY)

    new, old = Completion.history.all()
    assert (old.minutes, new.minutes) == (90, 120)
    assert (new.history_change_reason, new.history_user) == ("Sheet said two hours", hr)
    assert Notice.objects.first().facts["act"] == "corrected"


def test_correcting_credit_changes_adds_and_removes_only_what_differs(ada: Teacher, hr: User) -> None:
    completion = entered(ada, hr, credit=(hours("1", "A"), hours("2", "B"), hours("3", "C")))

    correct_completion(
        completion=completion,
        credit=(hours("1", "A"), hours("2.5", "B"), hours("4", "D")),
        actor=hr,
        reason="Recount",
        on=DAY,
    )

    assert lines(completion) == [("hour", "1", "A"), ("hour", "2.5", "B"), ("hour", "4", "D")]
    changed = CreditLine.history.filter(history_change_reason="Recount").order_by("history_type")
    assert [(line.category, line.history_type) for line in changed] == [("D", "+"), ("C", "-"), ("B", "~")]


def test_a_correction_that_says_nothing_of_credit_leaves_it(ada: Teacher, hr: User) -> None:
    completion = entered(ada, hr, credit=(hours("1"),))

    correct_completion(completion=completion, actor=hr, reason="Fund", on=DAY)

    assert lines(completion) == [("hour", "1", "")]


def test_one_unit_stands_once_for_a_category_or_nothing_is_recorded(ada: Teacher, hr: User) -> None:
    with pytest.raises(ValidationError, match="Give each unit once"):
        entered(ada, hr, credit=(hours("1"), hours("2")))

    assert Completion.objects.count() == 0
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("state", ["approved", "pending"])
def test_voiding_counts_nowhere_and_restoring_gives_back_the_state_before(ada: Teacher, hr: User, state: str) -> None:
    completion = CompletionFactory(teacher=ada, completed_on=DAY, state=state)
    CreditLineFactory(completion=completion)

    void_completion(completion=completion, actor=hr, reason="Was not there")
    assert (completion.state, completion.void_reason) == ("voided", "Was not there")
    assert not Completion.objects.counted().exists()
    with pytest.raises(ValidationError, match="already voided"):
        void_completion(completion=completion, actor=hr, reason="Again")

    restore_completion(completion=completion, actor=hr, reason="Was there after all")
    assert (completion.state, completion.void_reason) == (state, "")
    with pytest.raises(ValidationError, match="not voided"):
        restore_completion(completion=completion, actor=hr, reason="Again")
    assert [notice.facts["act"] for notice in Notice.objects.order_by("pk")] == ["voided", "restored"]


def test_approval_says_who_and_when_and_only_what_waits_is_approved(ada: Teacher, hr: User) -> None:
    completion = CompletionFactory(teacher=ada, completed_on=DAY, state="pending")

    approve_completion(completion=completion, actor=hr, at=MOMENT)

    assert (completion.state, completion.approved_by, completion.approved_at) == ("approved", hr, MOMENT)
    with pytest.raises(ValidationError, match="does not wait"):
        approve_completion(completion=completion, actor=hr, at=MOMENT)


def test_somebody_without_a_sign_in_is_told_nothing(hr: User) -> None:
    entered(TeacherFactory(), hr)
    entered(TeacherFactory(user=UserFactory()), hr)

    assert Notice.objects.count() == 1
