"""What teachers tried: to find, to tell, to take up, and for leaders how it spreads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, TemplateView, View

from learning_plans.actions import practices as actions
from learning_plans.filters.practices import PracticeFilter
from learning_plans.forms.practices import AdoptionForm, PracticeForm
from learning_plans.models import Adoption, Course, Practice
from learning_plans.querysets.catalogue import focus_words
from learning_plans.querysets.practices import taken_up
from learning_plans.rules.practices import FEWEST_SHOWN, Spread, by_school, months_until, spread
from learning_plans.tables import practices as tables
from learning_plans.views.my_plan import own_teacher
from pd_tracker.access import Capability
from pd_tracker.sheets.charts import LineChart, Series, Value
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.web.cells import in_words
from pd_tracker.web.views import CapabilityMixin, TablePage, say_errors
from teachers.models import Teacher
from teachers.views.drafts import DraftMixin
from teachers.views.parts import KeptFormPage

MONTHS, MOST_LINES = 12, 6


def crumbs() -> list[tuple[Any, str]]:
    return [(_("Practices"), reverse("learning_plans:practices"))]


class Practices(TablePage):
    capability = Capability.COURSES_VIEW
    template_name = "learning_plans/practices/list.html"
    table = tables.PRACTICES
    filterset_class = PracticeFilter
    ordering = "-shared_at"
    row_url_name = "learning_plans:practice"

    def get_queryset(self) -> QuerySet[Practice]:
        return Practice.objects.visible_to(self.request.user).shared().with_adoptions()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        own = Practice.objects.editable_by(user).with_adoptions().order_by("-written_at", "-pk")
        return super().get_context_data(
            **kwargs,
            own=own[:20],
            tried=Adoption.objects.own(user).select_related("practice").order_by("-adopted_on", "-pk")[:20],
            may_write=user.may(Capability.PRACTICES_SHARE) and Teacher.objects.filter(user=user.pk).exists(),
            may_see_spread=user.may(Capability.REPORTS_VIEW),
        )


class PracticePage(CapabilityMixin, DetailView):
    capability = Capability.COURSES_VIEW
    template_name = "learning_plans/practices/practice.html"

    def get_queryset(self) -> QuerySet[Practice]:
        return (
            Practice.objects.visible_to(self.request.user)
            .with_adoptions()
            .select_related("teacher", "competency", "course")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, practice = self.request.user, self.object
        here = Adoption.objects.visible_to(user).filter(practice=practice)
        mine = here.filter(teacher__user=user.pk).first()
        is_own = practice.teacher.user_id == user.pk
        is_shared = practice.shared_at is not None and practice.withdrawn_at is None
        return super().get_context_data(
            **kwargs,
            is_own=is_own,
            is_shared=is_shared,
            mine=mine,
            form=AdoptionForm(instance=mine) if mine else None,
            told=here.exclude(comment="").exclude(teacher__user=user.pk),
            may_try=is_shared and not is_own and mine is None and Teacher.objects.filter(user=user.pk).exists(),
            breadcrumbs=crumbs(),
        )


class WritePractice(DraftMixin, KeptFormPage):
    """Writing a practice or going on with one; the second button shares it."""

    capability = Capability.PRACTICES_SHARE
    template_name = "learning_plans/practices/form.html"
    form_class = PracticeForm

    @cached_property
    def practice(self) -> Practice:
        user = self.request.user
        if "pk" not in self.kwargs:
            return Practice(teacher=own_teacher(user))
        rows = Practice.objects.editable_by(user)
        return get_object_or_404(rows.select_for_update() if self.request.POST else rows, pk=self.kwargs["pk"])

    @property
    def title(self) -> Any:
        return _("Change what you wrote") if "pk" in self.kwargs else _("Tell what you tried")

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        return super().get_form_kwargs() | {
            "instance": self.practice,
            "reader": user,
            "courses": Course.objects.visible_to(user),
            "areas": focus_words(user),
        }

    def save(self, form: PracticeForm) -> None:
        at, reason = timezone.now(), form.cleaned_data.get("reason", "")
        actions.save_practice(practice=form.instance, actor=self.request.user, at=at, reason=reason)
        if "share" in self.request.POST:
            actions.share_practice(practice=form.instance, actor=self.request.user, at=at)

    def said(self) -> str:
        if "share" in self.request.POST:
            return _("Shared. All staff of the district can read it with your name; you can take it back at any time.")
        return _("Saved.")

    def back(self) -> str:
        if self.practice.pk:
            return reverse("learning_plans:practice", args=[self.practice.pk])
        return reverse("learning_plans:practices")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_shared = self.practice.shared_at is not None and self.practice.withdrawn_at is None
        return super().get_context_data(**kwargs, is_shared=is_shared, breadcrumbs=crumbs())


class SharePractice(CapabilityMixin, View):
    """Shares a draft, or takes back what is shared."""

    capability = Capability.PRACTICES_SHARE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        practice = get_object_or_404(Practice.objects.editable_by(request.user), pk=pk)
        if practice.shared_at is not None and practice.withdrawn_at is None:
            actions.take_practice_back(practice=practice, actor=request.user, at=timezone.now())
            messages.success(request, _("Taken back. Only you see it now; you can share it again."))
        else:
            actions.share_practice(practice=practice, actor=request.user, at=timezone.now())
            messages.success(request, _("Shared. All staff of the district can read it with your name."))
        return redirect("learning_plans:practice", pk=pk)


class TryPractice(CapabilityMixin, View):
    """A teacher tries it too, or says how it went."""

    capability = Capability.PRACTICES_SHARE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        practice = get_object_or_404(Practice.objects.visible_to(request.user).shared(), pk=pk)
        teacher = own_teacher(request.user)
        mine = Adoption.objects.own(request.user).filter(practice=practice).first()
        form = AdoptionForm(request.POST, instance=mine)
        comment = form.cleaned_data["comment"] if form.is_valid() else ""
        if not form.is_valid():
            say_errors(request, form.errors["comment"])
        elif mine is not None:
            actions.say_how_it_went(adoption=mine, comment=comment, actor=request.user)
            messages.success(request, _("Saved. Colleagues read it without your name."))
        else:
            try:
                actions.adopt(
                    practice=practice, teacher=teacher, actor=request.user, on=request.user.today, comment=comment
                )
            except ValidationError as error:
                say_errors(request, error.messages)
            else:
                messages.success(request, _("Good luck with it. The author is told that somebody tries it, not who."))
        return redirect("learning_plans:practice", pk=pk)


class StopTrying(CapabilityMixin, View):
    capability = Capability.PRACTICES_SHARE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        adoption = get_object_or_404(Adoption.objects.own(request.user), practice=pk)
        actions.stop_trying(adoption=adoption, actor=request.user)
        messages.success(request, _("Taken back. You are no longer counted here."))
        return redirect("learning_plans:practice", pk=pk)


class PracticesSpread(CapabilityMixin, TemplateView):
    """Counts of people and schools by focus area, never who."""

    capability = Capability.REPORTS_VIEW
    template_name = "learning_plans/practices/spread.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        taken = [*taken_up(self.request.user)]
        months = months_until(self.request.user.today, MONTHS)
        areas = [one for one in spread(taken, months) if one.area]
        labels = tuple(in_words(month, Kind.DATE).replace(" 1,", "") for month in months)
        told = [one for one in areas if one.people[-1] is not None][:MOST_LINES]
        return super().get_context_data(
            **kwargs,
            drawing=line_chart(told, labels) if told else None,
            over_time=over_time(told, labels),
            areas=tables.SPREAD.with_rows(
                [(one.area, told_as(one.people[-1]), told_as(one.schools[-1])) for one in areas]
            ),
            schools=tables.SPREAD_SCHOOLS.with_rows([(name, told_as(count)) for name, count in by_school(taken)]),
            anything=bool(areas),
            breadcrumbs=crumbs(),
        )


def told_as(count: int | None) -> str:
    return _("fewer than %(fewest)d") % {"fewest": FEWEST_SHOWN} if count is None else str(count)


def line_chart(areas: list[Spread], labels: tuple[str, ...]) -> LineChart:
    return LineChart(
        title=_("People who share or try a practice, by focus area"),
        unit=_("people"),
        kind=Kind.INTEGER,
        decimals=0,
        labels=labels,
        series=tuple(Series(one.area, tuple(Value(count) for count in one.people)) for one in areas),
    )


def over_time(areas: list[Spread], labels: tuple[str, ...]) -> Table:
    month = Column("month", _("Month"), sortable=False)
    lines = tuple(Column(f"area{number}", one.area, sortable=False) for number, one in enumerate(areas))
    rows = [(label, *(told_as(one.people[place]) for one in areas)) for place, label in enumerate(labels)]
    return Table("spread_over_time", gettext_lazy("People up to the end of each month"), (month, *lines), rows)


urlpatterns = [
    path("practices/", Practices.as_view(), name="practices"),
    path("practices/new/", WritePractice.as_view(), name="write_practice"),
    path("practices/spread/", PracticesSpread.as_view(), name="practices_spread"),
    path("practices/<int:pk>/", PracticePage.as_view(), name="practice"),
    path("practices/<int:pk>/change/", WritePractice.as_view(), name="change_practice"),
    path("practices/<int:pk>/share/", SharePractice.as_view(), name="share_practice"),
    path("practices/<int:pk>/try/", TryPractice.as_view(), name="try_practice"),
    path("practices/<int:pk>/stop/", StopTrying.as_view(), name="stop_practice"),
]
