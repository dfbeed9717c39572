"""Where a teacher could grow: what speaks for it, what the teacher answers, what their coach suggests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from learning_plans.actions import needs as actions
from learning_plans.forms.needs import AcceptForm, DisagreeForm, PutOffForm, SuggestForm, UndoForm
from learning_plans.models import Competency, Need, NeedReason, Priority, SelfAssessment
from learning_plans.models.choices import WeightName
from learning_plans.rules.choices import NeedAnswer, NeedSource
from learning_plans.rules.needs import SUGGESTED, together, weight_of
from learning_plans.views.my_plan import own_teacher
from learning_plans.views.plans import may_add_goals
from pd_tracker.access import Capability, Reader
from pd_tracker.web.views import CapabilityMixin, require
from teachers.models import School, Teacher
from teachers.querysets.people import reaches, teachers_for
from teachers.views.drafts import DraftMixin
from teachers.views.parts import KeptFormPage
from teachers.views.person import person_context, visible_person


@dataclass(frozen=True, slots=True)
class ShownNeed:
    need: Need
    reasons: Sequence[NeedReason]

    @property
    def strength(self) -> float:
        return together(float(reason.strength) for reason in self.reasons)

    @property
    def weight(self) -> Any:
        return WeightName(weight_of(self.strength)).label if self.reasons else ""


def needs_context(user: Reader, teacher: Teacher) -> dict[str, Any]:
    """Needs of one teacher, the strongest first, with what their school and district work on."""
    reasons = NeedReason.objects.order_by("-strength", "pk").select_related("given_by")
    rows = Need.objects.visible_to(user).filter(teacher=teacher).speaking()
    rows = rows.select_related("competency").prefetch_related(Prefetch("reasons", reasons), "goals")
    priorities = {row.competency_id: row for row in priorities_of(user, teacher)}
    shown = [ShownNeed(need, all_reasons(need, priorities.get(need.competency_id))) for need in rows]
    shown.sort(key=lambda each: -each.strength)
    waiting = set(Need.objects.filter(teacher=teacher).waiting(on=user.today).values_list("pk", flat=True))
    taken_up = {each.need.competency_id for each in shown}
    mine = SelfAssessment.objects.visible_to(user).filter(teacher=teacher).select_related("framework")
    return {
        "teacher": teacher,
        "waiting": [each for each in shown if each.need.pk in waiting],
        "accepted": [each for each in shown if each.need.answer == NeedAnswer.ACCEPTED],
        "others": [
            each
            for each in shown
            if each.need.pk not in waiting and each.need.answer in {NeedAnswer.PUT_OFF, NeedAnswer.DISAGREED}
        ],
        "priorities": [row for competency, row in priorities.items() if competency not in taken_up],
        "assessment_open": mine.filter(finished_at=None).first(),
        "assessment_last": mine.exclude(finished_at=None).order_by("-finished_at").first(),
    }


def all_reasons(need: Need, priority: Priority | None) -> list[NeedReason]:
    """What is stored, and a priority of today: that one speaks while it runs, and is kept once it is taken up."""
    stored = list(need.reasons.all())
    if priority is None or any(reason.source == NeedSource.PRIORITY for reason in stored):
        return stored
    source, strength = NeedSource.PRIORITY.value, Decimal(str(SUGGESTED))
    also = NeedReason(source=source, strength=strength, found_on=priority.started_on, words=priority.reason)
    return [*stored, also]


def priorities_of(user: Reader, teacher: Teacher) -> Iterator[Priority]:
    """What the schools a teacher works at today, and their district, work on at present; each competency once."""
    schools = School.objects.filter(assignments__in=teacher.assignments.running(on=user.today))  # type: ignore[attr-defined]
    rows = Priority.objects.running(on=user.today).filter(district=teacher.district_id, competency__is_retired=False)
    rows = rows.of_schools(schools).select_related("competency", "school")
    return iter({row.competency_id: row for row in rows}.values())


class Growth(CapabilityMixin, TemplateView):
    capability = Capability.NEEDS_ANSWER
    template_name = "learning_plans/needs/growth.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        teacher = own_teacher(user)
        context = needs_context(user, teacher) | {"may_add_goals": may_add_goals(user, teacher)}
        return super().get_context_data(**kwargs, **context)


class PersonGrowth(CapabilityMixin, TemplateView):
    """The same for who looks after the teacher, who may suggest and cannot answer."""

    capability = Capability.NEEDS_VIEW
    template_name = "learning_plans/needs/person.html"

    def get_context_data(self, pk: int, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        get_object_or_404(teachers_for(user, Capability.NEEDS_VIEW), pk=pk)
        teacher = visible_person(user, pk)
        context = person_context(self.request, teacher, part="growth") | needs_context(user, teacher)
        context["may_suggest"] = reaches(user, Capability.NEEDS_SUGGEST, teacher)
        return super().get_context_data(**kwargs, **context)


# --- Answering --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What one answer asks for, and what is said when it is kept."""

    form: type[Any]
    title: Any
    label: Any
    said: Any


