"""Rules for required training, held as the site holds them: somebody is late, somebody exempt, somebody new."""

from __future__ import annotations

from datetime import date, timedelta

from learning_plans.actions.assigning import exempt
from learning_plans.actions.holding import hold_rule
from learning_plans.models import AssignmentRule, PlanItem, Reminder
from learning_plans.rules.choices import Audience, DueRule
from pd_tracker.access import Role
from pd_tracker.demo.catalogue import ANNUAL
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add, moment
from teachers.models import Teacher

DAY = timedelta(days=1)
LONG_ENOUGH = 70 * DAY
REASON = "You gave this training to your colleagues last spring."
FEW = 5


def add_rules(loaded: Loaded) -> None:
    """They begin a while ago, so that the days since then brought some people and took others away."""
    today, last = loaded.played.today, PlanItem.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    begin = max(loaded.played.last.starts_on, today - LONG_ENOUGH)
    rules = add(_rules(loaded, begin))
    rules[-1].people.set(map(loaded.teacher, loaded.cast.coaches[0].caseload[:FEW]))  # the teacher is the first of them
    for on in (begin, today):
        for rule in rules:
            hold_rule(rule=rule, on=on, at=moment(on), actor=rule.made_by)
    PlanItem.objects.filter(pk__gt=last).update(assigned_at=moment(begin))
    _exempt_the_teacher(loaded, rules[-1])
    _remind(loaded)


def _rules(loaded: Loaded, begin: date) -> list[AssignmentRule]:
    today, at = loaded.played.today, moment(begin)
    principal, leader, hr = (loaded.user(role) for role in (Role.PRINCIPAL, Role.LEADER, Role.HR))
    school = loaded.schools[loaded.cast.school.number]
    of_all = {"district": loaded.district, "made_at": at}
    return [
        AssignmentRule(
            **of_all, name="Emergency procedures at our school", course=loaded.courses["PD-103"], school=school,
            due_rule=DueRule.FIXED.value, due_on=today + 12 * DAY, made_by=principal,
            note="Bring the map of your wing.",
        ),
        AssignmentRule(
            **of_all, name="First weeks for new teachers", course=loaded.courses["PD-110"],
            audience=Audience.FIRST_YEAR.value, due_rule=DueRule.AFTER_HIRE.value, due_days=90, made_by=leader,
        ),
        AssignmentRule(
            **of_all, name="Keeping children safe: who still lacks it", course=loaded.courses[ANNUAL], school=school,
            audience=Audience.WITHOUT_COURSE.value, due_rule=DueRule.AFTER_JOINING.value, due_days=30, made_by=hr,
        ),
        AssignmentRule(
            **of_all, name="Data privacy for pilot classrooms", course=loaded.courses["PD-102"],
            audience=Audience.PEOPLE.value, due_rule=DueRule.FIXED.value, due_on=today + 40 * DAY, made_by=leader,
        ),
    ]  # fmt: skip


def _exempt_the_teacher(loaded: Loaded, rule: AssignmentRule) -> None:
    member = rule.members.live().select_related("teacher", "rule__course").get(teacher=_star(loaded))
    exempt(member=member, reason=REASON, actor=rule.made_by, at=moment(loaded.played.today - 5 * DAY))


def _star(loaded: Loaded) -> Teacher:
    return loaded.teacher(loaded.cast.teacher)


def _remind(loaded: Loaded) -> None:
    """The coach has heard of what is late on the caseload."""
    today, coach = loaded.played.today, loaded.user(Role.COACH)
    late = PlanItem.objects.overdue(on=today).filter(plan__teacher__pairings__coach=coach).order_by("pk")
    late = late.filter(plan__school_year__ends_on__gte=today)
    add(
        (
            Reminder(item=item, user=coach, due_on=item.due_on, days_before=-1, sent_at=moment(item.due_on + DAY))
            for item in late
        ),
        with_history=False,
    )
