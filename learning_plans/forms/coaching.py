"""What a coach types about a visit: facts, time and note in one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning_plans.models import CoachingCycle, CoachingNote, Goal, PlanItem, Visit
from learning_plans.models.choices import SharingName
from pd_tracker.web.widgets import DayInput
from teachers.forms.kept import KeptForm
from teachers.models import Teacher, User

NOTE_LENGTH = 20_000


class OwnForm(KeptForm):
    """One's own writing: a second window is noticed, but nobody has to say why they changed their own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("reason", None)


class VisitForm(OwnForm):
    note = forms.CharField(
        label=_("Note"), required=False, max_length=NOTE_LENGTH, strip=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    sharing = forms.ChoiceField(
        label=_("Who can read the note"),
        choices=SharingName.choices,
        initial=SharingName.PRIVATE,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Visit
        fields = (
            "visited_on", "minutes", "activity", "cycle", "focus_tags", "items", "next_step", "next_step_on",
        )  # fmt: skip
        widgets = {
            "visited_on": DayInput(),
            "next_step_on": DayInput(),
            "next_step": forms.Textarea(attrs={"rows": 2}),
            "items": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "minutes": _("Your time, preparation not counted. It is your time log, too."),
            "next_step": _("What you two agreed on, in a few words."),
        }

    def __init__(
        self, *args: Any, teacher: Teacher, coach: User, items: Any, own_note: CoachingNote | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kept = Q(visits=self.instance.pk) if self.instance.pk else Q(pk__in=())
        own = CoachingCycle.objects.filter(teacher=teacher, coach=coach)
        self.offer("items", PlanItem.objects.filter(Q(pk__in=items.values("pk")) | kept).distinct())
        self.offer("cycle", own.filter(Q(ended_on=None) | Q(pk=self.instance.cycle_id)))
        if own_note is not None:
            self.initial.update({"note": own_note.text, "sharing": own_note.sharing})

    def offer(self, name: str, rows: Any) -> None:
        """A question without any answer is not asked."""
        self.fields[name].queryset = rows  # type: ignore[attr-defined]
        if not rows.exists():
            del self.fields[name]


class CycleForm(OwnForm):
    class Meta:
        model = CoachingCycle
        fields = ("focus", "goal", "started_on")
        widgets = {"started_on": DayInput()}
        help_texts = {"focus": _("One thing, in plain words. The teacher can read it.")}

    def __init__(self, *args: Any, teacher: Teacher, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goals = Goal.objects.visible_to(reader).filter(plan__teacher=teacher)
        self.fields["goal"].queryset = goals  # type: ignore[attr-defined]


class CloseCycleForm(forms.Form):
    ended_on = forms.DateField(label=_("Last day"), widget=DayInput())
    outcome = forms.CharField(
        label=_("What came of it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The teacher can read it."),
    )
