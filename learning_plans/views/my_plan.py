"""The teacher's own pages: plan, record, training to find."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, TemplateView

from learning_plans import tables
from learning_plans.actions import plans as actions
from learning_plans.actions.sessions import register, withdraw
from learning_plans.filters import CourseFilter, RecordFilter
from learning_plans.models import Completion, Course, Enrollment, PlanItem, Session
from learning_plans.rules.choices import ACTIVE_ENROLLMENTS
from learning_plans.tables.practices import WISHES
from learning_plans.views.colleagues import said_of, to_be_asked
from learning_plans.views.credit import for_licences, told_of
from learning_plans.views.plans import hours_context, whole_plan, year_of_today
from learning_plans.views.required import required_of
from pd_tracker.access import Capability
from pd_tracker.sheets.table import Table
from pd_tracker.web.views import CapabilityMixin, TablePage, say_errors
from teachers.models import Teacher, User


def own_teacher(user: User) -> Teacher:
    """The staff record behind a login; somebody without one has no plan of their own."""
    teacher = Teacher.objects.filter(user=user.pk).first()
    if teacher is None:
        raise Http404(_("No staff record belongs to this sign-in."))
    return teacher


class MyPlan(CapabilityMixin, TemplateView):
    capability = Capability.PLANS_VIEW
    template_name = "learning_plans/my_plan.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        teacher = own_teacher(user)
        sessions = Session.objects.visible_to(user).coming(after=timezone.now())
        mine = Enrollment.objects.visible_to(user).filter(teacher=teacher, state__in=ACTIVE_ENROLLMENTS)
        return super().get_context_data(
            **kwargs,
            **whole_plan(user, teacher, year=self.request.GET.get("year", "")),
            told=told_of(user, teacher),
            coming=mine.filter(session__in=sessions).select_related("session__course").order_by("session__starts_at"),
        )


@require_POST
def mark_task(request: HttpRequest, pk: int) -> HttpResponse:
    """A teacher says a task of theirs is done, or takes that back."""
    item = get_object_or_404(
        PlanItem.objects.visible_to(request.user).standing(), pk=pk, plan__teacher__user=request.user.pk, course=None
    )
    done_on = None if item.task_done_on else request.user.today
    try:
        actions.mark_task(item=item, done_on=done_on, actor=request.user)
    except ValidationError as error:
        say_errors(request, error.messages)
    else:
        messages.success(request, _("Marked as done.") if done_on else _("Marked as not done."))
    return redirect("learning_plans:my_plan")


class MyRecord(TablePage):
    capability = Capability.COMPLETIONS_VIEW
    template_name = "learning_plans/my_record.html"
    table = tables.RECORD
    filterset_class = RecordFilter
    ordering = "-completed_on"
    row_url_name = "learning_plans:completion"

    def get_queryset(self) -> QuerySet[Completion]:
        return Completion.objects.visible_to(self.request.user).filter(teacher=own_teacher(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        teacher = own_teacher(self.request.user)
        year = year_of_today(self.request.user, teacher)
        asked = to_be_asked(self.request.user, teacher)
        asked["required"] = required_of(self.request.user, teacher, only_recurring=False)
        hours = hours_context(self.request.user, teacher, year)
        return super().get_context_data(**kwargs, teacher=teacher, year=year, **asked, **hours)


class Courses(TablePage):
    capability = Capability.COURSES_VIEW
    template_name = "learning_plans/courses.html"
    table = tables.COURSES
    filterset_class = CourseFilter
    ordering = "title"
    row_url_name = "learning_plans:course"

    def get_queryset(self) -> QuerySet[Course]:
        courses = Course.objects.visible_to(self.request.user).on_offer(on=self.request.user.today)
        return courses.with_wishes() if self.plans_training else courses

    @property
    def plans_training(self) -> bool:
        return self.request.user.may(Capability.REPORTS_VIEW)

    def get_table(self) -> Table:
        return replace(self.table, columns=(*self.table.columns, WISHES)) if self.plans_training else self.table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_weigh = self.request.user.may(Capability.RECOMMENDATIONS_EDIT)
        return super().get_context_data(**kwargs, may_weigh=may_weigh)


class CoursePage(CapabilityMixin, DetailView):
    capability = Capability.COURSES_VIEW
    template_name = "learning_plans/course.html"

    def get_queryset(self) -> QuerySet[Course]:
        return (
            Course.objects.visible_to(self.request.user)
            .select_related("provider")
            .prefetch_related("competencies", "also_touches")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        mine = Enrollment.objects.visible_to(user).filter(teacher__user=user.pk, session__course=self.object)
        sessions = Session.objects.visible_to(user).filter(course=self.object).coming(after=timezone.now())
        return super().get_context_data(
            **kwargs,
            sessions=sessions.with_seats().select_related("seat_draw"),
            may_edit=Course.objects.editable_by(user).filter(pk=self.object.pk).exists(),
            registered={row.session_id for row in mine.filter(state__in=ACTIVE_ENROLLMENTS)},
            completions=Completion.objects.visible_to(user).filter(teacher__user=user.pk, course=self.object),
            is_teacher=Teacher.objects.filter(user=user.pk).exists(),
            outcomes=for_licences(user, self.object),
            **said_of(user, self.object),
            breadcrumbs=[(_("Find training"), reverse("learning_plans:courses"))],
        )


@require_POST
def register_for(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    try:
        enrollment = register(teacher=own_teacher(request.user), session=session, actor=request.user, at=timezone.now())
    except ValidationError as error:
        say_errors(request, error.messages)
    else:
        messages.success(request, _("%(state)s. It is in your plan.") % {"state": enrollment.get_state_display()})
    return redirect("learning_plans:course", pk=session.course_id)


@require_POST
def withdraw_from(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    if withdraw(teacher=own_teacher(request.user), session=session, actor=request.user):
        taken_back = _("You have taken your application back.") if session.awaits_draw else ""
        messages.success(request, taken_back or _("You have given your seat back."))
    return redirect("learning_plans:course", pk=session.course_id)
