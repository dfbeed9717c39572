"""Licenses: how much counts, what does not and why, what is missing, and what a course would add."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import PurePosixPath
from shutil import copyfileobj
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, TemplateView

from learning_plans.credit.shelf import RuleShelf, shelf_of
from learning_plans.credit.telling import Told, as_data, table_of
from learning_plans.credit.wording import name_of
from learning_plans.forms.licences import WhatIfForm
from learning_plans.models import Completion, Course, Evidence, Waiver
from learning_plans.views.credit import suggestions, told_about, told_of, what_if
from learning_plans.views.my_plan import own_teacher
from pd_tracker.access import Capability
from pd_tracker.web.cells import in_cells
from pd_tracker.web.downloads import FORMATS, drawn_pdf, file_download, json_download, pdf_download, table_download
from pd_tracker.web.views import CapabilityMixin
from teachers.actions.viewing import note_export, note_view
from teachers.models import Licence, Teacher, User
from teachers.querysets.people import reaches
from teachers.views.person import PersonPage

STATEMENT = "learning_plans/licences/statement_pdf.html"


class MyLicences(CapabilityMixin, TemplateView):
    capability = Capability.LICENCES_VIEW
    template_name = "learning_plans/licences/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        teacher = own_teacher(self.request.user)
        return super().get_context_data(**kwargs, told=told_of(self.request.user, teacher), teacher=teacher)


class PersonLicences(PersonPage):
    """The tab of a person: every license, those in use with where they stand."""

    part = "licences"
    capability = Capability.LICENCES_VIEW
    template_name = "learning_plans/licences/person.html"

    def content(self, teacher: Teacher, allowed: frozenset[str]) -> dict[str, Any]:
        user = self.request.user
        told = told_of(user, teacher)
        rows = Licence.objects.visible_to(user).filter(teacher=teacher)
        return {"told": told, "others": rows.exclude(pk__in=[each.licence.pk for each in told])}


class LicencePage(CapabilityMixin, DetailView):
    capability = Capability.LICENCES_VIEW
    template_name = "learning_plans/licences/licence.html"
    context_object_name = "licence"

    def get_queryset(self) -> QuerySet[Licence]:
        return Licence.objects.visible_to(self.request.user).select_related("teacher__district")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        self.teacher = self.object.teacher
        self.told = told_about(request.user, self.object)
        wanted = request.GET.get("format", "")
        if self.told and wanted in (*FORMATS, "json"):
            note_export(reader=request.user, teachers=Teacher.objects.filter(pk=self.teacher.pk), part="licences")
            if wanted == "json":
                return json_download(as_json(self.told), name=f"license-{self.object.pk}")
            return table_download(replace(self.told.table, key=f"license-{self.teacher.staff_id}"), wanted)
        note_view(reader=request.user, teacher=self.teacher, part="licences")
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, told = self.request.user, self.told
        is_own = self.teacher.user_id == user.pk
        shelf = shelf_of(self.teacher.district_id)
        return super().get_context_data(
            **kwargs,
            told=told,
            teacher=self.teacher,
            is_own=is_own,
            may_care=not is_own and reaches(user, Capability.LICENCES_EDIT, self.teacher),
            code=shelf.code_for(self.object),
            breadcrumbs=[crumb(self.teacher, is_own=is_own)],
            waivers=Waiver.objects.visible_to(user).filter(licence=self.object).select_related("granted_by"),
            facts=[(name_of(name), value) for name, value in told.case.facts.facts.items()] if told else [],
            **(groups(told) if told else {}),
            **(self.what_next(told, shelf) if told and told.asks_for_hours and not told.is_over else {}),
        )

    def what_next(self, told: Told, shelf: RuleShelf) -> dict[str, Any]:
        user = self.request.user
        offered = Course.objects.visible_to(user).on_offer(on=user.today)
        form = WhatIfForm(self.request.GET if "course" in self.request.GET else None, courses=offered)
        chosen = form.cleaned_data["course"] if form.is_bound and form.is_valid() else None
        return {
            "what_if_form": form,
            "what_if": what_if(told, chosen, shelf) if chosen else None,
            "chosen": chosen,
            "suggestions": suggestions(told, offered, shelf),
        }


class Statement(LicencePage):
    """For an audit: the license, what is asked, every line with its reason, and the arithmetic."""

    template_name = "learning_plans/licences/statement.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        licence = self.get_object()
        told = told_about(request.user, licence)
        if told is None:
            raise Http404(_("Nobody knows the renewal rules that this license names."))
        context = statement_context(request.user, told, at=timezone.now())
        make = {"pdf": pdf_download, "zip": packed_download}.get(request.GET.get("format", ""))
        if make is not None:
            note_export(reader=request.user, teachers=Teacher.objects.filter(pk=licence.teacher_id), part="licences")
            return make(request, STATEMENT, context, name=f"statement-{licence.teacher.staff_id}-{licence.pk}")
        note_view(reader=request.user, teacher=licence.teacher, part="licences")
        own = licence.teacher.user_id == request.user.pk
        crumbs = [crumb(licence.teacher, is_own=own), (licence, reverse("learning_plans:licence", args=[licence.pk]))]
        return self.render_to_response(context | {"breadcrumbs": crumbs, "view": self})


def statement_context(user: User, told: Told, *, at: datetime) -> dict[str, Any]:
    lists = ((_("What counts"), told.counting), (_("Waiting for approval"), told.waiting))
    also = ((_("What does not count, and why"), told.not_counting),)
    return {
        "told": told,
        "teacher": told.licence.teacher,
        "made_at": at,
        "waivers": Waiver.objects.visible_to(user).filter(licence=told.licence).select_related("granted_by"),
        "statement_lists": [in_cells(table_of(lines, title)) for title, lines in (*lists, *also) if lines],
        "proofs": proofs_of(user, told),
    }


def proofs_of(user: User, told: Told) -> list[tuple[str, Evidence]]:
    """Files and links that prove the lines, each with the name it has among the attached files."""
    completions = {each.entry.completion_id for each in told.lines}
    rows = Evidence.objects.visible_to(user).standing().filter(completion__in=completions)
    ordered = rows.select_related("completion__course").order_by("completion__completed_on", "completion", "pk")
    return [
        (f"{number:02d} {PurePosixPath(row.filename).name}" if row.file else row.link, row)
        for number, row in enumerate(ordered, 1)
    ]


def packed_download(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, name: str
) -> FileResponse | HttpResponseRedirect:
    """The statement with the files that prove it."""
    drawn = drawn_pdf(request, template, context)
    if drawn is None:
        return HttpResponseRedirect(request.path)
    statement = drawn

    def write(out: BinaryIO) -> None:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{name}.pdf", statement)
            for called, proof in context["proofs"]:
                if proof.file:
                    with proof.file.open("rb") as file, archive.open(f"proofs/{called}", "w") as packed:
                        copyfileobj(file, packed)

    return file_download(write, name=f"{name}.zip", content_type="application/zip")


def crumb(teacher: Teacher, *, is_own: bool) -> tuple[Any, str]:
    if is_own:
        return gettext_lazy("My licenses"), reverse("learning_plans:my_licences")
    return teacher, reverse("learning_plans:person_licences", args=[teacher.pk])


def groups(told: Told) -> dict[str, Any]:
    return {
        "waiting": waiting_days(told),
        "lists": [
            (table_of(lines, title), [each.entry.completion_id for each in lines])
            for title, lines in (
                (_("What does not count, and why"), told.not_counting),
                (_("What counts"), told.counting),
            )
            if lines
        ],
    }


def waiting_days(told: Told) -> list[tuple[Any, int]]:
    """Lines that wait for approval, and since how many days."""
    keys = {each.entry.completion_id for each in told.waiting}
    rows = Completion.objects.filter(pk__in=keys).values_list("pk", "recorded_at")
    entered = {pk: timezone.localtime(at).date() for pk, at in rows}
    today = told.case.facts.as_of
    return [(each, max((today - entered[each.entry.completion_id]).days, 0)) for each in told.waiting]


def as_json(told: Told) -> dict[str, Any]:
    licence: Licence = told.licence
    about = {
        "staff_id": licence.teacher.staff_id,
        "jurisdiction": licence.jurisdiction,
        "type": licence.licence_type,
        "number": licence.number,
        "valid_from": iso(licence.valid_from),
        "valid_until": iso(licence.valid_until),
        "as_of": iso(told.case.facts.as_of),
        "entries": [
            {"completed_on": iso(line.day), "title": entry.title, "category": entry.category, "unit": line.unit}
            for entry, line in zip(told.case.entries, told.case.facts.lines, strict=True)
        ],
    }
    return about | as_data(told.pack, told.decision)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


urlpatterns = [
    path("my-licenses/", MyLicences.as_view(), name="my_licences"),
    path("people/<int:pk>/licenses/", PersonLicences.as_view(), name="person_licences"),
    path("licenses/<int:pk>/", LicencePage.as_view(), name="licence"),
    path("licenses/<int:pk>/statement/", Statement.as_view(), name="statement"),
]
