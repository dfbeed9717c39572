"""Pages made of every shared part, with invented content: what the look is tried on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Permission
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from pd_tracker.sheets import charts
from pd_tracker.sheets.charts import Curve, Series, Value
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.web.widgets import DayInput

HERE = Path(__file__).parent

PEOPLE = Table(
    key="people",
    title="Caseload",
    columns=(
        Column("name", "Name"),
        Column("staff_id", "Staff id", Kind.ID),
        Column("school", "School", sortable=False),
        Column("hours", "Hours this year", Kind.HOURS, help="Approved hours since July 1"),
        Column("share", "Plan done", Kind.PERCENT),
        Column("due_on", "Next due", Kind.DATE),
        Column("on_leave", "On leave", Kind.YES_NO),
    ),
    note="Hours count once they are approved.",
)
ROWS = [
    (f"Person {index:02}", f"00{index}", "Lakeside Elementary", 1200.49 + index, index / 60, date(2026, 10, 3), False)
    for index in range(60)
]
YEARS = ("2020-21", "2021-22", "2022-23", "2023-24", "2024-25", "2025-26")


class SampleFilter(django_filters.FilterSet):
    school = django_filters.ChoiceFilter(
        label="School", choices=[("1", "Lakeside Elementary"), ("2", "Hillcrest High")]
    )
    name = django_filters.CharFilter(label="Name")
    due = django_filters.DateFromToRangeFilter(label="Due")
    state = django_filters.MultipleChoiceFilter(
        label="Plan", choices=[("active", "Active"), ("closed", "Closed")], widget=forms.CheckboxSelectMultiple
    )


class SampleForm(forms.Form):
    title = forms.CharField(label="Title", help_text="As it should appear on the certificate.")
    course = forms.ChoiceField(label="Course", choices=[("", "Choose"), ("a", "Reading aloud")])
    due_on = forms.DateField(label="Due on", widget=DayInput())
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Workshop"), ("b", "Course")], widget=forms.RadioSelect)
    proof = forms.FileField(label="Proof", required=False)
    told = forms.BooleanField(label="Tell the teacher now", required=False, help_text="They get a notice.")


def interval(value: float, half: float) -> Value:
    return Value(value, value - half, value + half)


BARS = charts.BarChart(
    title="Elementary teachers took part most",
    unit="hours per FTE",
    labels=("Elementary", "Middle", "High", "Combined & other"),
    values=(interval(24.2, 2.1), interval(17.9, 3.4), interval(12.5, 1.8), Value(None)),
)
DOTS = charts.DotChart(
    title="Do teachers with more hours leave less often?",
    unit="points more or less than 1-14 hours",
    labels=("No hours", "15-29 hours", "30-49 hours", "50 hours or more"),
    values=(interval(3.1, 2.2), interval(-0.8, 1.6), interval(-2.4, 2.1), interval(-3.2, 2.6)),
)
SHARES = charts.ShareChart(
    title="Four of five stay in their school",
    unit="of teachers",
    labels=YEARS[:4],
    parts=("Same school", "Another school", "On leave", "Left the classroom", "Left the district"),
    shares=((0.8, 0.06, 0.02, 0.02, 0.1), (0.78, 0.07, 0.02, 0.02, 0.11), (0.75, 0.08, 0.03, 0.02, 0.12),
            (0.82, 0.05, 0.02, 0.02, 0.09)),
)  # fmt: skip
LINES = charts.LineChart(
    title="Retention fell for four years and has turned",
    unit="of teachers still in the district",
    kind=Kind.PERCENT,
    from_zero=False,
    labels=YEARS,
    series=(
        Series("Elementary", tuple(interval(v, 0.02) for v in (0.91, 0.9, 0.885, 0.87, 0.88, 0.9))),
        Series("Middle", tuple(interval(v, 0.03) for v in (0.9, 0.87, 0.86, 0.84, 0.85, 0.86))),
        Series("High", (interval(0.88, 0.03), Value(None), *(interval(v, 0.03) for v in (0.86, 0.83, 0.82, 0.84)))),
    ),
)  # fmt: skip
MENTORED = (0.97, 0.92, 0.86, 0.8, 0.75, 0.7, 0.66, 0.62)
ALONE = (0.96, 0.86, 0.77, 0.69, 0.62, 0.56, 0.5, 0.46)
SURVIVAL = charts.StepChart(
    title="Half of new hires are still here after seven years",
    unit="of new hires still here",
    across="Year",
    times=(0, 1, 2, 3, 4, 5, 6, 7),
    curves=(
        Curve("With a mentor", tuple(interval(v, 0.03) for v in MENTORED), (214, 190, 160, 131, 99, 71, 40, 18)),
        Curve("Without", tuple(interval(v, 0.04) for v in ALONE), (180, 150, 121, 96, 70, 44, 25, 11)),
    ),
)  # fmt: skip
DRAWINGS = (BARS, DOTS, SHARES, LINES, SURVIVAL)
NUMBERS = Table(
    key="numbers",
    title="Hours per FTE",
    columns=(Column("level", "Level"), Column("hours", "Hours per FTE", Kind.HOURS)),
    rows=(("Elementary", 24.2), ("Middle", 17.9)),
    totals=("All", 19.8),
)


class Ana:
    is_authenticated = True
    email = "ana.ruiz@example.org"

    def __str__(self) -> str:
        return "Ana Ruiz"


def frame(**more: Any) -> dict[str, Any]:
    names = ("My plan", "Find training", "My record", "Caseload", "Reports")
    links = [SimpleNamespace(label=name, url=f"/{name}/", is_current=name == "Caseload") for name in names]
    return {
        "frame": {
            "district_name": "Maple Valley Unified",
            "navigation": links,
            "unread": 3,
            "languages": [("en", "English"), ("es", "Spanish")],
            "version": "0.1.0",
        },
        "user": Ana(),
        "breadcrumbs": [("Home", "/"), ("Caseload", "/caseload/")],
        **more,
    }


def page(request: HttpRequest, source: str, **context: Any) -> HttpResponse:
    return HttpResponse(engines["django"].from_string((HERE / source).read_text()).render(frame(**context), request))


@login_not_required
def list_page(request: HttpRequest) -> HttpResponse:
    shown = Paginator(ROWS, 25).get_page(request.GET.get("page"))
    filterset = SampleFilter(request.GET, queryset=Permission.objects.none())
    return page(
        request, "sample_list.html", table=PEOPLE.with_rows(list(shown.object_list)), page=shown, filterset=filterset,
        row_keys=range(len(shown.object_list)), row_url_name="sample-row",
        ordered_by=request.GET.get("ordering", ""),
    )  # fmt: skip


@login_not_required
def form_page(request: HttpRequest) -> HttpResponse:
    form = SampleForm({"title": ""} if "wrong" in request.GET else None)
    job = SimpleNamespace(
        pk=1, is_over=False, state="running", get_state_display="Running", title="Roster", done=1200, total=4000,
        message="",
    )  # fmt: skip
    return page(request, "sample_form.html", form=form, job=job)


@login_not_required
def report_page(request: HttpRequest) -> HttpResponse:
    return page(request, "sample_report.html", drawings=DRAWINGS, numbers=NUMBERS, others=PEOPLE.with_rows(ROWS[:2]))


@login_not_required
def error_page(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html", frame())


urlpatterns = [
    path("list/", list_page, name="sample-list"),
    path("list/<int:pk>/", list_page, name="sample-row"),
    path("form/", form_page, name="sample-form"),
    path("report/", report_page, name="sample-report"),
    path("nothing/", error_page, name="sample-error"),
    path("", include("pd_tracker.urls")),
]
