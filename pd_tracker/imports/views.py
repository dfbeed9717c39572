"""Loading a file: choose, match, look, confirm, result."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from pd_tracker.access import Capability, Reader
from pd_tracker.audit.actions import record
from pd_tracker.imports import actions, tables
from pd_tracker.imports.actions import LONG
from pd_tracker.imports.catalogue import importers
from pd_tracker.imports.forms import MatchForm, UploadForm
from pd_tracker.imports.importer import Importer
from pd_tracker.imports.models import ImportRun
from pd_tracker.imports.rows import exact_matches, missing_columns
from pd_tracker.imports.running import Look, first_look
from pd_tracker.imports.shown import tabs_of
from pd_tracker.imports.templates import rejected_table, template_tables
from pd_tracker.sheets.reading import Unreadable
from pd_tracker.web.downloads import table_download, workbook_download
from pd_tracker.web.views import CapabilityMixin, TablePage

State = ImportRun.State


class Runs(TablePage):
    capability = Capability.IMPORTS_RUN
    template_name = "imports/runs.html"
    table = tables.RUNS
    ordering = "-uploaded_at"
    row_url_name = "imports:run"

    def get_queryset(self) -> QuerySet[ImportRun]:
        return ImportRun.objects.visible_to(reader(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, importers=importers().values())


class Upload(CapabilityMixin, FormView):
    capability = Capability.IMPORTS_RUN
    template_name = "imports/upload.html"
    form_class = UploadForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"actor": reader(self.request)}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"kind": self.request.GET.get("kind", "")}

    def form_valid(self, form: UploadForm) -> HttpResponse:
        assert form.look is not None  # noqa: S101  a valid form has looked at its file
        file = form.cleaned_data["file"]
        run = actions.receive(
            file=file, filename=file.name, kind=form.importer.kind, options=form.options, actor=reader(self.request)
        )
        if missing_columns(form.importer.fields, exact_matches(form.look.headings, form.importer.fields).values()):
            return redirect("imports:match", run.pk)
        return checked(self.request, run, form.look)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, breadcrumbs=[crumb()], importers=importers().values())


class OfRun(CapabilityMixin):
    """A page about one import."""

    capability = Capability.IMPORTS_RUN
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def run(self) -> ImportRun:
        runs = ImportRun.objects.visible_to(reader(self.request)).select_related("job", "uploaded_by", "applied_by")
        run: ImportRun = get_object_or_404(runs, pk=self.kwargs["pk"])
        if run.kind not in importers():
            raise Http404
        return run

    @property
    def importer(self) -> Importer:
        return importers()[self.run.kind]


class Run(OfRun, View):
    """Where an import stands: its notice and the list lead here."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        steps = {State.UPLOADED: "imports:match", State.APPLIED: "imports:result"}
        return redirect(steps.get(State(self.run.state), "imports:preview"), self.run.pk)


class Match(OfRun, FormView):
    template_name = "imports/match.html"
    form_class = MatchForm

    @cached_property
    def look(self) -> Look:
        if self.run.state in {State.APPLIED, State.APPLYING}:
            raise Http404  # what was done is not matched again
        options = actions.options_of(self.run, reader(self.request))
        return first_look(actions.source_of(self.run), self.importer, options, long_from=LONG)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "importer": self.importer,
            "look": self.look,
            "mapping": self.run.mapping,
        }

    def form_valid(self, form: MatchForm) -> HttpResponse:
        actions.match(self.run, mapping=form.mapping)
        return checked(self.request, self.run, self.look)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, run=self.run, importer=self.importer, breadcrumbs=[crumb()])


