"""What people type about needs, and about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from learning_plans.models import Competency, Framework, Priority, SelfRating
from learning_plans.models.choices import ConfidenceName, LevelName, RelevanceName
from pd_tracker.web.widgets import DayInput
from teachers.forms.kept import KeptForm

NOTE = forms.Textarea(attrs={"rows": 3})


def chosen(label: Any, choices: Any, **kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, empty_value=None, required=False, **kwargs)


class RatingForm(forms.ModelForm):
    """One part of a framework: everything may stay open, so that it can be kept at any moment."""

    level = chosen(_("Where I am"), LevelName.choices, widget=forms.RadioSelect)
    confidence = chosen(_("How sure I am of myself"), [("", "–"), *ConfidenceName.choices])
    relevance = chosen(_("How much it matters to my work"), [("", "–"), *RelevanceName.choices])

    class Meta:
        model = SelfRating
        fields = ("level", "confidence", "relevance", "comment")
        labels = {"comment": _("Comment")}
        widgets = {"comment": forms.Textarea(attrs={"rows": 2})}

    @property
    def competency(self) -> Competency:
        return self.instance.competency

    @property
    def has_answers(self) -> bool:
        return self.instance.level is not None


class BeginForm(forms.Form):
    framework = forms.ModelChoiceField(Framework.objects.none(), label=_("Framework"), empty_label=None)

    def __init__(self, *args: Any, frameworks: QuerySet[Framework], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["framework"].queryset = frameworks  # type: ignore[attr-defined]
        self.fields["framework"].initial = frameworks.filter(is_default=True).first()


class AcceptForm(forms.Form):
    comment = forms.CharField(label=_("Comment"), required=False, max_length=2000, widget=NOTE)


class PutOffForm(AcceptForm):
    put_off_until = forms.DateField(
        label=_("Ask me again on"), widget=DayInput(), help_text=_("Until that day it waits at the end of the page.")
    )
    field_order = ("put_off_until", "comment")


class DisagreeForm(forms.Form):
    comment = forms.CharField(
        label=_("Why I see it differently"),
        max_length=2000,
        widget=NOTE,
        help_text=_("Whoever looks after you reads it beside the reasons. Nobody else does."),
    )


class UndoForm(forms.Form):
    pass


class SuggestForm(forms.Form):
    competency = forms.ModelChoiceField(Competency.objects.none(), label=_("What to work on"))
    words = forms.CharField(
        label=_("What you saw, and why it would help"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The teacher reads this with your name beside it."),
    )

    def __init__(self, *args: Any, competencies: QuerySet[Competency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competency"].queryset = competencies  # type: ignore[attr-defined]


class PriorityForm(KeptForm):
    """`why` is the reason of the priority; `reason`, where a row is changed, is that of the change."""

    why = forms.CharField(
        label=_("Why"), max_length=1000, widget=NOTE, help_text=_("Everybody it is for reads this beside the priority.")
    )

    class Meta:
        model = Priority
        fields = ("school", "competency", "started_on", "ended_on")
        widgets = {"started_on": DayInput(), "ended_on": DayInput()}
        help_texts = {"ended_on": _("Leave empty while it goes on.")}

    field_order = ("school", "competency", "why", "started_on", "ended_on")

    def __init__(
        self, *args: Any, schools: QuerySet[Any], competencies: QuerySet[Competency], whole: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial["why"] = self.instance.reason
        school: Any = self.fields["school"]
        school.queryset, school.required = schools, not whole
        school.help_text = school.help_text if whole else ""
        # What was chosen before may stay, even when it is retired by now.
        chosen_before = Q(pk=self.instance.competency_id)
        self.fields["competency"].queryset = Competency.objects.filter(  # type: ignore[attr-defined]
            Q(pk__in=competencies.order_by().values("pk")) | chosen_before
        ).select_related("framework")

    def clean_why(self) -> str:
        self.instance.reason = self.cleaned_data["why"]
        return self.instance.reason
