"""Long work of learning in the background. All of it may run again, or twice at once, and does nothing twice."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learning_plans.actions import assigning, cycles
from learning_plans.actions.comparing import compare
from learning_plans.actions.holding import hold_rule
from learning_plans.actions.reminding import remind_of_items, remind_of_reviews
from learning_plans.actions.rule_changes import forget_looks, work_out
from learning_plans.actions.standings import bring_up_to_date
from learning_plans.models import AssignmentRule, CycleStart, RuleChange
from pd_tracker.access import Capability
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import JobStopped
from teachers.actions.drafts import forget_drafts
from teachers.models import District, User

logger = logging.getLogger(__name__)
DRAFTS_ARE_KEPT = timedelta(days=60)
LOOKS_ARE_KEPT = timedelta(days=30)


def daily(job: Job, *, on: str) -> None:
    day, at = date.fromisoformat(on), timezone.now()
    rules = AssignmentRule.objects.running().select_related("course")
    job.tell(total=len(rules), message=_("Checking whom the rules for required training hold for"))
    for number, rule in enumerate(rules, 1):
        try:
            hold_rule(rule=rule, on=day, at=at)
        except ValidationError:  # a district without a school year is no reason to leave the others out
            logger.warning("Rule %s could not be held: no school year is set up for %s.", rule.pk, on)
        job.tell(done=number)
    forget_drafts(before=at - DRAFTS_ARE_KEPT)
    job.tell(message=_("Reminding people of what is due"))
    sent = 0
    for district in District.objects.all():
        sent += remind_of_items(district=district, on=day, at=at) + remind_of_reviews(district=district, on=day)
    job.tell(message=_("Rules checked: %(rules)d. Reminders sent: %(sent)d.") % {"rules": len(rules), "sent": sent})


def renew_standings(job: Job, *, district_id: int) -> None:
    """Where the licenses of a district stand, decided anew for those that changed or came due."""
    district = District.objects.get(pk=district_id)
    job.tell(message=_("Working out where licenses stand"))
    on, at = timezone.localdate(), timezone.now()
    count = bring_up_to_date(district=district, on=on, at=at, told=lambda done: job.tell(done=done))
    job.tell(message=_("Licenses worked out anew: %(count)d.") % {"count": count})


def compare_totals(job: Job, *, district_id: int) -> str:
    """Totals of the old system beside ours."""
    job.tell(message=_("Comparing with the old system"))
    compare(district=District.objects.get(pk=district_id), at=timezone.now(), told=lambda done: job.tell(done=done))
    return reverse("learning_plans:parallel_run")


def daily_standings(job: Job, *, on: str) -> None:
    day, at = date.fromisoformat(on), timezone.now()
    for district in District.objects.all():
        bring_up_to_date(district=district, on=day, at=at, told=lambda done: job.tell(done=done))
    forget_looks(before=at - LOOKS_ARE_KEPT)


def foresee_rules(job: Job, *, change_id: int) -> str:
    """What a change of renewal rules would do to many licenses."""
    change = RuleChange.objects.select_related("made_by").filter(pk=change_id).first()
    if change is None or not RuleChange.objects.editable_by(change.made_by).filter(pk=change_id).exists():
        raise JobStopped(_("Your roles do not reach these rules any more."))
    job.tell(total=change.touched, message=_("Working out what would change"))
    work_out(change, at=timezone.now(), told=lambda done: job.tell(done=done))
    return str(change.get_absolute_url())


def hold(job: Job, *, rule_id: int, actor_id: int) -> str:
    """A rule for many people, put into their plans while whoever made it does something else."""
    rule, actor = _asked(rule_id, actor_id)
    job.tell(message=_("Putting the training into plans"))
    try:
        hold_rule(rule=rule, on=actor.today, at=timezone.now(), actor=actor, told=lambda count: job.tell(done=count))
    except ValidationError as refusal:
        raise JobStopped(" ".join(refusal.messages)) from refusal
    return rule.get_absolute_url()


def end(job: Job, *, rule_id: int, actor_id: int, withdraw: bool, reason: str) -> str:
    rule, actor = _asked(rule_id, actor_id)
    job.tell(message=_("Ending the rule"))
    if rule.ended_at is None:
        at, on = timezone.now(), actor.today
        assigning.end_rule(rule=rule, withdraw=withdraw, actor=actor, at=at, on=on, reason=reason)
    return rule.get_absolute_url()


def _asked(rule_id: int, actor_id: int) -> tuple[AssignmentRule, User]:
    actor = User.objects.get(pk=actor_id)
    rule = AssignmentRule.objects.visible_to(actor).select_related("course").filter(pk=rule_id).first()
    if rule is None or not actor.may(Capability.RULES_EDIT):
        raise JobStopped(_("Your roles do not reach this rule any more."))
    return rule, actor


def start_plans(job: Job, *, start_id: int, actor_id: int) -> str:
    start, actor = CycleStart.objects.get(pk=start_id), User.objects.get(pk=actor_id)
    if not actor.may(Capability.PLANS_START):
        raise JobStopped(_("You may no longer start plans, so no more were started. Ask who gave you the role."))
    job.tell(message=_("Starting plans"))
    cycles.run_start(start, actor=actor, **_progress(job))
    return start.get_absolute_url()


def undo_start(job: Job, *, start_id: int, actor_id: int) -> str:
    start, actor = CycleStart.objects.get(pk=start_id), User.objects.get(pk=actor_id)
    job.tell(message=_("Removing the plans that nobody has written into"))
    cycles.run_undo(start, actor=actor, **_progress(job))
    return start.get_absolute_url()


def _progress(job: Job) -> dict[str, Any]:
    return {"told": lambda done: job.tell(done=done), "total": lambda total: job.tell(total=total)}
