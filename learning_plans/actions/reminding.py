"""Reminders of what falls due: in the same transaction as the row that keeps each from going out twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from learning_plans.models import PlanItem, PlanReview, Reminder
from learning_plans.rules.assigning import CATCH_UP, OVERDUE, REMINDERS, REVIEW_SOON, reminder_due
from learning_plans.rules.batches import batches
from learning_plans.rules.choices import PlanState
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.models import District, Pairing


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder that is to go out to one person."""

    item: PlanItem
    due_on: date
    user_id: int
    stage: int

    @property
    def key(self) -> tuple[Any, ...]:
        return self.item.pk, self.user_id, self.due_on, self.stage


def remind_of_items(*, district: District, on: date, at: datetime) -> int:
    """To the teacher 14, 3 and 0 days before the due day, and to who looks after them once it is overdue."""
    last = on + timedelta(days=max(REMINDERS))
    items = PlanItem.objects.standing().filter(
        plan__teacher__district=district, due_on__gte=on + timedelta(days=OVERDUE - CATCH_UP), due_on__lte=last
    )
    # Who got it today was told of it today, and a closed plan asks for nothing any more.
    items = items.filter(assigned_at__date__lt=on).exclude(plan__state=PlanState.CLOSED.value).order_by("pk")
    keys = [key for key, due_on in items.values_list("pk", "due_on") if reminder_due(due_on=due_on, on=on) is not None]
    return sum(_remind(batch, district=district, on=on, at=at) for batch in batches(keys))


@transaction.atomic
def _remind(item_ids: Collection[int], *, district: District, on: date, at: datetime) -> int:
    _taken(district)
    items = PlanItem.objects.standing().with_facts().filter(pk__in=item_ids, is_done=False, is_exempt=False)
    due = list(_due(list(items.select_related("plan__teacher", "course")), on=on))
    sent = Reminder.objects.filter(item__in=item_ids)
    known = set(sent.values_list("item", "user", "due_on", "days_before"))
    new = [each for each in due if each.key not in known]
    Reminder.objects.bulk_create(
        Reminder(item=each.item, user_id=each.user_id, due_on=each.due_on, days_before=each.stage, sent_at=at)
        for each in new
    )
    _tell(new, on=on)
    return len(new)


def _due(items: Collection[PlanItem], *, on: date) -> Iterator[Due]:
    coaches = coaches_of({item.plan.teacher_id for item in items}, on=on)
    for item in items:
        due_on, teacher = item.due_on, item.plan.teacher
        stage = reminder_due(due_on=due_on, on=on) if due_on else None
        if due_on is None or stage is None:
            continue
        if stage != OVERDUE:
            yield from (Due(item, due_on, user_id, stage) for user_id in [teacher.user_id] if user_id is not None)
        elif item.is_required:
            yield from (Due(item, due_on, user_id, stage) for user_id in coaches[teacher.pk])


def _tell(due: Collection[Due], *, on: date) -> None:
    alike = defaultdict(list)
    for each in due:
        item = each.item
        if each.stage == OVERDUE:
            kind, url = Notice.Kind.ITEM_OVERDUE, reverse("learning_plans:plan", args=[item.plan.teacher_id])
            facts = {"course": str(item)}
        else:
            kind, url = Notice.Kind.ITEM_DUE, reverse("learning_plans:my_plan")
            facts = {"course": str(item), "days": str((each.due_on - on).days)}
        alike[kind, url, tuple(facts.items())].append(each.user_id)
    for (kind, url, told), user_ids in alike.items():
        tell(user_ids, kind=kind, url=url, **dict(told))


@transaction.atomic
def remind_of_reviews(*, district: District, on: date) -> int:
    """To teacher and coach, three days before a review and once more when its day has passed."""
    _taken(district)
    open_reviews = PlanReview.objects.filter(plan__teacher__district=district, held_on=None)
    open_reviews = open_reviews.exclude(plan__state=PlanState.CLOSED.value).filter(planned_on__lte=on + REVIEW_SOON)
    reviews = list(open_reviews.select_related("plan__teacher"))
    known = set(
        Notice.objects.filter(kind=Notice.Kind.REVIEW_DUE, facts__review__in=[review.pk for review in reviews])
        .values_list("user", "facts__review", "facts__day", "facts__is_overdue")
    )  # fmt: skip
    coaches = coaches_of({review.plan.teacher_id for review in reviews}, on=on)
    told = 0
    for review in reviews:
        teacher, facts = review.plan.teacher, (review.pk, review.planned_on.isoformat(), review.planned_on < on)
        page = reverse("learning_plans:plan", args=[teacher.pk])
        people = [(user_id, page) for user_id in coaches[teacher.pk]]
        people += [(teacher.user_id, reverse("learning_plans:my_plan"))] if teacher.user_id is not None else []
        for user_id, url in people:
            if (user_id, *facts) not in known:
                pk, day, is_overdue = facts
                kind = Notice.Kind.REVIEW_DUE
                tell([user_id], kind=kind, url=url, review=pk, day=day, is_overdue=is_overdue)
                told += 1
    return told


def coaches_of(teacher_ids: Iterable[int], *, on: date) -> dict[int, list[int]]:
    """By teacher, the sign-ins of whoever looks after them on the day."""
    found: dict[int, list[int]] = defaultdict(list)
    pairs = Pairing.objects.running(on=on).filter(teacher__in=teacher_ids).order_by("pk")
    for teacher_id, user_id in pairs.values_list("teacher", "coach").distinct():
        if user_id not in found[teacher_id]:
            found[teacher_id].append(user_id)
    return found


def _taken(district: District) -> None:
    """Two runs at once take turns; whoever comes second finds the reminders of the first."""
    District.objects.select_for_update(no_key=True).get(pk=district.pk)
