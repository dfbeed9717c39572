"""Templates in use, an induction, and reviews held, coming and overdue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from learning_plans.actions.figures import figures_on
from learning_plans.actions.shipped import COACHING, INDUCTION, ORDINARY, SPECIAL_EDUCATION, take_shipped
from learning_plans.models import Plan, PlanReview, PlanTemplate
from pd_tracker.access import Role
from pd_tracker.demo.cast import Coach
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add

TAKEN = (INDUCTION, COACHING, SPECIAL_EDUCATION, ORDINARY)
COPIED = ("guidance", "is_apart_from_evaluation", "mentor_within_days", "goals_within_days", "weekly_minutes")
DECISION = (
    "Exit tickets work; the second group still needs more time to talk. We keep the goal, look at three tickets each "
    "Friday, and watch one lesson together before the next review."
)
LATE = 4  # one in so many reviews of the coach's other teachers is overdue


def add_cycle(loaded: Loaded) -> None:
    made = take_shipped(district=loaded.district, keys=[each.key for each in TAKEN], actor=loaded.user(Role.LEADER))
    templates = dict(zip([each.key for each in TAKEN], made, strict=True))
    coach, mentor = loaded.cast.coaches[:2]
    Plan.objects.update(template=templates[ORDINARY.key], guidance=templates[ORDINARY.key].guidance)
    plans_of(loaded, mentor).update(**begun_with(templates[INDUCTION.key]))
    add_reviews(loaded, coach)


def plans_of(loaded: Loaded, coach: Coach) -> Any:
    people = [loaded.teacher(career).pk for career in coach.caseload]
    return Plan.objects.filter(teacher__in=people).select_related("teacher", "school_year")


def begun_with(template: PlanTemplate) -> dict[str, Any]:
    return {"template": template} | {name: getattr(template, name) for name in COPIED}


def add_reviews(loaded: Loaded, coach: Coach) -> None:
    """The known teacher has one behind and one ahead; of the others some are late."""
    today, year = loaded.played.today, loaded.played.last

    def day(days: int) -> date:
        return max(min(today + timedelta(days=days), year.ends_on), year.starts_on)

    star = loaded.teacher(loaded.cast.teacher)
    others = [plan for plan in plans_of(loaded, coach) if plan.teacher_id != star.pk]
    add(
        PlanReview(plan=plan, planned_on=day(-8 if place % LATE == 0 else 10 + 5 * place))
        for place, plan in enumerate(others)
    )
    plan = Plan.objects.select_related("teacher", "school_year").get(teacher=star, school_year__label=year.label)
    if day(-45) < day(21):
        held = PlanReview(
            plan=plan,
            planned_on=day(-45),
            held_on=day(-45),
            held_by=loaded.user(Role.COACH),
            figures=earlier(figures_on(plan, on=day(-45))),
            decision=DECISION,
        )
        add([held, PlanReview(plan=plan, planned_on=day(21))])


def earlier(figures: dict[str, Any]) -> dict[str, Any]:
    """As the plan stood some weeks ago: less was done, more was open."""
    done = max(0, figures["done"] - 2)
    return figures | {
        "done": done,
        "open": figures["open"] + figures["done"] - done,
        "minutes": figures["minutes"] // 2,
    }
