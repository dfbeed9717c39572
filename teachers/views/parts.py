"""Entering and correcting what HR knows of one person: one page for each kind of entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View

from pd_tracker.access import Capability
from pd_tracker.web.views import CapabilityMixin, require
from teachers.actions import records as actions
from teachers.forms import records as forms
from teachers.forms.kept import take_errors
from teachers.models import (
    Assignment,
    District,
    Employment,
    ExternalId,
    Leave,
    Licence,
    Pairing,
    Teacher,
)
from teachers.querysets.people import teachers_for


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry: what it is called in addresses, its form, its one writer, the tab it is shown on."""

    model: type[Model]
    form: type[forms.RowForm]
    save: Callable[..., Any]
    add: Any
    change: Any
    tab: str = "teachers:person"


KINDS = {
    "employment": Kind(
        Employment, forms.EmploymentForm, actions.save_employment,
        gettext_lazy("Add a spell of employment"), gettext_lazy("Correct a spell of employment"),
    ),
    "assignment": Kind(
        Assignment, forms.AssignmentForm, actions.save_assignment,
        gettext_lazy("Add an assignment"), gettext_lazy("Correct an assignment"),
    ),
    "leave": Kind(
        Leave, forms.LeaveForm, actions.save_leave, gettext_lazy("Add a leave"), gettext_lazy("Correct a leave")
    ),
    "pairing": Kind(
        Pairing, forms.PairingForm, actions.save_pairing,
        gettext_lazy("Add a coach or mentor"), gettext_lazy("Correct a pairing"),
    ),
    "licence": Kind(
        Licence, forms.LicenceForm, actions.save_licence,
        gettext_lazy("Add a license"), gettext_lazy("Correct a license"), "learning_plans:person_licences",
    ),
    "external-id": Kind(
        ExternalId, forms.ExternalIdForm, actions.save_external_id,
        gettext_lazy("Add an id in another system"), gettext_lazy("Correct an id in another system"),
    ),
}  # fmt: skip


def editable_person(request: HttpRequest, pk: int) -> Teacher:
    return get_object_or_404(teachers_for(request.user, Capability.PEOPLE_EDIT), pk=pk)


class KeptFormPage(CapabilityMixin, FormView):
    """A page with one form. Check and save are one transaction, so that a second editor meets the first's text."""

    capability = Capability.PEOPLE_EDIT
    template_name = "teachers/form.html"
    title: Any = ""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                self.save(form)
        except ValidationError as error:
            take_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, self.said())
        return redirect(self.back())

    def save(self, form: Any) -> None:
        raise NotImplementedError

    def said(self) -> str:
        return _("Saved.")

    def back(self) -> str:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"title": self.title, "cancel_url": self.back()} | kwargs)


