"""Rules that assign training: making, changing and ending them, and exempting people from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from learning_plans.actions.holding import Asked, Held, asked_of, hold_rule, leave, own_open_items, taken
from learning_plans.models import AssignmentRule, PlanItem, RuleMember
from learning_plans.models.choices import DutyName
from learning_plans.querysets.assigning import audience_of
from learning_plans.rules.batches import batches
from learning_plans.rules.choices import Audience
from learning_plans.rules.recurring import IN_ROUNDS
from pd_tracker.access import Capability
from pd_tracker.audit.actions import record_each
from pd_tracker.jobs.actions import start
from pd_tracker.jobs.models import Job
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.actions.keeping import keep
from teachers.models import Teacher, User
from teachers.querysets.people import teachers_for


def check_rule(rule: AssignmentRule, *, chosen: QuerySet[Teacher] | None, actor: User, on: date) -> None:
    """Everything that can be wrong with a rule that is to be made, each beside its field."""
    rule.full_clean(exclude=["made_by", "made_at"])
    reach = actor.reach(Capability.RULES_EDIT)
    whole = reach.everything or rule.district_id in reach.district_ids
    if not whole and rule.school_id not in reach.school_ids:
        raise ValidationError({"school": _("Choose a school that you lead.")})
    if rule.school is not None and rule.school.district_id != rule.district_id:
        raise ValidationError({"school": _("Choose a school of this district.")})
    if rule.course.district_id != rule.district_id:
        raise ValidationError({"course": _("Choose a course of this district.")})
    _refuse_days(rule, on=on)
    if rule.audience == Audience.PEOPLE and (chosen is None or not chosen.exists()):
        raise ValidationError({"people": _("Name at least one person.")})


def reachable(actor: User, staff_ids: Collection[str]) -> QuerySet[Teacher]:
    """The people one may make a rule for; an id that is nobody's, or out of reach, is named."""
    found = teachers_for(actor, Capability.RULES_EDIT).filter(staff_id__in=staff_ids)
    strangers = sorted(set(staff_ids) - set(found.values_list("staff_id", flat=True)))
    if strangers:
        words = _(
            "There is nobody with these staff ids for whom you may do this: %(ids)s. Check them, or leave them out."
        )
        raise ValidationError({"people": words % {"ids": ", ".join(strangers)}})
    return found


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Whom a rule would hold for: how many, and the first of them with their due day and why."""

    count: int
    rows: list[tuple[Any, ...]]


SHOWN = 50
FULL_YEAR = 365
AT_ONCE = 200  # people; more are seen to in the background


def foresee(rule: AssignmentRule, *, chosen: QuerySet[Teacher] | None, on: date) -> Foreseen:
    people: QuerySet[Any] = audience_of(rule, on=on, chosen=chosen)
    first: list[Any] = people.with_post(on=on).order_by("listed_name", "pk")[:SHOWN]  # type: ignore[attr-defined]
    asked = asked_of(rule, [RuleMember(rule=rule, teacher=who, joined_on=on) for who in first], on=on)
    rows = [
        (who.listed_name, who.staff_id, who.school_name, who.hired_on, asked[who.pk].due_on, _why(rule))
        for who in first
    ]
    return Foreseen(people.count(), rows)


def _why(rule: AssignmentRule) -> str:
    match Audience(rule.audience):
        case Audience.PEOPLE:
            return _("Chosen by name")
        case Audience.FIRST_YEAR:
            return _("In the first year here")
        case Audience.WITHOUT_COURSE:
            return _("Has no approved completion of this course")
        case Audience.EVERYBODY if rule.duties:
            return ", ".join(str(DutyName(duty).label) for duty in rule.duties)
        case Audience.EVERYBODY if rule.subject:
            return _("Teaches %(subject)s") % {"subject": rule.subject}
        case Audience.EVERYBODY:
            return _("Works here today")


@transaction.atomic
def make_rule(
    *, rule: AssignmentRule, chosen: QuerySet[Teacher] | None, actor: User, at: datetime, on: date
) -> AssignmentRule:
    """Only states the rule; `hold_rule` then puts the training into plans."""
    rule.made_by, rule.made_at = actor, at
    check_rule(rule, chosen=chosen, actor=actor, on=on)
    keep(rule, actor=actor, verb="assignment_rule.made")
    if chosen is not None and rule.audience == Audience.PEOPLE:
        rule.people.set(chosen)
    return rule


def put_into_plans(rule: AssignmentRule, *, count: int, actor: User, at: datetime, on: date) -> Held | Job:
    """At once for a few people, in the background for many."""
    if count <= AT_ONCE:
        return hold_rule(rule=rule, on=on, at=at, actor=actor)
    arguments = {"rule_id": rule.pk, "actor_id": actor.pk}
    return start(function="learning_plans.jobs.hold", title=rule.name, owner=actor, arguments=arguments)


def take_out_of_plans(
    rule: AssignmentRule, *, withdraw: bool, reason: str, actor: User, at: datetime, on: date
) -> int | Job:
    """Ends a rule, at once for a few people and in the background for many."""
    if rule.ended_at is not None or rule.members.live().count() <= AT_ONCE:
        return end_rule(rule=rule, withdraw=withdraw, reason=reason, actor=actor, at=at, on=on)
    arguments = {"rule_id": rule.pk, "actor_id": actor.pk, "withdraw": withdraw, "reason": reason}
    return start(function="learning_plans.jobs.end", title=rule.name, owner=actor, arguments=arguments)


@transaction.atomic
def change_rule(*, rule: AssignmentRule, actor: User, reason: str, on: date) -> int:
    """The new words and due days go into the items still open; how many were changed."""
    if taken(rule.pk).ended_at is not None:
        raise ValidationError(_("This rule has ended. Make a new one instead."))
    before = AssignmentRule.objects.get(pk=rule.pk)
    is_due_changed = rule.recurrence != before.recurrence
    if is_due_changed:
        _refuse_days(rule, on=on)
    keep(rule, actor=actor, verb="assignment_rule.changed", reason=reason)
    live = rule.members.live().values_list("pk", flat=True)
    return sum(_rewrite(rule, keys, is_due_changed=is_due_changed, actor=actor, on=on) for keys in batches(live))


def _rewrite(rule: AssignmentRule, keys: Collection[int], *, is_due_changed: bool, actor: User, on: date) -> int:
    members = {member.item_id: member for member in RuleMember.objects.filter(pk__in=keys)}
    items = list(own_open_items(members.values()))
    asked = asked_of(rule, members.values(), on=on) if is_due_changed else {}
    changed = []
    for item in items:
        day = asked.get(members[item.pk].teacher_id) or Asked(item.due_on, item.counts_from)
        given = (rule.note, rule.is_required, day.due_on, day.counts_from)
        if (item.note, item.is_required, item.due_on, item.counts_from) != given:
            item.note, item.is_required, item.due_on, item.counts_from = given
            changed.append(item)
    fields = ["note", "is_required", "due_on", "counts_from"]
    bulk_update_with_history(changed, PlanItem, fields, batch_size=500, default_user=actor)
    changed_keys = [item.pk for item in changed]
    record_each(actor=actor, verb="plan_item.saved", model=PlanItem, keys=changed_keys, rule=rule.pk)
    users = Teacher.objects.filter(plans__items__in=changed_keys, user__isnull=False)
    _tell(users.values_list("user", flat=True).distinct(), rule=rule, actor=actor)
    return len(changed)


@transaction.atomic
def end_rule(*, rule: AssignmentRule, withdraw: bool, actor: User, at: datetime, on: date, reason: str = "") -> int:
    """Nobody joins any more. Open items are taken out, or stay as training somebody was given; exempt people's go."""
    if taken(rule.pk).ended_at is not None:
        raise ValidationError(_("This rule has ended already."))
    taken_out = 0
    for keys in batches(rule.members.live().values_list("pk", flat=True)):
        taken_out += leave(rule, keys, actor=actor, at=at, on=on, withdraw=withdraw)
    rule.ended_at = at
    keep(rule, actor=actor, verb="assignment_rule.ended", reason=reason, withdrawn=taken_out)
    return taken_out


