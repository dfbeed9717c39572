"""Two records of one person: found, looked at, merged; or said to be two people."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from learning_plans.actions import merging as actions
from learning_plans.forms.merging import ApartForm, MergeForm
from pd_tracker.access import Capability
from pd_tracker.web.addresses import row_keys, searched
from pd_tracker.web.views import CapabilityMixin, require
from teachers.forms.kept import take_errors
from teachers.models import MergedTeacher, NotADuplicate, Teacher
from teachers.querysets.people import teachers_for

MOST = 200  # pairs on one page


class Duplicates(CapabilityMixin, TemplateView):
    """Records with the same name that nobody has looked at, and what was merged before."""

    capability = Capability.PEOPLE_EDIT
    template_name = "learning_plans/merging/duplicates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        merged = MergedTeacher.objects.visible_to(user).select_related("teacher", "merged_by")
        crumbs = [(_("People"), reverse("teachers:people"))]
        return super().get_context_data(**kwargs, pairs=self.pairs(), merged=merged[:50], breadcrumbs=crumbs)

    def pairs(self) -> list[tuple[Teacher, Teacher]]:
        people = teachers_for(self.request.user, Capability.PEOPLE_EDIT)
        lowered = people.annotate(first=Lower("given_name"), last=Lower("family_name")).order_by()
        keys: dict[tuple[int, str, str], list[int]] = defaultdict(list)
        for key, district, last, first in lowered.values_list("pk", "district", "last", "first"):
            keys[district, last, first].append(key)
        alike = [sorted(group) for _name, group in sorted(keys.items()) if len(group) > 1][:MOST]
        rows = people.in_bulk([key for group in alike for key in group])
        groups = [[rows[key] for key in group] for group in alike]
        apart = set(NotADuplicate.objects.values_list("teacher", "other"))
        found = [(one, other) for group in groups for n, one in enumerate(group) for other in group[n + 1 :]]
        return [pair for pair in found if (pair[0].pk, pair[1].pk) not in apart][:MOST]


class OfPerson(CapabilityMixin, FormView):
    capability = Capability.PEOPLE_EDIT

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request, self.capability)
        self.people = teachers_for(request.user, self.capability)
        self.old: Teacher = get_object_or_404(self.people.select_related("user"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def other(self) -> Teacher | None:
        """The record that is meant beside this one, within reach."""
        keys = row_keys([self.request.GET.get("into", "")])
        found: Teacher | None = self.people.filter(pk__in=keys).exclude(pk=self.old.pk).select_related("user").first()
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Same person twice"), reverse("learning_plans:duplicates"))]
        return super().get_context_data(**kwargs, old=self.old, other=self.other, breadcrumbs=crumbs)


class MergePerson(OfPerson):
    """First into whom, then what would move and what stands in the way, then the typed name."""

    template_name = "learning_plans/merging/merge.html"
    form_class = MergeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"name": str(self.old)}

    def form_valid(self, form: MergeForm) -> HttpResponse:
        user = self.request.user
        if self.other is None:
            return self.form_invalid(form)
        try:
            actions.merge_people(
                old=self.old,
                new=self.other,
                reason=form.cleaned_data["reason"],
                actor=user,
                on=user.today,
                at=timezone.now(),
            )
        except ValidationError as error:
            take_errors(form, error)
            return self.form_invalid(form)
        words = _("Merged. Everything of %(old)s stands in this record now.")
        messages.success(self.request, words % {"old": self.old.staff_id})
        return redirect("teachers:person", self.other.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.other is None:
            search = searched(self.request.GET, "search")
            named = self.people.filter(district=self.old.district_id).exclude(pk=self.old.pk).named(search)
            found = named.with_post(on=self.request.user.today)[:25] if search else []
            return context | {"search": search, "found": found}
        user = self.request.user
        foreseen = actions.foresee(old=self.old, new=self.other, actor=user, on=user.today, at=timezone.now())
        return context | {
            "moved": counted(foreseen.moved),
            "joined": counted(foreseen.joined),
            "problems": foreseen.problems,
        }


def counted(rows: Counter[str]) -> list[tuple[str, int]]:
    """Kinds of rows in words; those that HR may not read are counted together."""
    found: Counter[str] = Counter()
    for label, count in rows.items():
        is_apart = label in actions.APART
        words = _("coaching and self-assessment") if is_apart else apps.get_model(label)._meta.verbose_name_plural
        found[str(words)] += count
    return sorted(found.items())


class KeepApart(OfPerson):
    """They look alike and are two people; they are not asked about again."""

    template_name = "learning_plans/merging/apart.html"
    form_class = ApartForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.other else redirect("learning_plans:duplicates")

    def form_valid(self, form: ApartForm) -> HttpResponse:
        if self.other is not None:
            actions.keep_apart(
                one=self.old,
                other=self.other,
                reason=form.cleaned_data["reason"],
                actor=self.request.user,
                at=timezone.now(),
            )
            messages.success(self.request, _("Kept. Nobody is asked about these two again."))
        return redirect("learning_plans:duplicates")


urlpatterns = [
    path("people/duplicates/", Duplicates.as_view(), name="duplicates"),
    path("people/<int:pk>/merge/", MergePerson.as_view(), name="merge_person"),
    path("people/<int:pk>/keep-apart/", KeepApart.as_view(), name="keep_apart"),
]
