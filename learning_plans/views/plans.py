"""A teacher's plan on the page: their own, and that of somebody one looks after or leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from learning_plans import tables
from learning_plans.models import Completion, Goal, Plan, PlanDecision, PlanItem
from learning_plans.models.choices import GoalStateName, NextStepName, ProgressName
from learning_plans.querysets.measures import figures_of, may_read_figures
from learning_plans.querysets.plans import parts_of
from learning_plans.rules.choices import GoalState, PlanState
from learning_plans.rules.plan_life import Act, Part, acts, may_add_items, may_change_item, may_write_goals
from learning_plans.rules.progress import Progress
from learning_plans.views.cycle import cycle_context
from learning_plans.views.measures import Measure, measure_of
from learning_plans.views.plan_words import how_it_stands, who_reads
from learning_plans.views.required import required_of
from pd_tracker.access import Capability
from pd_tracker.audit.versions import latest_version
from pd_tracker.web.views import CapabilityMixin
from teachers.models import SchoolYear, Teacher, User
from teachers.querysets.people import teachers_for
from teachers.views.person import person_context, visible_person

URGENCY = (Progress.OVERDUE, Progress.DUE_SOON, Progress.OPEN, Progress.EXEMPT, Progress.DONE)


@dataclass(frozen=True, slots=True)
class ShownItem:
    item: PlanItem
    progress: Progress
    may_change: bool = False

    @property
    def label(self) -> Any:
        return ProgressName(self.progress).label

    @property
    def next_step_label(self) -> Any:
        return NextStepName(self.item.next_step).label


@dataclass(frozen=True, slots=True)
class ShownGoal:
    goal: Goal
    items: list[ShownItem]
    measure: Measure | None


@dataclass(frozen=True, slots=True)
class CategoryHours:
    category: str
    hours: Decimal
    count: int


def year_of_today(user: User, teacher: Teacher) -> SchoolYear | None:
    return SchoolYear.objects.filter(district=teacher.district_id).holding(user.today).first()


def plan_context(user: User, teacher: Teacher, year: SchoolYear | None = None) -> dict[str, Any]:
    """One teacher's plan of a school year, for every page that shows it; without a year, of the one that runs."""
    year = year or year_of_today(user, teacher)
    plans = list(Plan.objects.visible_to(user).filter(teacher=teacher).select_related("school_year"))
    for each in plans:
        each.teacher = teacher
    plan = next((each for each in plans if each.school_year == year), None)
    parts = parts_of(user, plan) if plan is not None else new_parts(user, teacher)
    items = items_of(user, teacher, year, plan, parts)
    goals = goals_of(user, teacher, plan)
    standing = [goal for goal in goals if goal.state != GoalState.DROPPED]
    figures = figures_for(user, teacher, standing)
    known = {goal.pk for goal in standing}
    other_items = [shown for shown in items if shown.item.goal_id not in known]
    return {
        "teacher": teacher,
        "year": year,
        "plan": plan,
        "other_plans": [each for each in plans if each != plan],
        "parts": parts,
        "items": items,
        "goals": [
            ShownGoal(goal, [each for each in items if each.item.goal_id == goal.pk], measure_of(goal, figures))
            for goal in standing
        ],
        "dropped_goals": [goal for goal in goals if goal.state == GoalState.DROPPED],
        "other_items": other_items,
        "other_first": any(shown.progress is Progress.OVERDUE for shown in other_items),
        "counts": {state.value: sum(shown.progress is state for shown in items) for state in Progress},
        **hours_context(user, teacher, year),
    }


def new_parts(user: User, teacher: Teacher) -> frozenset[Part]:
    """Of a plan that is not begun: whoever writes in it, begins it."""
    return parts_of(user, Plan(teacher=teacher)) & {Part.OWNER, Part.GUIDE}


def may_add_goals(user: User, teacher: Teacher) -> bool:
    """In the plan of the running year, or by beginning it."""
    plan = Plan.objects.visible_to(user).filter(teacher=teacher, school_year=year_of_today(user, teacher)).first()
    parts = parts_of(user, plan) if plan is not None else new_parts(user, teacher)
    return may_write_goals(PlanState(plan.state) if plan is not None else PlanState.DRAFT, parts)


def items_of(
    user: User, teacher: Teacher, year: SchoolYear | None, plan: Plan | None, parts: frozenset[Part]
) -> list[ShownItem]:
    """What is overdue first, then by the due day. Required training is shown where the plan itself is not."""
    rows = PlanItem.objects.visible_to(user).filter(plan__teacher=teacher, plan__school_year=year).standing()
    rows = rows.with_facts().select_related("course", "assigned_by").order_by("due_on", "pk")
    if plan is not None and plan.closed_copy:
        rows = rows.exclude(pk__in=[item["id"] for item in plan.closed_copy["items"]])
    state = PlanState(plan.state) if plan is not None else PlanState.CLOSED
    items = [
        ShownItem(item, item.progress(on=user.today), may_change_item(state, parts, item, user_id=user.pk))
        for item in rows
    ]
    items.sort(key=lambda shown: URGENCY.index(shown.progress))
    return items


