"""Everything a teacher has learned here as files of their own, which stay readable when the job or the site is gone."""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import Any, BinaryIO

from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from learning_plans import tables
from learning_plans.credit.telling import Told
from learning_plans.models import Completion, CreditLine
from learning_plans.models.choices import UnitName
from learning_plans.views.credit import told_of
from learning_plans.views.licences import as_json as license_as_json
from learning_plans.views.licences import statement_context
from learning_plans.views.my_plan import own_teacher
from pd_tracker.access import Capability
from pd_tracker.audit.actions import record
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.web.cells import in_cells
from pd_tracker.web.downloads import file_download, json_download, pdf_download, workbook_download
from pd_tracker.web.views import CapabilityMixin
from teachers.models import Teacher, User

CREDIT = Table(
    key="credit",
    title=gettext_lazy("Credit"),
    columns=(
        Column("completed_on", gettext_lazy("Completed"), Kind.DATE, source="completion__completed_on"),
        Column("course", gettext_lazy("Course"), source="completion__course__title"),
        Column("amount", gettext_lazy("Amount"), Kind.DECIMAL, decimals=3),
        Column("unit", gettext_lazy("Unit"), show=lambda value: UnitName(value).label),
        Column("category", gettext_lazy("Category")),
    ),
)
LICENCES = Table(
    key="licenses",
    title=gettext_lazy("Licenses"),
    columns=(
        Column("license", gettext_lazy("License")),
        Column("number", gettext_lazy("Number"), Kind.ID),
        Column("from", gettext_lazy("Period from"), Kind.DATE),
        Column("until", gettext_lazy("Period until"), Kind.DATE),
        Column("rules", gettext_lazy("Renewal rules")),
        Column("status", gettext_lazy("Status")),
        Column("said", gettext_lazy("In words")),
    ),
)


class TakeAlong(CapabilityMixin, TemplateView):
    capability = Capability.COMPLETIONS_VIEW
    template_name = "learning_plans/take_along.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        teacher = own_teacher(request.user)
        make = FILES.get(request.GET.get("format", ""))
        if make is None:
            crumbs = [(_("My record"), reverse("learning_plans:my_record"))]
            return self.render_to_response({"teacher": teacher, "breadcrumbs": crumbs, "view": self})
        record(actor=request.user, verb="record.taken_along", subject=teacher, format=request.GET["format"])
        return make(request, teacher, timezone.now())


def all_tables(user: User, teacher: Teacher) -> list[Table]:
    completions = Completion.objects.visible_to(user).filter(teacher=teacher).order_by("-completed_on", "-pk")
    credit = CreditLine.objects.visible_to(user).filter(completion__teacher=teacher)
    told = told_of(user, teacher)
    return [
        tables.RECORD.with_rows(list(tables.RECORD.fill(completions).rows)),
        CREDIT.with_rows(list(CREDIT.fill(credit.order_by("-completion__completed_on", "pk")).rows)),
        LICENCES.with_rows([licence_row(each) for each in told]),
        *(Table(f"license-{each.licence.pk}", str(each.licence), each.table.columns, each.table.rows) for each in told),
    ]


def licence_row(told: Told) -> tuple[Any, ...]:
    window = told.decision.window
    first, last = (window.first, window.last) if window else (told.licence.valid_from, told.licence.valid_until)
    return (str(told.licence), told.licence.number, first, last, told.pack.title, told.status_label, told.sentence)


def as_workbook(request: HttpRequest, teacher: Teacher, at: datetime) -> HttpResponseBase:
    return workbook_download(all_tables(request.user, teacher), name=name_for(teacher))


def as_pdf(request: HttpRequest, teacher: Teacher, at: datetime) -> HttpResponseBase:
    rows = Completion.objects.visible_to(request.user).filter(teacher=teacher).order_by("-completed_on", "-pk")
    context = {
        "teacher": teacher,
        "made_at": at,
        "record": in_cells(tables.RECORD.fill(rows)),
        "statements": [statement_context(request.user, told, at=at) for told in told_of(request.user, teacher)],
    }
    return pdf_download(request, "learning_plans/take_along_pdf.html", context, name=name_for(teacher))


def as_csv(request: HttpRequest, teacher: Teacher, at: datetime) -> HttpResponseBase:
    from pd_tracker.sheets.writing import write_csv

    def write(out: BinaryIO) -> None:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in all_tables(request.user, teacher):
                with archive.open(f"{table.key}.csv", "w") as file:
                    write_csv(table, file)

    return file_download(write, name=f"{name_for(teacher)}.zip", content_type="application/zip")


def as_json(request: HttpRequest, teacher: Teacher, at: datetime) -> HttpResponseBase:
    completions, credit, *_others = all_tables(request.user, teacher)
    data = {
        "staff_id": teacher.staff_id,
        "name": f"{teacher.given_name} {teacher.family_name}",
        "made_at": at.isoformat(),
        "completions": [*completions.as_dicts()],
        "credit": [*credit.as_dicts()],
        "licenses": [license_as_json(told) for told in told_of(request.user, teacher)],
    }
    return json_download(data, name=name_for(teacher))


def name_for(teacher: Teacher) -> str:
    return f"record-{teacher.staff_id}"


FILES = {"xlsx": as_workbook, "csv": as_csv, "pdf": as_pdf, "json": as_json}
urlpatterns = [path("my-record/take-along/", TakeAlong.as_view(), name="take_along")]
