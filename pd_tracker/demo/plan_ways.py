"""How the plans of the demonstration got where they are, and last year's plan of its teacher, closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from learning_plans.actions.closed_copies import closed_copy
from learning_plans.models import Goal, Plan, PlanDecision, PlanItem, PlanReview
from learning_plans.rules.choices import GoalState, PlanDecisionKind, PlanState
from pd_tracker.access import Role
from pd_tracker.demo.careers import Career
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add, moment
from teachers.models import KpiValue, User
from teachers.rules.choices import KpiLevel

HANDED_IN, ANSWERED, REVIEWED = timedelta(days=66), timedelta(days=75), timedelta(days=170)  # after the year began
SCORES = ("66.4", "68.1", "71.3")  # of the teacher's classes, the last school years
TARGET = Decimal(74)


def tell_ways(loaded: Loaded, plans: dict[Plan, Career]) -> None:
    """Every plan that was handed in says when; those of the known school say who approved them."""
    star = loaded.teacher(loaded.cast.teacher)
    year = loaded.years[loaded.played.last]
    principal, school = loaded.user(Role.PRINCIPAL), loaded.cast.school
    begin = min(year.starts_on, loaded.played.today)
    approvers = {plan: principal if career.post.place is school else None for plan, career in plans.items()}
    ways = (way_of(plan, begin, loaded.played.today, approver) for plan, approver in approvers.items())
    add([decision for way in ways for decision in way], with_history=False)
    (mine,) = (plan for plan in plans if plan.teacher_id == star.pk)
    add([PlanReview(plan=mine, planned_on=max(begin + REVIEWED, loaded.played.today + timedelta(days=9)))])
    go_on_from_last_year(loaded, mine, principal)


def way_of(plan: Plan, begin: date, today: date, principal: User | None) -> Iterator[PlanDecision]:
    if plan.state == PlanState.DRAFT:
        return
    handed_in, answered = min(begin + HANDED_IN, today), min(begin + ANSWERED, today)
    yield PlanDecision(
        plan=plan,
        kind=PlanDecisionKind.SUBMITTED.value,
        decided_by_id=plan.teacher.user_id,
        decided_at=moment(handed_in),
    )
    if plan.state == PlanState.ACTIVE:
        yield PlanDecision(
            plan=plan, kind=PlanDecisionKind.APPROVED.value, decided_by=principal, decided_at=moment(answered, 17)
        )


def add_scores(loaded: Loaded, goal: Goal) -> list[KpiValue]:
    star = loaded.cast.teacher
    school = loaded.schools[star.post.place.number]
    years = [loaded.years[year] for year in loaded.played.years[-1 - len(SCORES) : -1]]
    scores = SCORES[len(SCORES) - len(years) :]
    rows = [
        KpiValue(
            district=loaded.district, kpi=goal.kpi, school_year=year, level=KpiLevel.CLASSROOM.value, n=22,
            value=Decimal(score), teacher=loaded.teacher(star), school=school, section="Own tests",
        )
        for year, score in zip(years, scores, strict=True)
    ]  # fmt: skip
    return add(rows, with_history=False)


def go_on_from_last_year(loaded: Loaded, mine: Plan, principal: User | None) -> None:
    """One goal was set a year earlier and goes on, so that its figure has moved since."""
    last = loaded.played.years[-2]
    year = loaded.years[last]
    goal = mine.goals.get(kpi__code="assessment_mean")
    before = add_scores(loaded, goal)[-2:][0]
    goal.baseline, goal.baseline_on, goal.baseline_students = before.value, before.school_year.ends_on, before.n
    goal.target = TARGET
    (closed,) = add([Plan(teacher=mine.teacher, school_year=year, state=PlanState.CLOSED.value)])
    words = ("title", "measure", "competency", "kpi", "baseline", "baseline_on", "baseline_students", "target")
    same = {name: getattr(goal, name) for name in words}
    (earlier,) = add([Goal(plan=closed, state=GoalState.CARRIED.value, **same)])
    add(
        [
            PlanItem(plan=closed, goal=earlier, task="Film one lesson each term", task_done_on=year.census_on),
            PlanItem(plan=closed, goal=earlier, task="Try two kinds of exit ticket", due_on=year.ends_on),
        ]
    )
    goal.carried_from = earlier
    goal.save()
    closed.closed_copy = closed_copy(closed, on=year.ends_on)
    closed.save()
    mine.goals.filter(pk=goal.pk).update(created_at=moment(loaded.played.last.starts_on))
    Goal.objects.filter(pk=earlier.pk).update(created_at=moment(year.starts_on))
    Plan.objects.filter(pk=closed.pk).update(created_at=moment(year.starts_on))
    closed.items.update(assigned_at=moment(year.starts_on))
    as_it_ran = Plan(pk=closed.pk, teacher=mine.teacher, state=PlanState.ACTIVE.value)
    approved = way_of(as_it_ran, year.starts_on, year.ends_on, principal)
    ended = PlanDecision(
        plan=closed, kind=PlanDecisionKind.CLOSED.value, decided_by=principal, decided_at=moment(year.ends_on)
    )
    add([*approved, ended], with_history=False)
