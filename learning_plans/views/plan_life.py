"""The steps of a plan: handing in, taking back, returning, approving, closing, and going on next year."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from learning_plans.actions import plan_life as actions
from learning_plans.actions.roll_over import roll_over
from learning_plans.forms.plans import DecisionForm
from learning_plans.models import Goal, Plan
from learning_plans.querysets.plans import parts_of
from learning_plans.rules.choices import GoalState
from learning_plans.rules.plan_life import Act, Part, may
from learning_plans.views.my_plan import own_teacher
from learning_plans.views.plan_editor import plan_address
from learning_plans.views.plan_words import who_reads
from learning_plans.views.plans import may_roll_over
from pd_tracker.access import Capability
from pd_tracker.audit.versions import latest_version
from pd_tracker.web.views import CapabilityMixin, require
from teachers.views.parts import KeptFormPage


class OnePlan(KeptFormPage):
    """A page about one plan that one may read."""

    capability = Capability.PLANS_VIEW
    template_name = "learning_plans/plan_act.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request, self.capability)
        rows = Plan.objects.visible_to(request.user).select_related("teacher", "school_year")
        self.plan: Plan = get_object_or_404(rows, pk=kwargs["pk"])
        self.parts = parts_of(request.user, self.plan)
        if not self.is_allowed():
            raise PermissionDenied(_("This step is for somebody else to take."))

    def is_allowed(self) -> bool:
        raise NotImplementedError

    def back(self) -> str:
        return plan_address(self.plan, self.plan.teacher, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_own = Part.OWNER in self.parts
        return super().get_context_data(
            **{"person": self.plan.teacher, "plan": self.plan, "is_own": is_own} | kwargs,
            breadcrumbs=[(_("My plan") if is_own else self.plan.teacher, self.back())],
        )


class PlanAct(OnePlan):
    form_class = DecisionForm
    act: ClassVar[Act]
    words: ClassVar[Any] = ""
    action_label: ClassVar[Any]
    done: ClassVar[Any]
    asks_comment = False

    def is_allowed(self) -> bool:
        return may(self.act, self.parts)

    def get_form(self, form_class: Any = None) -> DecisionForm:
        form: DecisionForm = super().get_form(form_class)
        if not self.asks_comment:
            del form.fields["comment"], form.fields["version"]
        return form

    def get_form_kwargs(self) -> dict[str, Any]:
        if self.request.method == "POST":
            Plan.objects.select_for_update().get(pk=self.plan.pk)  # whoever decides now decides about this version
        return super().get_form_kwargs() | {"version": latest_version(self.plan)}

    def said(self) -> str:
        return str(self.done)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, words=self.words, action_label=self.action_label)


class Submit(PlanAct):
    act = Act.SUBMIT
    title = gettext_lazy("Hand in the plan")
    action_label = gettext_lazy("Hand in")
    done = gettext_lazy("Handed in. You can take it back until it is approved.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reads = who_reads(self.plan, self.plan.teacher, self.request.user)
        return super().get_context_data(**kwargs) | {"words": reads}

    def save(self, form: DecisionForm) -> None:
        actions.submit(plan=self.plan, actor=self.request.user, on=self.request.user.today)


class TakeBack(PlanAct):
    act = Act.TAKE_BACK
    title = gettext_lazy("Take the plan back")
    words = gettext_lazy("It becomes a draft again, which you can change and hand in later.")
    action_label = gettext_lazy("Take back")
    done = gettext_lazy("Taken back. It is a draft again.")

    def save(self, form: DecisionForm) -> None:
        actions.take_back(plan=self.plan, actor=self.request.user)


class Approve(PlanAct):
    act = Act.APPROVE
    title = gettext_lazy("Approve the plan")
    action_label = gettext_lazy("Approve")
    done = gettext_lazy("Approved. The teacher is told.")
    asks_comment = True

    def save(self, form: DecisionForm) -> None:
        actions.approve(plan=self.plan, actor=self.request.user, comment=form.cleaned_data["comment"])


class Return(PlanAct):
    act = Act.RETURN
    title = gettext_lazy("Return the plan")
    words = gettext_lazy("It becomes a draft again. Say what should change; the teacher reads your comment.")
    action_label = gettext_lazy("Return with this comment")
    done = gettext_lazy("Returned. The teacher is told, and reads your comment.")
    asks_comment = True

    def get_form(self, form_class: Any = None) -> DecisionForm:
        form = super().get_form(form_class)
        form.fields["comment"].required = True
        return form

    def save(self, form: DecisionForm) -> None:
        actions.return_plan(plan=self.plan, actor=self.request.user, comment=form.cleaned_data["comment"])


class Close(PlanAct):
    act = Act.CLOSE
    title = gettext_lazy("Close the plan")
    words = gettext_lazy(
        "A closed plan keeps its words as they are today and is not changed any more. Open goals can still go on in "
        "the plan of the next school year."
    )
    action_label = gettext_lazy("Close for good")
    done = gettext_lazy("Closed. It can be read at any time.")

    def save(self, form: DecisionForm) -> None:
        actions.close(plan=self.plan, actor=self.request.user, on=self.request.user.today)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, grave=True)


ANSWERS = (
    (GoalState.CARRIED.value, gettext_lazy("Goes on next year")),
    (GoalState.MET.value, gettext_lazy("Is met")),
    (GoalState.DROPPED.value, gettext_lazy("Is dropped")),
)


class NextYearForm(forms.Form):
    """One question for each open goal."""

    def __init__(self, *args: Any, goals: list[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for goal in goals:
            self.fields[f"goal_{goal.pk}"] = forms.ChoiceField(
                label=goal.title, choices=ANSWERS, initial=GoalState.CARRIED.value, widget=forms.RadioSelect
            )

    def answers(self) -> dict[int, GoalState]:
        return {int(name.partition("_")[2]): GoalState(value) for name, value in self.cleaned_data.items()}


class NextYear(OnePlan):
    form_class = NextYearForm
    following: Plan | None = None

    def is_allowed(self) -> bool:
        return bool({Part.OWNER, Part.GUIDE} & self.parts)

    def get_form_kwargs(self) -> dict[str, Any]:
        goals = list(Goal.objects.filter(plan=self.plan, state=GoalState.OPEN.value))
        return super().get_form_kwargs() | {"goals": goals}

    def save(self, form: NextYearForm) -> None:
        if not may_roll_over(self.plan, self.parts, on=self.request.user.today):
            raise ValidationError(_("Only an approved plan goes on next year. Hand this one in first."))
        self.following = roll_over(plan=self.plan, answers=form.answers(), actor=self.request.user)

    def said(self) -> str:
        return _("Here is the draft of the next school year. Add to it, then hand it in.")

    def back(self) -> str:
        return plan_address(self.following or self.plan, self.plan.teacher, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        has_goals = bool(kwargs.get("form", self.get_form()).fields)
        words = _("Choose what becomes of each open goal. What goes on stands in the draft of the next school year.")
        none = _("No goal is open in this plan. The draft of the next school year begins empty.")
        title = _("Go on after %(year)s") % {"year": self.plan.school_year}
        label = _("Make the draft of the next school year")
        return super().get_context_data(**kwargs, title=title, words=words if has_goals else none, action_label=label)


class MyNextYear(CapabilityMixin, View):
    """One's own: the newest plan that can go on."""

    capability = Capability.PLANS_WRITE_OWN
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        teacher = own_teacher(request.user)
        plans = Plan.objects.visible_to(request.user).filter(teacher=teacher).select_related("teacher", "school_year")
        for plan in plans.filter(school_year__starts_on__lte=request.user.today):
            if may_roll_over(plan, frozenset({Part.OWNER}), on=request.user.today):
                return redirect(reverse("learning_plans:next_year", args=[plan.pk]))
        return redirect("learning_plans:my_plan")
