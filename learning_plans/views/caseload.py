"""The coach's pages: who needs me, assign training, a teacher's plan."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView, View

from learning_plans import tables
from learning_plans.actions import plans as actions
from learning_plans.filters import CaseloadFilter
from learning_plans.forms.plans import AssignForm, GoalForm, ItemForm
from learning_plans.models import Course, Goal, PlanItem
from learning_plans.querysets.caseload import with_plan_status
from learning_plans.views.cycle import cycle_context
from learning_plans.views.my_plan import plan_context, say_errors
from pd_tracker.access import Capability
from pd_tracker.web.addresses import row_keys
from pd_tracker.web.views import CapabilityMixin, TablePage, require
from teachers.actions.viewing import note_export
from teachers.models import SchoolYear, Teacher
from teachers.querysets.people import teachers_for
from teachers.views.person import person_context, visible_person

UNDO = "assigned_items"


class Caseload(TablePage):
    capability = Capability.CASELOAD_VIEW
    template_name = "learning_plans/caseload.html"
    table = tables.CASELOAD
    filterset_class = CaseloadFilter
    ordering = "-overdue"
    row_url_name = "learning_plans:plan"

    def get_queryset(self) -> QuerySet[Teacher]:
        user = self.request.user
        year = SchoolYear.objects.holding(user.today).first()
        teachers = teachers_for(user, Capability.CASELOAD_VIEW).with_post(on=user.today)
        return with_plan_status(teachers, year=year, coach_id=user.pk, on=user.today)

    def download(self, rows: QuerySet[Teacher], wanted: str) -> Any:
        people = Teacher.objects.filter(pk__in=rows.order_by().values("pk"))
        note_export(reader=self.request.user, teachers=people, part="caseload")
        return super().download(rows, wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, undo=self.request.session.get(UNDO))


class Assign(CapabilityMixin, FormView):  # type: ignore[type-arg]
    """One course for the teachers ticked on the caseload."""

    capability = Capability.TRAINING_ASSIGN
    template_name = "learning_plans/assign.html"
    form_class = AssignForm

    def chosen(self) -> list[Teacher]:
        """Only people one may assign to, whatever the address says."""
        asked = self.request.POST.getlist("teacher") or self.request.GET.getlist("teacher")
        return list(teachers_for(self.request.user, Capability.TRAINING_ASSIGN).filter(pk__in=row_keys(asked)))

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        return super().get_form_kwargs() | {"courses": Course.objects.visible_to(user).on_offer(on=user.today)}

    def back(self) -> str:
        """The caseload, filtered and sorted as it was when people were ticked."""
        kept = self.request.GET.get("back", "")
        return reverse("learning_plans:caseload") + (f"?{kept}" if kept else "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Caseload"), self.back())]
        return super().get_context_data(**kwargs, teachers=self.chosen(), back_url=self.back(), breadcrumbs=crumbs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.chosen():
            messages.error(request, _("Choose at least one person first."))
            return redirect("learning_plans:caseload")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: AssignForm) -> HttpResponse:
        user = self.request.user
        try:
            assigned = actions.assign_training(teachers=self.chosen(), coach=user, on=user.today, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        self.request.session[UNDO] = [item.pk for item in assigned.items]
        messages.success(self.request, str(assigned))
        return redirect(self.back())


class UndoAssign(CapabilityMixin, View):
    """Takes back the last act of assigning."""

    capability = Capability.TRAINING_ASSIGN
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = request.session.pop(UNDO, [])
        items = PlanItem.objects.standing().filter(pk__in=keys, assigned_by=request.user.pk).select_related("plan")
        items = items.filter(plan__teacher__in=teachers_for(request.user, Capability.TRAINING_ASSIGN))
        count = actions.withdraw_items(items=list(items), actor=request.user, at=timezone.now())
        words = ngettext("Taken back for %(count)d person.", "Taken back for %(count)d people.", count)
        messages.success(request, words % {"count": count})
        return redirect("learning_plans:caseload")


class PlanPage(CapabilityMixin, TemplateView):
    """A teacher's plan, for who looks after them."""

    capability = Capability.PLANS_VIEW
    template_name = "learning_plans/plan.html"

    def get_context_data(self, pk: int, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        get_object_or_404(teachers_for(user, Capability.PLANS_VIEW), pk=pk)
        teacher = visible_person(user, pk)
        context = person_context(self.request, teacher, part="plan") | plan_context(user, teacher)
        withdrawn = PlanItem.objects.visible_to(user).filter(plan__teacher=teacher, withdrawn_at__isnull=False)
        return super().get_context_data(**kwargs, **context, **cycle_context(user, teacher)) | {
            "withdrawn": withdrawn.filter(plan__school_year__ends_on__gte=user.today).select_related("course"),
            "may_edit": teachers_for(user, Capability.PLANS_EDIT).filter(pk=teacher.pk).exists(),
        }


class PlanPart(CapabilityMixin, FormView):  # type: ignore[type-arg]
    """Adds or changes one part of the plan of somebody whose plan one may edit."""

    capability = Capability.PLANS_EDIT
    template_name = "learning_plans/plan_part.html"
    model: type[Goal] | type[PlanItem]
    new_title: ClassVar[Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request, self.capability)
        editable = teachers_for(request.user, Capability.PLANS_EDIT)
        if "pk" in kwargs:
            rows = self.model.objects.filter(plan__teacher__in=editable).select_related("plan__teacher")
            self.part = get_object_or_404(rows, pk=kwargs["pk"])
            self.teacher = self.part.plan.teacher
        else:
            self.part = self.model()
            self.teacher = get_object_or_404(editable, pk=kwargs["teacher_pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.part}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(self.teacher, reverse("learning_plans:plan", args=[self.teacher.pk]))]
        return super().get_context_data(
            **kwargs, teacher=self.teacher, part=self.part, new_title=self.new_title, breadcrumbs=crumbs
        )

    def form_valid(self, form: GoalForm | ItemForm) -> HttpResponse:
        try:
            self.save(form.instance)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect("learning_plans:plan", pk=self.teacher.pk)

    def save(self, part: Any) -> None:
        raise NotImplementedError


class GoalPart(PlanPart):
    model = Goal
    form_class = GoalForm
    new_title = gettext_lazy("Add a goal")

    def save(self, part: Goal) -> None:
        actions.save_goal(goal=part, teacher=self.teacher, actor=self.request.user, on=self.request.user.today)


class ItemPart(PlanPart):
    model = PlanItem
    form_class = ItemForm
    new_title = gettext_lazy("Add a course or task")

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        return super().get_form_kwargs() | {
            "courses": Course.objects.visible_to(user).on_offer(on=user.today),
            "goals": Goal.objects.visible_to(user).filter(plan__teacher=self.teacher),
        }

    def save(self, part: PlanItem) -> None:
        actions.save_item(item=part, teacher=self.teacher, actor=self.request.user, on=self.request.user.today)


class WithdrawItem(CapabilityMixin, View):
    """Takes an item out of a plan, or puts it back."""

    capability = Capability.PLANS_EDIT
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        editable = teachers_for(request.user, Capability.PLANS_EDIT)
        items = PlanItem.objects.filter(plan__teacher__in=editable).select_related("plan__teacher")
        item = get_object_or_404(items, pk=pk)
        if item.withdrawn_at is None:
            actions.withdraw_items(items=[item], actor=request.user, at=timezone.now())
            messages.success(request, _("Taken out of the plan. You can put it back below."))
        else:
            try:
                actions.restore_item(item=item, actor=request.user)
            except ValidationError as error:
                say_errors(request, error.messages)
            else:
                messages.success(request, _("Back in the plan."))
        return redirect("learning_plans:plan", pk=item.plan.teacher_id)
