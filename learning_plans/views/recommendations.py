"""What could help with a need: courses in order, each with its reasons, and one tap to act on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView, View

from learning_plans.actions import recommending as actions
from learning_plans.actions.plans import take_out
from learning_plans.forms.recommending import HelpForm
from learning_plans.models import Course, CourseWish, Enrollment, Need, PlanItem
from learning_plans.models.reasons import PartLabel, sentence
from learning_plans.querysets.candidates import recommended
from learning_plans.querysets.plans import teachers_written_by
from learning_plans.rules.choices import ACTIVE_ENROLLMENTS
from learning_plans.rules.recommending import Opening, Part, Ranked, best_opening
from learning_plans.views.my_plan import own_teacher
from pd_tracker.access import Capability
from pd_tracker.web.addresses import row_keys
from pd_tracker.web.views import CapabilityMixin, say_errors
from teachers.actions.viewing import note_view
from teachers.models import User

UNDO = "added_for_need"


@dataclass(frozen=True, slots=True)
class ShownPart:
    part: Part

    @property
    def label(self) -> Any:
        return PartLabel(self.part.name).label

    @property
    def sentence(self) -> str:
        return sentence(self.part)

    @property
    def percent(self) -> int | None:
        return None if self.part.value is None else round(100 * self.part.value)


@dataclass(frozen=True, slots=True)
class Card:
    """A course with what speaks for it, what speaks against it, and what can be done next."""

    one: Ranked
    registered: Collection[int]
    asked: Collection[int]

    @property
    def parts(self) -> list[ShownPart]:
        return [ShownPart(part) for part in self.one.parts]

    @property
    def reasons(self) -> list[str]:
        return [sentence(part) for part in self.one.parts if part.speaks_for]

    @property
    def against(self) -> list[str]:
        return [sentence(part) for part in self.one.parts if part.speaks_against]

    @property
    def percent(self) -> int:
        return round(100 * self.one.score)

    @property
    def opening(self) -> Opening | None:
        return best_opening(self.one.course.openings)

    @property
    def is_registered(self) -> bool:
        return any(opening.session in self.registered for opening in self.one.course.openings)

    @property
    def is_asked_for(self) -> bool:
        return self.one.course.key in self.asked

    @property
    def may_be_asked_for(self) -> bool:
        return any(part.why == "no_session" for part in self.one.parts)


def visible_need(user: User, pk: int) -> Need:
    return get_object_or_404(Need.objects.visible_to(user).select_related("teacher", "competency__framework"), pk=pk)


class Recommendations(CapabilityMixin, TemplateView):
    capability = Capability.NEEDS_VIEW
    template_name = "learning_plans/recommendations.html"
    per_page = 10

    @cached_property
    def need(self) -> Need:
        return visible_need(self.request.user, self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, teacher = self.request.user, self.need.teacher
        note_view(reader=user, teacher=teacher, part="plan")
        form = HelpForm(self.request.GET)
        found = recommended(user, self.need, on=user.today, after=timezone.now())
        kept = [one for one in found if form.keeps(one)]
        page = Paginator(kept, self.per_page).get_page(self.request.GET.get("page"))
        is_own = teacher.user_id == user.pk
        return super().get_context_data(
            **kwargs,
            need=self.need,
            teacher=teacher,
            is_own=is_own,
            may_add=teachers_written_by(user).filter(pk=teacher.pk).exists(),
            filterset=SimpleNamespace(form=form),
            page=page,
            cards=self.cards(page.object_list),
            undo=self.added_last(),
            breadcrumbs=[(_("My plan"), reverse("learning_plans:my_plan"))]
            if is_own
            else [(teacher, reverse("learning_plans:plan", args=[teacher.pk]))],
        )

    def added_last(self) -> str:
        """The title of the course that was added for this need and still stands in the plan."""
        key, title, need = self.request.session.get(UNDO, (None, "", None))
        is_there = need == self.need.pk and PlanItem.objects.visible_to(self.request.user).standing().filter(pk=key)
        return title if is_there else ""

    def cards(self, shown: Collection[Ranked]) -> list[Card]:
        user, teacher = self.request.user, self.need.teacher
        courses = [one.course.key for one in shown]
        standing = Enrollment.objects.visible_to(user).filter(teacher=teacher, state__in=ACTIVE_ENROLLMENTS)
        registered = set(standing.filter(session__course__in=courses).values_list("session", flat=True))
        wishes = CourseWish.objects.visible_to(user).filter(teacher=teacher, course__in=courses)
        asked = set(wishes.values_list("course", flat=True))
        return [Card(one, registered, asked) for one in shown]


def offered(request: HttpRequest, pk: Any) -> Course:
    user = request.user
    return get_object_or_404(Course.objects.visible_to(user).on_offer(on=user.today), pk__in=row_keys([str(pk)]))


def to_need(pk: int) -> HttpResponse:
    return redirect("learning_plans:recommendations", pk=pk)


class AddForNeed(CapabilityMixin, View):
    """Puts a course into the plan; the last one can be taken out again."""

    capability = Capability.NEEDS_VIEW
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        need = visible_need(request.user, pk)
        if not teachers_written_by(request.user).filter(pk=need.teacher_id).exists():
            raise PermissionDenied(_("You may look at this plan, not add to it."))
        course = offered(request, request.POST.get("course"))
        try:
            item = actions.add_to_plan(need=need, course=course, actor=request.user, on=request.user.today)
        except ValidationError as error:
            say_errors(request, error.messages)
        else:
            request.session[UNDO] = [item.pk, course.title, need.pk]
        return to_need(pk)


class UndoAdd(CapabilityMixin, View):
    capability = Capability.NEEDS_VIEW
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        need = visible_need(request.user, pk)
        key, title, _need = request.session.pop(UNDO, (None, "", None))
        own = PlanItem.objects.standing().filter(assigned_by=request.user.pk, plan__teacher=need.teacher_id)
        item = own.filter(pk=key).select_related("plan").first()
        if item is None:
            return to_need(pk)
        try:
            take_out(item=item, actor=request.user, at=timezone.now())
        except ValidationError as error:
            say_errors(request, error.messages)
        else:
            messages.success(request, _("“%(course)s” is out of the plan again.") % {"course": title})
        return to_need(pk)


@require_POST
def ask_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for a run of a course, or takes that back."""
    teacher, course = own_teacher(request.user), offered(request, pk)
    wish = CourseWish.objects.visible_to(request.user).filter(teacher=teacher, course=course).first()
    if wish is not None:
        actions.take_wish_back(wish=wish, actor=request.user)
        messages.success(request, _("You no longer ask for a session of “%(course)s”.") % {"course": course})
    else:
        actions.ask_for_run(teacher=teacher, course=course, actor=request.user, at=timezone.now())
        words = _("Noted. Those who plan sessions see that you ask for “%(course)s”.")
        messages.success(request, words % {"course": course})
    need = row_keys([request.POST.get("need", "")])
    return to_need(need[0]) if need else redirect("learning_plans:course", pk=pk)


urlpatterns = [
    path("my-growth/<int:pk>/help/", Recommendations.as_view(), name="recommendations"),
    path("my-growth/<int:pk>/help/add/", AddForNeed.as_view(), name="add_for_need"),
    path("my-growth/<int:pk>/help/undo/", UndoAdd.as_view(), name="undo_add_for_need"),
    path("courses/<int:pk>/ask/", ask_for, name="ask_for_course"),
]