ANSWERS = {
    NeedAnswer.ACCEPTED: Asked(
        AcceptForm,
        gettext_lazy("Work on this?"),
        gettext_lazy("Yes, I want to work on this"),
        gettext_lazy("It is among what you work on. Make a goal of it when you are ready."),
    ),
    NeedAnswer.PUT_OFF: Asked(
        PutOffForm,
        gettext_lazy("Not now: when shall it come back?"),
        gettext_lazy("Put it off"),
        gettext_lazy("Put off. It comes back on the day you chose."),
    ),
    NeedAnswer.DISAGREED: Asked(
        DisagreeForm,
        gettext_lazy("You see it differently?"),
        gettext_lazy("Say so"),
        gettext_lazy("Kept, with your words. It is not suggested again."),
    ),
    NeedAnswer.OPEN: Asked(
        UndoForm,
        gettext_lazy("Take your answer back?"),
        gettext_lazy("Take it back"),
        gettext_lazy("Taken back. It waits for your answer again."),
    ),
}


class Answer(KeptFormPage):
    """The teacher's own answer to one of their own needs."""

    capability = Capability.NEEDS_ANSWER
    template_name = "learning_plans/needs/answer.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request, self.capability)
        if kwargs["answer"] not in set(NeedAnswer):
            raise Http404
        self.answer = NeedAnswer(kwargs["answer"])
        own = teachers_for(request.user, Capability.NEEDS_ANSWER)
        self.need = get_object_or_404(
            Need.objects.filter(teacher__in=own).select_related("competency"), pk=kwargs["pk"]
        )
        self.asked = ANSWERS[self.answer]
        self.title = self.asked.title

    def get_form_class(self) -> Any:
        return self.asked.form

    def get_initial(self) -> dict[str, Any]:
        return {"comment": self.need.comment, "put_off_until": self.need.put_off_until}

    def save(self, form: Any) -> None:
        actions.answer_need(
            need=self.need,
            answer=self.answer,
            actor=self.request.user,
            at=timezone.now(),
            on=self.request.user.today,
            **form.cleaned_data,
        )

    def said(self) -> str:
        return str(self.asked.said)

    def back(self) -> str:
        return reverse("learning_plans:growth")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Where I could grow"), self.back())]
        return super().get_context_data(**kwargs, need=self.need, asked=self.asked, breadcrumbs=crumbs)


class TakeUpPriority(CapabilityMixin, View):
    capability = Capability.NEEDS_ANSWER
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        teacher = own_teacher(request.user)
        found = {priority.pk: priority for priority in priorities_of(request.user, teacher)}
        priority = get_object_or_404(Priority.objects.filter(pk__in=found), pk=pk)
        actions.take_up_priority(
            priority=priority, teacher=teacher, actor=request.user, at=timezone.now(), on=request.user.today
        )
        messages.success(request, ANSWERS[NeedAnswer.ACCEPTED].said)
        return redirect("learning_plans:growth")


# --- Suggesting -------------------------------------------------------------------------------------------------


class Suggest(DraftMixin, KeptFormPage):
    capability = Capability.NEEDS_SUGGEST
    form_class = SuggestForm
    template_name = "learning_plans/needs/suggest.html"
    title = gettext_lazy("Suggest something to work on")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request, self.capability)
        self.teacher = get_object_or_404(teachers_for(request.user, self.capability), pk=kwargs["teacher_pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"competencies": in_use(self.request.user)}

    def save(self, form: SuggestForm) -> None:
        user = self.request.user
        actions.suggest_need(teacher=self.teacher, actor=user, on=user.today, **form.cleaned_data)

    def said(self) -> str:
        return _("Suggested. %(name)s can read it and answer.") % {"name": self.teacher}

    def back(self) -> str:
        return reverse("learning_plans:person_growth", args=[self.teacher.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, person=self.teacher, breadcrumbs=[(self.teacher, self.back())])


def in_use(user: Reader) -> Any:
    """Competencies somebody may choose from, those of the default framework first."""
    rows = Competency.objects.visible_to(user).filter(is_retired=False, framework__is_retired=False)
    return rows.order_by("-framework__is_default", "framework__name", "place", "code")


class TakeBackSuggestion(CapabilityMixin, View):
    """Only by who made it."""

    capability = Capability.NEEDS_SUGGEST
    http_method_names = ("post",)

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mine = NeedReason.objects.filter(source=NeedSource.COACH.value, given_by=request.user.pk)
        mine = mine.filter(need__teacher__in=teachers_for(request.user, self.capability)).select_related("need")
        reason = get_object_or_404(mine, pk=pk)
        actions.take_back_suggestion(reason=reason, actor=request.user)
        messages.success(request, _("Taken back."))
        return redirect("learning_plans:person_growth", reason.need.teacher_id)


urlpatterns = [
    path("my-growth/", Growth.as_view(), name="growth"),
    path("my-growth/<int:pk>/answer/<slug:answer>/", Answer.as_view(), name="answer_need"),
    path("my-growth/priorities/<int:pk>/", TakeUpPriority.as_view(), name="take_up_priority"),
    path("people/<int:pk>/growth/", PersonGrowth.as_view(), name="person_growth"),
    path("people/<int:teacher_pk>/growth/suggest/", Suggest.as_view(), name="suggest_need"),
    path("suggestions/<int:pk>/take-back/", TakeBackSuggestion.as_view(), name="take_back_suggestion"),
]