class PersonForm(KeptFormPage):
    """A form about one person."""

    teacher: Teacher

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request, self.capability)
        self.teacher = editable_person(request, kwargs["teacher_pk"])

    def back(self) -> str:
        return reverse("teachers:person", args=[self.teacher.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, person=self.teacher, breadcrumbs=[(self.teacher, self.back())])


class Profile(PersonForm):
    form_class = forms.ProfileForm
    title = gettext_lazy("Correct the profile")

    def get_form_kwargs(self) -> dict[str, Any]:
        teacher = Teacher.objects.select_for_update().get(pk=self.teacher.pk) if self.request.POST else self.teacher
        return super().get_form_kwargs() | {"instance": teacher}

    def save(self, form: forms.ProfileForm) -> None:
        reason = form.cleaned_data["reason"]
        actions.save_profile(teacher=form.instance, actor=self.request.user, reason=reason)


class AddPerson(KeptFormPage):
    form_class = forms.ProfileForm
    title = gettext_lazy("Add a person")

    def get_form_kwargs(self) -> dict[str, Any]:
        reach = self.request.user.reach(Capability.PEOPLE_EDIT)
        district = get_object_or_404(District.objects.filter(pk__in=reach.district_ids).order_by("pk")[:1])
        return super().get_form_kwargs() | {"instance": Teacher(district=district)}

    def save(self, form: forms.ProfileForm) -> None:
        self.saved = actions.save_profile(teacher=form.instance, actor=self.request.user)

    def said(self) -> str:
        return _("Added. Enter the employment next, so that the person appears in lists and reports.")

    def back(self) -> str:
        saved = getattr(self, "saved", None)
        return reverse("teachers:person", args=[saved.pk]) if saved else reverse("teachers:people")


class EditPart(PersonForm):
    """Adds an entry of a kind, or corrects one of this person's."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kind = kind_of(kwargs["kind"])
        self.title = self.kind.change if "pk" in kwargs else self.kind.add

    def get_form_class(self) -> type[forms.RowForm]:
        return self.kind.form

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row(), "reader": self.request.user}

    def row(self) -> Model:
        rows = self.kind.model._default_manager.filter(teacher=self.teacher)
        if "pk" not in self.kwargs:
            return self.kind.model(teacher=self.teacher)
        return get_object_or_404(rows.select_for_update() if self.request.POST else rows, pk=self.kwargs["pk"])

    def save(self, form: forms.RowForm) -> None:
        reason = form.cleaned_data.get("reason", "")
        self.kind.save(row=form.instance, actor=self.request.user, reason=reason)

    def back(self) -> str:
        return reverse(self.kind.tab, args=[self.teacher.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, kind_key=self.kwargs["kind"], row=self.row() if "pk" in self.kwargs else None
        )


def kind_of(key: str) -> Kind:
    try:
        return KINDS[key]
    except KeyError:
        raise Http404 from None


class RemovePart(EditPart):
    """Takes out an entry that was made by mistake, with a reason; it can be brought back."""

    template_name = "teachers/confirm.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.title = _("Remove this entry?")

    def get_form_class(self) -> Any:
        return forms.ReasonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return FormView.get_form_kwargs(self)

    def save(self, form: Any) -> None:
        row = self.row()
        key = row.pk  # gone from the row once it is deleted
        actions.remove_row(row=row, actor=self.request.user, reason=form.cleaned_data["reason"])
        self.request.session[REMOVED] = [self.kwargs["kind"], self.teacher.pk, key]

    def said(self) -> str:
        return _("Removed. You can undo this below.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            words=_("“%(row)s” was entered by mistake and goes. What really ended gets a last day instead.")
            % {"row": self.row()},
            action_label=_("Remove"),
            grave=True,
        )


REMOVED = "removed_entry"


class RestorePart(CapabilityMixin, View):
    """Brings back the entry removed last."""

    capability = Capability.PEOPLE_EDIT
    http_method_names = ("post",)

    def post(self, request: HttpRequest, teacher_pk: int) -> HttpResponse:
        teacher = editable_person(request, teacher_pk)
        key, owner, pk = request.session.pop(REMOVED, ("", None, None))
        if owner != teacher.pk:
            raise Http404
        kind = kind_of(key)
        last = kind.model.history.filter(id=pk, teacher_id=teacher.pk).first()  # type: ignore[attr-defined]
        try:
            actions.restore_row(row=last.instance, actor=request.user, save=kind.save)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Back again."))
        return redirect(kind.tab, teacher.pk)


class EndEmployment(PersonForm):
    form_class = forms.EndEmploymentForm
    title = gettext_lazy("End the employment")
    template_name = "teachers/end_employment.html"

    def spell(self) -> Employment:
        return get_object_or_404(self.teacher.employments.filter(ended_on=None), pk=self.kwargs["pk"])

    def save(self, form: Any) -> None:
        given = form.cleaned_data
        self.ended = actions.end_employment(
            spell=self.spell(),
            last_day=given["ended_on"],
            separation_type=given["separation_type"],
            separation_reason=given["separation_reason"],
            also_roles=given["also_roles"],
            actor=self.request.user,
        )

    def said(self) -> str:
        words = _(
            "Employment ended; with it assignments: %(assignment)d, leaves: %(leave)d, pairings: %(pairing)d, "
            "roles: %(role)d."
        )
        return words % self.ended

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, spell=self.spell())


class ReopenEmployment(CapabilityMixin, View):
    """Undoes the ending of a spell."""

    capability = Capability.PEOPLE_EDIT
    http_method_names = ("post",)

    def post(self, request: HttpRequest, teacher_pk: int, pk: int) -> HttpResponse:
        teacher = editable_person(request, teacher_pk)
        spell = get_object_or_404(teacher.employments.exclude(ended_on=None), pk=pk)
        try:
            actions.reopen_employment(spell=spell, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The employment runs on, with all that ended with it. Roles stay ended."))
        return redirect("teachers:person", teacher.pk)
