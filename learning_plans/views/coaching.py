"""Writing about coaching: a visit with its time and note in one form, cycles, and who may read a note."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from learning_plans.actions import coaching as actions
from learning_plans.forms.coaching import CloseCycleForm, CycleForm, VisitForm
from learning_plans.models import CoachingCycle, CoachingNote, PlanItem, Visit
from learning_plans.models.choices import SharingName
from learning_plans.querysets.coaching import coaches_reading
from learning_plans.rules.choices import CoachingActivity, Sharing
from pd_tracker.access import Capability
from pd_tracker.web.views import require
from teachers.models import Teacher
from teachers.querysets.people import teachers_for
from teachers.views.drafts import DraftMixin
from teachers.views.parts import KeptFormPage


class OwnWriting(DraftMixin, KeptFormPage):
    """A form about a teacher one coaches: a new row, or one that one wrote oneself."""

    capability = Capability.COACHING_WRITE
    template_name = "learning_plans/coaching/form.html"
    model: ClassVar[Any]
    row: Any
    teacher: Teacher

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Who may not write at all finds nothing, as if there were nothing."""
        super().setup(request, *args, **kwargs)
        if "pk" in kwargs:
            self.row = self.own_row(self.model.objects.select_related("teacher"))
            self.teacher = self.row.teacher
        else:
            require(request, self.capability)
            self.teacher = get_object_or_404(teachers_for(request.user, self.capability), pk=kwargs["teacher_pk"])
            self.row = self.model(teacher=self.teacher, coach=request.user)

    def own_row(self, rows: Any) -> Any:
        return get_object_or_404(rows.editable_by(self.request.user), pk=self.kwargs["pk"])

    def locked_row(self) -> Any:
        """Two windows that save the same row wait for each other."""
        if not self.request.POST or self.row.pk is None:
            return self.row
        return self.own_row(self.model.objects.select_for_update(of=("self",)))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.locked_row(), "teacher": self.teacher}

    def back(self) -> str:
        return reverse("learning_plans:teacher", args=[self.teacher.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        crumbs = [(_("Caseload"), reverse("learning_plans:caseload")), (self.teacher, self.back())]
        others = [one for one in coaches_reading(self.teacher, on=user.today) if one.pk != user.pk]
        readers = [str(self.teacher), *(one.name for one in others)]
        return super().get_context_data(
            **kwargs, teacher=self.teacher, row=self.row, readers=readers, breadcrumbs=crumbs
        )


class VisitPage(OwnWriting):
    template_name = "learning_plans/coaching/visit.html"
    model = Visit
    form_class = VisitForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.title = _("Change a visit") if self.row.pk else _("Log a visit")

    def get_initial(self) -> dict[str, Any]:
        """What the page one comes from knows already: the cycle, and the step that is next in it."""
        asked = self.request.GET
        activity = asked.get("activity") if asked.get("activity") in set(CoachingActivity) else None
        known = {"visited_on": self.request.user.today, "cycle": asked.get("cycle"), "activity": activity}
        return {} if self.row.pk else {name: value for name, value in known.items() if value}

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        items = PlanItem.objects.visible_to(user).standing().filter(plan__teacher=self.teacher)
        note = None
        if self.row.pk:
            note = CoachingNote.objects.editable_by(user).filter(visit=self.row).first()
        running = {"plan__school_year__starts_on__lte": user.today, "plan__school_year__ends_on__gte": user.today}
        return super().get_form_kwargs() | {
            "coach": user,
            "items": items.filter(**running).select_related("course"),
            "own_note": note,
        }

    def save(self, form: VisitForm) -> None:
        given = form.cleaned_data
        actions.save_visit(
            visit=form.instance,
            items=given.get("items"),
            actor=self.request.user,
            on=self.request.user.today,
            at=timezone.now(),
            note=actions.NoteText(given["note"], given["sharing"]),
        )


class RemoveVisit(OwnWriting):
    """Takes out a visit that was logged by mistake, for instance with the wrong person."""

    template_name = "learning_plans/coaching/confirm.html"
    title = gettext_lazy("Remove this visit?")
    model = Visit
    form_class = Form

    def get_form_kwargs(self) -> dict[str, Any]:
        return without_row(super().get_form_kwargs())

    def save(self, form: Form) -> None:
        actions.remove_visit(visit=self.locked_row(), actor=self.request.user)

    def said(self) -> str:
        return _("Removed.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("The visit “%(visit)s” and your note about it go for good. This cannot be undone.")
        return super().get_context_data(
            **kwargs, words=words % {"visit": self.row}, action_label=_("Remove the visit"), grave=True
        )


def without_row(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name not in {"instance", "teacher"}}


class CyclePage(OwnWriting):
    model = CoachingCycle
    form_class = CycleForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.title = _("Change a coaching cycle") if self.row.pk else _("Start a coaching cycle")

    def get_initial(self) -> dict[str, Any]:
        return {} if self.row.pk else {"started_on": self.request.user.today}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"reader": self.request.user}

    def save(self, form: CycleForm) -> None:
        actions.save_cycle(cycle=form.instance, actor=self.request.user, on=self.request.user.today)


class CloseCycle(OwnWriting):
    title = gettext_lazy("Close the cycle")
    model = CoachingCycle
    form_class = CloseCycleForm

    def get_initial(self) -> dict[str, Any]:
        return {"ended_on": self.request.user.today, "outcome": self.row.outcome}

    def get_form_kwargs(self) -> dict[str, Any]:
        return without_row(super().get_form_kwargs())

    def save(self, form: CloseCycleForm) -> None:
        user = self.request.user
        actions.close_cycle(cycle=self.locked_row(), actor=user, on=user.today, **form.cleaned_data)

    def said(self) -> str:
        return _("Closed. You can open it again below.")


@require_POST
def reopen_cycle(request: HttpRequest, pk: int) -> HttpResponse:
    cycle = get_object_or_404(CoachingCycle.objects.editable_by(request.user).select_related("teacher"), pk=pk)
    actions.reopen_cycle(cycle=cycle, actor=request.user)
    messages.success(request, _("The cycle is open again."))
    return redirect("learning_plans:teacher", cycle.teacher_id)


def own_note(request: HttpRequest, pk: int) -> CoachingNote:
    rows = CoachingNote.objects.editable_by(request.user).select_related("visit__teacher")
    return get_object_or_404(rows, pk=pk)


@require_POST
def share_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a note to its teacher, or closes it again."""
    note, sharing = own_note(request, pk), request.POST.get("sharing", "")
    if sharing not in SharingName.values:
        raise Http404
    actions.share_note(note=note, sharing=sharing, actor=request.user, at=timezone.now())
    teacher = note.visit.teacher
    is_shared = sharing == Sharing.SHARED.value
    words = _("%(teacher)s can read this note now.") if is_shared else _("Only you can read this note now.")
    messages.success(request, words % {"teacher": teacher})
    return redirect("learning_plans:teacher", teacher.pk)


class DeleteNote(KeptFormPage):
    capability = Capability.COACHING_WRITE
    template_name = "learning_plans/coaching/confirm.html"
    title = gettext_lazy("Delete this note?")
    form_class = Form

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.note = own_note(request, kwargs["pk"])

    def back(self) -> str:
        return reverse("learning_plans:teacher", args=[self.note.visit.teacher_id])

    def save(self, form: Form) -> None:
        actions.delete_note(note=self.note, actor=self.request.user)

    def said(self) -> str:
        return _("Deleted. Nothing of it is kept.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        teacher = self.note.visit.teacher
        crumbs = [(_("Caseload"), reverse("learning_plans:caseload")), (teacher, self.back())]
        words = _("The note goes for good; nothing of it is kept. The visit stays. This cannot be undone.")
        return super().get_context_data(
            **kwargs, words=words, action_label=_("Delete the note"), grave=True, breadcrumbs=crumbs, teacher=teacher
        )