@transaction.atomic
def exempt(*, member: RuleMember, reason: str, actor: User, at: datetime) -> RuleMember:
    if member.left_on is not None:
        raise ValidationError(_("The rule does not hold for this person any more."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this person is exempt.")})
    member.exempted_at, member.exempted_by, member.exemption_reason = at, actor, reason.strip()
    keep(member, actor=actor, verb="rule_member.exempted", teacher=member.teacher_id)
    _tell_member(member, actor=actor)
    return member


@transaction.atomic
def end_exemption(*, member: RuleMember, actor: User) -> RuleMember:
    if member.exempted_at is None:
        raise ValidationError(_("This person is not exempt."))
    member.exempted_at, member.exempted_by, member.exemption_reason = None, None, ""
    keep(member, actor=actor, verb="rule_member.exemption_ended", teacher=member.teacher_id)
    _tell_member(member, actor=actor)
    return member


def _refuse_days(rule: AssignmentRule, *, on: date) -> None:
    """Of what comes back with a round, only month and day of a fixed day are asked for, so any year will do."""
    in_rounds = rule.repeats in IN_ROUNDS
    if rule.due_on is not None and rule.due_on < on and not in_rounds:
        raise ValidationError({"due_on": _("Choose today or a later day.")})
    longest = FULL_YEAR * (rule.every_years or 1)
    if in_rounds and rule.due_days is not None and rule.due_days >= longest:
        words = _("It must fall due before it is asked for again: choose fewer than %(days)d days.")
        raise ValidationError({"due_days": words % {"days": longest}})


def _tell_member(member: RuleMember, *, actor: User) -> None:
    if member.teacher.user_id is not None:
        _tell([member.teacher.user_id], rule=member.rule, actor=actor)


def _tell(user_ids: Iterable[int], *, rule: AssignmentRule, actor: User) -> None:
    url = reverse("learning_plans:my_plan")
    tell(user_ids, kind=Notice.Kind.PLAN_CHANGED, url=url, by=actor.name, what=rule.course.title)