class Preview(OfRun, TemplateView):
    template_name = "imports/preview.html"
    expected: tuple[State, ...] = (State.PLANNED, State.CHECKING, State.APPLYING, State.REFUSED)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.run.state not in self.expected:
            return redirect("imports:run", self.run.pk)
        return super().get(request, *args, **kwargs)

    @property
    def earlier(self) -> ImportRun | None:
        """The import that applied the same file before."""
        pk = self.run.outcome.get("earlier")
        return ImportRun.objects.visible_to(reader(self.request)).filter(pk=pk).first() if pk else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tabs = tabs_of(self.run.outcome)
        current = next((tab for tab in tabs if tab.key == self.request.GET.get("tab")), tabs[0] if tabs else None)
        context: dict[str, Any] = {"run": self.run, "importer": self.importer, "tabs": tabs, "current": current}
        if current is not None:
            page = Paginator(list(current.table.rows), 50).get_page(self.request.GET.get("page"))
            context |= {"page": page, "table": current.table.with_rows(page.object_list)}
        totals = self.run.outcome.get("totals", {})
        return super().get_context_data(
            **kwargs,
            **context,
            words=tables.counted(totals),
            earlier=self.earlier,
            changes_something=any(totals.get(act) for act in ("created", "updated", "ended")),
            totals=totals,
            breadcrumbs=[crumb()],
        )


class Result(Preview):
    template_name = "imports/result.html"
    expected = (State.APPLIED,)


class Check(OfRun, View):
    """Looks again, after something else was put right first or the background work stopped."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.run.state in {State.PLANNED, State.REFUSED} or self.run.stopped:
            options = actions.options_of(self.run, reader(request))
            try:
                look = first_look(actions.source_of(self.run), self.importer, options, long_from=LONG)
            except Unreadable as refusal:
                actions.keep_refusal(self.run, refusal)
                return redirect("imports:preview", self.run.pk)
            return checked(request, self.run, look)
        return redirect("imports:run", self.run.pk)


class Confirm(OfRun, View):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run, seen = self.run, request.POST.get("fingerprint", "")
        if run.state != State.PLANNED:
            return redirect("imports:run", run.pk)
        ends_confirmed = request.POST.get("ends_confirmed") == "yes"
        if run.outcome.get("second_confirmation") and not ends_confirmed:
            messages.error(request, _("Tick that these people have left, or correct the file. Nothing was changed."))
        elif sum(run.outcome["totals"].values()) > LONG and seen == run.fingerprint:
            actions.apply_later(run, actor=reader(request), ends_confirmed=ends_confirmed)
        else:
            with suppress(Unreadable):  # kept with the import, and shown by its page
                actions.apply(
                    run, actor=reader(request), at=timezone.now(), fingerprint=seen, ends_confirmed=ends_confirmed
                )
        return redirect("imports:run", run.pk)


class Rejected(OfRun, View):
    """The rejected rows in the columns they came in, each with what to correct."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        problems = self.run.outcome.get("problems", [])
        if not any(row is not None for row, _field, _message in problems):
            raise Http404
        user = reader(request)
        options = actions.options_of(self.run, user)
        record(actor=user, verb="import.rejected_rows_exported", subject=self.run)
        wanted = self.importer.wanted | set(options.mapping)
        with actions.source_of(self.run).open(self.importer, wanted) as sheet:
            return table_download(rejected_table(sheet, problems), "xlsx")


class Template(CapabilityMixin, View):
    capability = Capability.IMPORTS_RUN

    def get(self, request: HttpRequest, kind: str) -> FileResponse:
        if kind not in importers():
            raise Http404
        return workbook_download(template_tables(importers()[kind]), name=f"{kind} template")


def checked(request: HttpRequest, run: ImportRun, look: Look) -> HttpResponse:
    """Short files are looked through at once, long ones in the background."""
    if look.is_long:
        actions.check_later(run, actor=reader(request))
    else:
        actions.check(run, actor=reader(request))
    return redirect("imports:preview", run.pk)


def reader(request: HttpRequest) -> Reader:
    user: Reader = request.user  # type: ignore[assignment]
    return user


def crumb() -> tuple[str, str]:
    return _("Imports"), reverse("imports:runs")
