"""What is known of coaching: the coach's page of one teacher, and the teacher's own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet, Sum
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from learning_plans.models import CoachingCycle, CoachingNote, Need, PlanReview, Visit
from learning_plans.models.choices import CycleStepName
from learning_plans.querysets.caseload import with_contact
from learning_plans.querysets.coaching import coaches_reading
from learning_plans.rules.choices import CoachingActivity, NeedAnswer
from learning_plans.rules.coaching import CycleStep, step_to_take, steps_taken
from learning_plans.tables import hours
from learning_plans.views.my_plan import own_teacher
from learning_plans.views.plans import plan_context, year_of_today
from pd_tracker.access import Capability, Reader
from pd_tracker.web.pages import CappedPaginator
from pd_tracker.web.views import CapabilityMixin
from teachers.models import Teacher, User
from teachers.querysets.people import reaches, teachers_for
from teachers.views.person import person_context, visible_person

VISITS_SHOWN = 20
LOGGED_AS = {
    CycleStep.VISIT: CoachingActivity.VISIT,
    CycleStep.FEEDBACK: CoachingActivity.FEEDBACK,
    CycleStep.ACTION_STEP: CoachingActivity.FEEDBACK,
    CycleStep.RE_VISIT: CoachingActivity.RE_VISIT,
}
SHOWN_NEEDS = (NeedAnswer.OPEN.value, NeedAnswer.ACCEPTED.value)


@dataclass(frozen=True, slots=True)
class ShownStep:
    step: CycleStep
    is_taken: bool
    is_next: bool

    @property
    def label(self) -> Any:
        return CycleStepName(self.step).label

    @property
    def state(self) -> str:
        return "done" if self.is_taken else "active" if self.is_next else "open"

    @property
    def words(self) -> str:
        return _("done") if self.is_taken else _("next") if self.is_next else _("later")


@dataclass(frozen=True, slots=True)
class ShownCycle:
    cycle: CoachingCycle
    steps: list[ShownStep]
    next_activity: CoachingActivity | None  # what to log for the step that is next


def shown_cycle(cycle: CoachingCycle) -> ShownCycle:
    visits = list(cycle.visits.all())
    agreed = any(visit.next_step for visit in visits if visit.activity != CoachingActivity.GOAL_SETTING.value)
    taken = steps_taken({CoachingActivity(visit.activity) for visit in visits}, has_next_step=agreed)
    following = None if cycle.ended_on else step_to_take(taken)
    steps = [ShownStep(step, step in taken, step is following) for step in CycleStep]
    return ShownCycle(cycle, steps, LOGGED_AS.get(following) if following else None)


def coaching_context(request: HttpRequest, teacher: Teacher) -> dict[str, Any]:
    """Cycles, visits and notes with one teacher, as far as the reader may read them."""
    user = request.user
    cycles = CoachingCycle.objects.visible_to(user).filter(teacher=teacher)
    cycles = cycles.select_related("coach", "goal").prefetch_related("visits").order_by("-started_on", "-pk")
    page = CappedPaginator(visits_with_notes(user, teacher), VISITS_SHOWN).get_page(request.GET.get("page"))
    return {
        "cycles": [shown_cycle(cycle) for cycle in cycles],
        "page": page,
        "visits": list(page.object_list),
        "coaches_reading": list(coaches_reading(teacher, on=user.today)),
    }


def visits_with_notes(user: Reader, teacher: Teacher) -> QuerySet[Visit]:
    notes = CoachingNote.objects.known_to(user).with_words_for(user).select_related("author").order_by("written_at")
    rows = Visit.objects.visible_to(user).filter(teacher=teacher).select_related("coach", "cycle")
    return rows.prefetch_related("items__course", Prefetch("notes", queryset=notes, to_attr="known_notes"))


class TeacherPage(CapabilityMixin, TemplateView):
    """Everything about one teacher for who looks after them."""

    capability = Capability.CASELOAD_VIEW
    template_name = "learning_plans/coaching/teacher.html"

    def get_context_data(self, pk: int, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        get_object_or_404(teachers_for(user, Capability.CASELOAD_VIEW), pk=pk)
        teacher = visible_person(user, pk)
        context = person_context(self.request, teacher, part="coaching") | plan_context(user, teacher)
        context |= coaching_context(self.request, teacher) | self.standing(teacher, context["year"])
        return super().get_context_data(**kwargs, **context)

    def standing(self, teacher: Teacher, year: Any) -> dict[str, Any]:
        user = self.request.user
        mine = Visit.objects.logged_by(user).filter(teacher=teacher)
        if year is not None:
            mine = mine.dated(year.starts_on, year.ends_on)
        rows = with_contact(Teacher.objects.filter(pk=teacher.pk), year=year, coach=user, on=user.today)
        reviews = PlanReview.objects.visible_to(user).filter(plan__teacher=teacher, held_on=None)
        needs = Need.objects.visible_to(user).filter(teacher=teacher, answer__in=SHOWN_NEEDS).speaking()
        return {
            "contact": rows.get(),
            "next_review": reviews.order_by("planned_on").first(),
            "needs": needs.select_related("competency"),
            "hours_together": hours(mine.aggregate(sum=Sum("minutes"))["sum"] or 0),
            "may_write": reaches(user, Capability.COACHING_WRITE, teacher),
        }


class MyCoaching(CapabilityMixin, TemplateView):
    """What a teacher's coaches wrote for the teacher to see, and who else can read it."""

    capability = Capability.COACHING_VIEW
    template_name = "learning_plans/coaching/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        teacher = own_teacher(user)
        context = coaching_context(self.request, teacher)
        open_steps = [visit for visit in newest_of_each_coach(user, teacher) if visit.next_step]
        return super().get_context_data(
            **kwargs, **context, teacher=teacher, open_steps=open_steps, year=year_of_today(user, teacher)
        )


def newest_of_each_coach(user: User, teacher: Teacher) -> list[Visit]:
    """What was agreed with a coach counts until the next visit of the same coach."""
    newest: dict[int, Visit] = {}
    for visit in Visit.objects.visible_to(user).filter(teacher=teacher).select_related("coach"):
        newest.setdefault(visit.coach_id, visit)
    return list(newest.values())
