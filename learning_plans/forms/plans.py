"""What people type into plans."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning_plans.forms.courses import CourseField
from learning_plans.models import Competency, Course, Goal, PlanItem
from learning_plans.querysets.measures import Figures
from learning_plans.rules.choices import NeedAnswer
from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words
from pd_tracker.web.widgets import DayInput
from teachers.forms.kept import KeptForm
from teachers.models import Kpi

NOTE_LENGTH = 2000


class PlanPartForm(KeptForm):
    """A goal or an item: the teacher's own words are changed without giving reasons."""

    asks_reason = False


class FigureField(forms.ModelChoiceField):
    """KPIs with where the teacher's own figure stands, so that nobody sets a goal without knowing it."""

    figures: Figures = {}

    def label_from_instance(self, kpi: Any) -> str:
        if not (of_kpi := self.figures.get(kpi.pk)):
            return str(kpi)
        newest = of_kpi[-1]
        words = _("%(kpi)s: now %(value)s %(unit)s (%(students)d students, %(year)s)")
        value = in_words(newest.value, Kind.DECIMAL)
        known = {"kpi": kpi, "value": value, "unit": kpi.unit, "students": newest.students, "year": newest.year}
        return str(words) % known


class GoalForm(PlanPartForm):
    kpi = FigureField(
        label=_("A figure that shows it"),
        queryset=Kpi.objects.none(),
        required=False,
        help_text=_(
            "Where the figure stands today is kept with the goal, so that you see how far you have come. Whoever "
            "looks after your plan then sees this figure too."
        ),
    )

    class Meta:
        model = Goal
        fields = ("title", "need", "reason", "competency", "measure", "kpi", "target")
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        labels = {"need": _("Which need it answers")}
        help_texts = {
            "title": _("One thing to get better at, in plain words."),
            "measure": _("What you will see or count when the goal is met."),
            "target": _("Which figure you want to reach, on the side that is better."),
        }

    def __init__(self, *args: Any, needs: Any, figures: Figures, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        competencies = self.fields["competency"]
        kept = Q(is_retired=False, framework__is_retired=False) | Q(pk=self.instance.competency_id)
        competencies.queryset = Competency.objects.filter(kept)  # type: ignore[attr-defined]
        needs = needs.filter(Q(answer=NeedAnswer.ACCEPTED.value) | Q(pk=self.instance.need_id))
        self.offer("need", needs.select_related("competency"))
        self.fields["kpi"].figures = figures  # type: ignore[attr-defined]
        self.offer("kpi", Kpi.objects.filter(pk__in={*figures, self.instance.kpi_id} - {None}))
        if "kpi" not in self.fields:
            del self.fields["target"]

    def offer(self, name: str, rows: Any) -> None:
        """A question without a single answer is not asked."""
        if rows.exists():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        else:
            del self.fields[name]


class ItemForm(PlanPartForm):
    course = CourseField(
        label=_("Course"),
        required=False,
        help_text=_("Type part of its title or code and choose one, or leave this empty and describe a task."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        model = PlanItem
        fields = ("course", "task", "goal", "due_on", "is_required", "note")
        widgets = {"due_on": DayInput()}
        help_texts = {"due_on": _("The due day itself still counts as in time.")}

    def __init__(self, *args: Any, courses: Any, goals: Any, is_own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What stands in the plan may stay there, even when it is no longer on offer.
        offered = Q(pk__in=courses.values("pk")) | Q(pk=self.instance.course_id)
        self.fields["course"].queryset = Course.objects.filter(offered)  # type: ignore[attr-defined]
        self.fields["goal"].queryset = goals  # type: ignore[attr-defined]
        if is_own:
            del self.fields["is_required"]


class DecisionForm(forms.Form):
    """Words beside a step of a plan, and the version of the plan that they are about."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The teacher reads it too."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version

    def clean_version(self) -> None:
        if self.cleaned_data["version"] != self.fields["version"].initial:
            raise forms.ValidationError(_("This plan was changed after you opened it. Read it again, then decide."))


class AssignForm(forms.Form):
    course = CourseField(label=_("Course"), help_text=_("Type part of its title or code and choose one."))
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=DayInput(), help_text=_("The due day itself still counts as in time.")
    )
    due_after_hire = forms.IntegerField(
        label=_("Or: days after each was hired"),
        required=False,
        min_value=0,
        max_value=3650,
        help_text=_("Instead of one day for all. Whose days are over gets 30 days from today."),
    )
    is_required = forms.BooleanField(
        label=_("This is required"),
        required=False,
        initial=True,
        help_text=_("Required training becomes overdue. Without this mark it is a recommendation."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The teacher sees this note in their plan."),
    )

    def __init__(self, *args: Any, courses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