def goals_of(user: User, teacher: Teacher, plan: Plan | None) -> list[Goal]:
    if plan is None or plan.closed_copy:
        return []
    return list(Goal.objects.visible_to(user).filter(plan=plan).select_related("competency", "kpi"))


def figures_for(user: User, teacher: Teacher, goals: Sequence[Goal]) -> Any:
    kpi_ids = {goal.kpi_id for goal in goals if goal.kpi_id is not None}
    if not kpi_ids or not may_read_figures(user, teacher):
        return None
    return figures_of(teacher, kpi_ids=kpi_ids)


def hours_context(user: User, teacher: Teacher, year: SchoolYear | None) -> dict[str, Any]:
    completions = Completion.objects.visible_to(user).filter(teacher=teacher)
    if year is not None:
        completions = completions.dated(year.starts_on, year.ends_on)
    by_category = [
        CategoryHours(row["category"] or _("No category"), tables.hours(row["minutes"]), row["count"])
        for row in completions.counted().minutes_by_category()
    ]
    return {
        "hours_by_category": by_category,
        "hours_total": sum((row.hours for row in by_category), Decimal(0)),
        "pending": completions.open_to_approval().select_related("course"),
    }


def whole_plan(user: User, teacher: Teacher, *, year: str = "") -> dict[str, Any]:
    """A plan with its way so far, what the reader can do with it, and who reads it."""
    years = SchoolYear.objects.filter(district=teacher.district_id)
    context = plan_context(user, teacher, get_object_or_404(years, label=year) if year else None)
    plan, parts = context["plan"], context["parts"]
    state = PlanState(plan.state) if plan is not None else PlanState.DRAFT
    decisions = list(PlanDecision.objects.visible_to(user).filter(plan=plan).select_related("decided_by"))
    withdrawn = PlanItem.objects.visible_to(user).filter(plan=plan, withdrawn_at__isnull=False).select_related("course")
    if plan is None and context["year"] != year_of_today(user, teacher):
        parts = frozenset()  # a plan is begun in its own school year
    may_add = may_add_items(state, parts)
    is_ripe = plan is not None and may_roll_over(plan, parts, on=user.today)
    return (
        context
        | cycle_context(user, teacher, year=context["year"], plan=plan)
        | {
            "decisions": decisions,
            "required": required_of(user, teacher, only_recurring=True),
            "withdrawn": [item for item in withdrawn if may_change_item(state, parts, item, user_id=user.pk)],
            "copy": copy_in_words(plan.closed_copy) if plan is not None and plan.closed_copy else None,
            "may_read_figures": plan is not None and bool(plan.closed_copy) and may_read_figures(user, teacher),
            "can": [act.value for act in acts(state, parts)] if plan is not None else [],
            "may_write_goals": may_write_goals(state, parts),
            "may_add_items": may_add,
            "may_roll_over": is_ripe and years.filter(starts_on__gt=plan.school_year.ends_on).exists(),
            "stands": how_it_stands(plan, decisions, user, has_goals=bool(context["goals"])) if plan or may_add else "",
            "who_reads": who_reads(plan, teacher, user) if plan or may_add else "",
            "version": latest_version(plan) if plan is not None and Act.APPROVE in acts(state, parts) else None,
        }
    )


def may_roll_over(plan: Plan, parts: frozenset[Part], *, on: date) -> bool:
    is_ripe = plan.state in {PlanState.ACTIVE, PlanState.CLOSED} or plan.school_year.ends_on < on
    return is_ripe and bool({Part.OWNER, Part.GUIDE} & parts)


def copy_in_words(copy: dict[str, Any]) -> dict[str, Any]:
    """What a closed plan says, with its days as days and its states in the reader's language."""
    items = [item | {name: as_day(item[name]) for name in ("due_on", "done_on")} for item in copy["items"]]
    goals = [
        goal
        | {"state_word": GoalStateName(goal["state"]).label, "baseline_on": as_day(goal["baseline_on"])}
        | {"items": [item for item in items if item["goal"] == goal["id"]]}
        for goal in copy["goals"]
    ]
    known = {goal["id"] for goal in goals}
    return copy | {"goals": goals, "others": [item for item in items if item["goal"] not in known]}


def as_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


class PlanPage(CapabilityMixin, TemplateView):
    """A teacher's plan, for who looks after them."""

    capability = Capability.PLANS_VIEW
    template_name = "learning_plans/plan.html"

    def get_context_data(self, pk: int, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        get_object_or_404(teachers_for(user, Capability.PLANS_VIEW), pk=pk)
        teacher = visible_person(user, pk)
        card = person_context(self.request, teacher, part="plan")
        return super().get_context_data(
            **kwargs, **card | whole_plan(user, teacher, year=self.request.GET.get("year", ""))
        )
