"""Writing in a plan, one goal or item at a time: the teacher's own, or with somebody one looks after."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from learning_plans.actions import plans as actions
from learning_plans.actions.goals import move_up, save_goal, set_goal_state
from learning_plans.forms.plans import GoalForm, ItemForm
from learning_plans.models import Course, Goal, Need, Plan, PlanItem
from learning_plans.querysets.measures import figures_of
from learning_plans.querysets.plans import teachers_written_by
from learning_plans.rules.choices import GoalState, PlanState
from learning_plans.rules.plan_life import Part, may_add_items, may_change_item, may_write_goals
from learning_plans.views.plan_words import who_reads
from learning_plans.views.plans import year_of_today
from pd_tracker.access import Capability
from pd_tracker.web.addresses import row_keys
from pd_tracker.web.views import require, say_errors
from teachers.models import Teacher, User
from teachers.querysets.people import reaches
from teachers.views.drafts import DraftMixin
from teachers.views.parts import KeptFormPage

WRITING = (Capability.PLANS_WRITE_OWN, Capability.PLANS_EDIT)


def plan_address(plan: Plan | None, teacher: Teacher, user: User) -> str:
    """Where a plan is read: one's own page, or the teacher's."""
    is_own = teacher.user_id == user.pk
    page = reverse("learning_plans:my_plan") if is_own else reverse("learning_plans:plan", args=[teacher.pk])
    is_other_year = plan is not None and not plan.school_year.starts_on <= user.today <= plan.school_year.ends_on
    return f"{page}?year={plan.school_year.label}" if plan is not None and is_other_year else page


def refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("In an approved plan this changes together with your coach. A closed plan stays."))


class PlanPart(DraftMixin, KeptFormPage):
    """Adds or changes one part of a plan that somebody may write in."""

    template_name = "learning_plans/plan_part.html"
    model: ClassVar[type[Goal] | type[PlanItem]]
    new_title: ClassVar[Any]
    capability = Capability.PLANS_VIEW

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request, *WRITING)
        self.part: Any = get_object_or_404(self.rows(), pk=kwargs["pk"]) if "pk" in kwargs else None
        if self.part is not None:
            self.plan, self.teacher = self.part.plan, self.part.plan.teacher
        else:
            self.teacher = get_object_or_404(teachers_written_by(request.user), pk=kwargs["teacher_pk"])
            self.plan = self.plan_asked()
        self.parts = actions.parts_writing(self.teacher, request.user)
        refuse_unless(self.may_write(PlanState(self.plan.state) if self.plan else PlanState.DRAFT))

    def rows(self) -> Any:
        rows = self.model.objects.filter(plan__teacher__in=teachers_written_by(self.request.user))
        return rows.select_related("plan__teacher", "plan__school_year")

    def plan_asked(self) -> Plan | None:
        """The plan named in the address, or that of the running year."""
        plans = Plan.objects.visible_to(self.request.user).filter(teacher=self.teacher).select_related("school_year")
        named = row_keys(self.request.GET.getlist("plan"))
        if named:
            return get_object_or_404(plans, pk__in=named)
        return plans.filter(school_year=year_of_today(self.request.user, self.teacher)).first()

    def may_write(self, state: PlanState) -> bool:
        raise NotImplementedError

    def instance(self) -> Any:
        if self.part is None:
            return self.model(plan=self.plan) if self.plan else self.model()
        rows = self.rows().select_for_update(of=("self",)) if self.request.method == "POST" else self.rows()
        return get_object_or_404(rows, pk=self.part.pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.instance()}

    def back(self) -> str:
        return plan_address(self.plan, self.teacher, self.request.user)

    def said(self) -> str:
        if self.plan is not None and self.plan.state == PlanState.IN_REVIEW:
            return _("Saved. The plan is a draft again: hand it in when it is ready.")
        return _("Saved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_own = Part.OWNER in self.parts
        return super().get_context_data(
            **kwargs,
            title=_("Change %(part)s") % {"part": self.part} if self.part else self.new_title,
            teacher=self.teacher,
            is_own=is_own,
            is_waiting=self.plan is not None and self.plan.state == PlanState.IN_REVIEW,
            who_reads=who_reads(self.plan, self.teacher, self.request.user),
            breadcrumbs=[(_("My plan") if is_own else self.teacher, self.back())],
        )


class GoalPart(PlanPart):
    model = Goal
    form_class = GoalForm
    new_title = gettext_lazy("Add a goal")

    def may_write(self, state: PlanState) -> bool:
        return may_write_goals(state, self.parts)

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        may_see = reaches(user, Capability.KPIS_VIEW, self.teacher)
        needs = Need.objects.visible_to(user).filter(teacher=self.teacher)
        return super().get_form_kwargs() | {"needs": needs, "figures": figures_of(self.teacher) if may_see else {}}

    def get_initial(self) -> dict[str, Any]:
        """A goal that is begun from a need is about the same competency."""
        asked = row_keys(self.request.GET.getlist("need"))
        need = Need.objects.visible_to(self.request.user).filter(teacher=self.teacher, pk__in=asked).first()
        return {"need": need.pk, "competency": need.competency_id} if need and self.part is None else {}

    def save(self, form: GoalForm) -> None:
        user = self.request.user
        self.plan = save_goal(goal=form.instance, teacher=self.teacher, actor=user, on=user.today).plan


class ItemPart(PlanPart):
    model = PlanItem
    form_class = ItemForm
    new_title = gettext_lazy("Add a course or task")

    def may_write(self, state: PlanState) -> bool:
        if self.part is None:
            return may_add_items(state, self.parts)
        return may_change_item(state, self.parts, self.part, user_id=self.request.user.pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        goals = Goal.objects.visible_to(user).standing()
        return super().get_form_kwargs() | {
            "courses": Course.objects.visible_to(user).on_offer(on=user.today),
            "goals": goals.filter(plan=self.plan) if self.plan else goals.none(),
            "is_own": Part.OWNER in self.parts,
        }

    def get_initial(self) -> dict[str, Any]:
        asked = row_keys(self.request.GET.getlist("goal"))
        return {"goal": asked[0]} if asked and self.part is None else {}

    def save(self, form: ItemForm) -> None:
        user = self.request.user
        self.plan = actions.save_item(item=form.instance, teacher=self.teacher, actor=user, on=user.today).plan


class Switch(View):
    """Takes a part out of a plan, or puts it back."""

    http_method_names = ("post",)
    model: ClassVar[type[Goal] | type[PlanItem]]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request, *WRITING)
        rows = self.model.objects.filter(plan__teacher__in=teachers_written_by(request.user))
        part = get_object_or_404(rows.select_related("plan__teacher", "plan__school_year"), pk=pk)
        parts = actions.parts_writing(part.plan.teacher, request.user)
        refuse_unless(self.may_switch(part, PlanState(part.plan.state), parts))
        try:
            said = self.switch(part)
        except ValidationError as error:
            say_errors(request, error.messages)
        else:
            messages.success(request, said)
        return redirect(plan_address(part.plan, part.plan.teacher, request.user))

    def may_switch(self, part: Any, state: PlanState, parts: frozenset[Part]) -> bool:
        raise NotImplementedError

    def switch(self, part: Any) -> str:
        raise NotImplementedError


class WithdrawItem(Switch):
    model = PlanItem

    def may_switch(self, part: PlanItem, state: PlanState, parts: frozenset[Part]) -> bool:
        return may_change_item(state, parts, part, user_id=self.request.user.pk)

    def switch(self, part: PlanItem) -> str:
        if part.withdrawn_at is None:
            actions.take_out(item=part, actor=self.request.user, at=timezone.now())
            return _("Taken out of the plan. You can put it back below.")
        actions.restore_item(item=part, actor=self.request.user)
        return _("Back in the plan.")


class DropGoal(Switch):
    model = Goal

    def may_switch(self, part: Goal, state: PlanState, parts: frozenset[Part]) -> bool:
        return may_write_goals(state, parts)

    def switch(self, part: Goal) -> str:
        is_dropped = part.state == GoalState.DROPPED
        state = GoalState.OPEN if is_dropped else GoalState.DROPPED
        set_goal_state(goal=part, state=state, actor=self.request.user)
        return _("Back in the plan.") if is_dropped else _("Taken out of the plan. You can put it back below.")


class MoveGoal(DropGoal):
    """One place up."""

    def switch(self, part: Goal) -> str:
        move_up(goal=part, actor=self.request.user)
        return _("Moved up.")


class MeetGoal(DropGoal):
    """Says that a goal is met, or takes that back."""

    def switch(self, part: Goal) -> str:
        is_met = part.state == GoalState.MET
        set_goal_state(goal=part, state=GoalState.OPEN if is_met else GoalState.MET, actor=self.request.user)
        return _("The goal is open again.") if is_met else _("The goal is met. Well done!")
