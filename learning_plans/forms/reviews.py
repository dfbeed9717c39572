"""What is written in a review: the decision, and what it changes in the plan."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from learning_plans.actions.reviews import Changes
from learning_plans.forms.courses import CourseField
from learning_plans.models import Course, Goal, Plan, PlanItem, PlanReview
from learning_plans.models.choices import GoalStateName
from learning_plans.rules.choices import GoalState
from learning_plans.rules.reviews import DECIDABLE
from pd_tracker.web.widgets import DayInput


class PlanReviewForm(forms.ModelForm):
    class Meta:
        model = PlanReview
        fields = ("planned_on",)
        widgets = {"planned_on": DayInput()}


class WordsForm(forms.Form):
    words = forms.CharField(label=_("Add to what was decided"), max_length=4000, widget=forms.Textarea({"rows": 3}))


class HoldForm(forms.Form):
    """One field for each open goal and each thing not done, so that the plan changes in the same step."""

    decision = forms.CharField(
        label=_("What we decided"),
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("The teacher reads this. Once the review is held it stays as it is; you can only add to it."),
    )

    def __init__(self, *args: Any, plan: Plan, courses: QuerySet[Course], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals = list(Goal.objects.filter(plan=plan, state__in=[state.value for state in DECIDABLE]))
        items = PlanItem.objects.standing().filter(plan=plan).with_facts().select_related("course")
        self.items = list(items.filter(is_done=False))
        for goal in self.goals:
            self.fields[f"goal_{goal.pk}"] = forms.ChoiceField(
                label=_("Goal: %(title)s") % {"title": goal.title},
                choices=[(state.value, GoalStateName(state).label) for state in DECIDABLE],
                initial=goal.state,
            )
        for item in self.items:
            self.fields[f"due_{item.pk}"] = forms.DateField(
                label=_("Due: %(title)s") % {"title": item},
                required=False,
                widget=DayInput(),
                initial=item.due_on,
            )
        self._add_last_fields(courses)

    def _add_last_fields(self, courses: QuerySet[Course]) -> None:
        self.fields["course"] = CourseField(
            label=_("Add a course"), required=False, help_text=_("Type part of its title or code and choose one.")
        )
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
        self.fields["task"] = forms.CharField(label=_("Or add a task"), max_length=300, required=False)
        self.fields["added_due"] = forms.DateField(label=_("Due"), required=False, widget=DayInput())
        self.fields["next_on"] = forms.DateField(label=_("Next review"), required=False, widget=DayInput())
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=self.as_it_stands)

    @property
    def as_it_stands(self) -> str:
        """Changes when somebody else changes the plan while a review is being written."""
        goals, items = [(goal.pk, goal.state) for goal in self.goals], [(item.pk, item.due_on) for item in self.items]
        return sha256(repr((goals, items)).encode()).hexdigest()[:16]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("course") and self.cleaned_data.get("task"):
            self.add_error("task", _("Choose a course or describe a task, not both."))
        if self.cleaned_data.get("seen") != self.as_it_stands:
            self.add_error(
                None,
                _(
                    "Somebody changed the plan while you were writing. Your words are still here; "
                    "look at the goals and days below and send it again."
                ),
            )
            data = self.data.copy()  # type: ignore[attr-defined]
            data["seen"] = self.as_it_stands
            self.data = data
        return cleaned

    @property
    def changes(self) -> Changes:
        given = self.cleaned_data
        added = None
        if given["course"] or given["task"]:
            added = PlanItem(course=given["course"], task=given["task"], due_on=given["added_due"], is_required=False)
        states = {goal.pk: GoalState(given[f"goal_{goal.pk}"]) for goal in self.goals}
        days: dict[int, date | None] = {item.pk: given[f"due_{item.pk}"] for item in self.items}
        moved = {item.pk: days[item.pk] for item in self.items if days[item.pk] != item.due_on}
        return Changes(goals=states, due=moved, added=added)
