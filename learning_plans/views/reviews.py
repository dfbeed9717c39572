"""Reviews of plans: what stood at the last one beside what stands today, what was decided, and when the next one is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from learning_plans.actions.figures import Figures, figures_on
from learning_plans.actions.reviews import add_words, hold_review, plan_review
from learning_plans.actions.starting import open_plan
from learning_plans.forms.reviews import HoldForm, PlanReviewForm, WordsForm
from learning_plans.models import Course, PlanReview
from learning_plans.models.choices import GoalStateName
from learning_plans.querysets.measures import figures_of
from learning_plans.rules.reviews import Move, moved
from learning_plans.tables import hours
from learning_plans.views.measures import Measure, measure_of
from pd_tracker.access import Capability
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.web.cells import in_words
from pd_tracker.web.views import require
from teachers.models import Teacher
from teachers.querysets.people import teachers_for
from teachers.views.drafts import DraftMixin
from teachers.views.parts import KeptFormPage

FEWEST_FOR_A_PICTURE = 3


class ReviewPage(DraftMixin, KeptFormPage):
    """For the teacher to read; for whoever looks after them to hold, and afterwards to add to."""

    capability = Capability.PLANS_VIEW_DRAFTS
    template_name = "learning_plans/review.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request, self.capability)
        if request.method == "POST" and not self.may_hold:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def review(self) -> PlanReview:
        rows = PlanReview.objects.visible_to(self.request.user)
        related = ("plan__teacher", "plan__school_year", "held_by")
        found: PlanReview = get_object_or_404(rows.select_related(*related), pk=self.kwargs["pk"])
        return found

    @cached_property
    def may_hold(self) -> bool:
        holds = teachers_for(self.request.user, Capability.REVIEWS_HOLD)
        found: bool = holds.filter(pk=self.review.plan.teacher_id).exists()
        return found

    @property
    def is_held(self) -> bool:
        return self.review.held_on is not None

    def get_form_class(self) -> Any:
        sent_late = self.is_held and "decision" in self.request.POST
        return WordsForm if self.is_held and not sent_late else HoldForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.get_form_class() is HoldForm:
            user = self.request.user
            kwargs["courses"] = Course.objects.visible_to(user).on_offer(on=user.today)
            kwargs["plan"] = self.review.plan
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        review, user = self.review, self.request.user
        now = review.figures if self.is_held else figures_on(review.plan, on=user.today)
        before = review.plan.reviews.filter(held_on__isnull=False, planned_on__lt=review.planned_on).last()
        return super().get_context_data(
            **kwargs,
            review=review,
            teacher=review.plan.teacher,
            may_hold=self.may_hold,
            is_own=review.plan.teacher.user_id == user.pk,
            before=before,
            table=compared(before.figures if before else None, now),
            measures=pictures(review),
            changes=[change_in_words(change) for change in review.changes],
            breadcrumbs=[plan_crumb(self.request, review.plan.teacher)],
        )

    def save(self, form: Any) -> None:
        about: dict[str, Any] = {"review": self.review, "actor": self.request.user, "on": self.request.user.today}
        if isinstance(form, WordsForm):
            add_words(words=form.cleaned_data["words"], **about)
        else:
            given = form.cleaned_data
            hold_review(decision=given["decision"], changes=form.changes, next_on=given["next_on"], **about)

    def back(self) -> str:
        return reverse("learning_plans:review", args=[self.review.pk])


class AddReview(KeptFormPage):
    capability = Capability.REVIEWS_HOLD
    template_name = "learning_plans/add_review.html"
    form_class = PlanReviewForm

    @cached_property
    def teacher(self) -> Teacher:
        return get_object_or_404(
            teachers_for(self.request.user, Capability.REVIEWS_HOLD),
            pk=self.kwargs["teacher_pk"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [plan_crumb(self.request, self.teacher)]
        return super().get_context_data(**kwargs, teacher=self.teacher, breadcrumbs=crumbs)

    def save(self, form: PlanReviewForm) -> None:
        user = self.request.user
        plan = open_plan(self.teacher, on=user.today)
        plan_review(plan=plan, planned_on=form.cleaned_data["planned_on"], actor=user, on=user.today)

    def said(self) -> str:
        return _("The review is planned, and the teacher is told.")

    def back(self) -> str:
        return reverse("learning_plans:plan", args=[self.teacher.pk])


def plan_crumb(request: HttpRequest, teacher: Teacher) -> tuple[Any, str]:
    if teacher.user_id == request.user.pk:
        return _("My plan"), reverse("learning_plans:my_plan")
    return teacher, reverse("learning_plans:plan", args=[teacher.pk])


# --- Then and now -----------------------------------------------------------------------------------------------


def compared(then: Figures | None, now: Figures) -> Table:
    """A row for each figure: at the last review, now, and the way between in words."""
    columns = [Column("what", _("What"), sortable=False)]
    if then is not None:
        columns.append(Column("then", in_words(date.fromisoformat(then["day"]), Kind.DATE), sortable=False))
    columns.append(Column("now", in_words(date.fromisoformat(now["day"]), Kind.DATE), sortable=False))
    if then is not None:
        columns.append(Column("move", _("Since then"), sortable=False))
    rows = [*_counts(then, now), *_goals(then, now)]
    shown = [(row[0], row[2]) if then is None else row for row in rows]
    return Table(key="review", title=_("Where the plan stands"), columns=tuple(columns), rows=shown)


def _counts(then: Figures | None, now: Figures) -> list[tuple[str, str, str, str]]:
    labels = {
        "done": _("Courses and tasks done"),
        "open": _("Still open"),
        "overdue": _("Overdue"),
        "hours": _("Hours this school year"),
        "visits": _("Visits with a coach or mentor"),
    }
    return [_row(label, _number(then, key), _number(now, key)) for key, label in labels.items()]


def _number(figures: Figures | None, key: str) -> Decimal | None:
    if figures is None:
        return None
    return hours(figures["minutes"]) if key == "hours" else Decimal(figures[key])


def _goals(then: Figures | None, now: Figures) -> list[tuple[str, str, str, str]]:
    earlier = {goal["id"]: goal for goal in (then or {}).get("goals", ())}
    rows = []
    for goal in now["goals"]:
        before = earlier.get(goal["id"])
        states = [str(GoalStateName(each["state"]).label) if each else "" for each in (before, goal)]
        same = _("no change") if before and before["state"] == goal["state"] else ""
        rows.append((goal["title"], states[0], states[1], same or (_("new") if not before else _("changed"))))
        if goal["kpi"]:
            figures = [Decimal(each["value"]) if each and each["value"] else None for each in (before, goal)]
            rows.append(_row(_in_its_unit(goal), *figures))
    return rows


def _in_its_unit(goal: Figures) -> str:
    named = f"{goal['kpi']} ({goal['unit']})"
    if not goal["students"]:
        return named
    facts = {"kpi": named, "year": goal["year"], "students": goal["students"]}
    return _("%(kpi)s, %(year)s, %(students)d students") % facts


def _row(label: str, then: Decimal | None, now: Decimal | None) -> tuple[str, str, str, str]:
    return label, _shown(then), _shown(now), move_in_words(then, now)


def _shown(value: Decimal | None) -> str:
    if value is None:
        return _("no figure")
    return in_words(value, Kind.DECIMAL, 0 if value == int(value) else 1)


def move_in_words(then: Decimal | None, now: Decimal | None) -> str:
    move = moved(then, now)
    by = _shown(abs(now - then)) if then is not None and now is not None else ""
    words = {
        Move.MORE: _("up by %(by)s"),
        Move.LESS: _("down by %(by)s"),
        Move.SAME: _("no change"),
        Move.NEW: _("new"),
        Move.GONE: _("no figure any more"),
    }
    return words[move] % {"by": by}


def pictures(review: PlanReview) -> list[Measure]:
    """The way of each measure with enough years to see one."""
    goals = [goal for goal in review.plan.goals.select_related("kpi") if goal.kpi_id]
    figures = figures_of(review.plan.teacher, kpi_ids={goal.kpi_id for goal in goals}) if goals else {}
    enough = [goal for goal in goals if len(figures.get(goal.kpi_id, ())) >= FEWEST_FOR_A_PICTURE]
    return [measure for goal in enough if (measure := measure_of(goal, figures)) is not None]


def change_in_words(change: dict[str, str]) -> str:
    facts = {"title": change["title"], "before": change["before"], "after": change["after"]}
    if change["what"] == "goal":
        facts |= {key: str(GoalStateName(change[key]).label) for key in ("before", "after")}
        return _("Goal “%(title)s”: %(before)s, now %(after)s.") % facts
    facts |= {key: _day(change[key]) for key in ("before", "after")} if change["what"] != "words" else {}
    if change["what"] == "due":
        return _("“%(title)s” was due %(before)s, now %(after)s.") % facts
    if change["what"] == "added":
        return _("Added: “%(title)s”, due %(after)s.") % facts
    return _("%(before)s added on %(after)s: %(title)s") % (facts | {"after": _day(change["after"])})


def _day(written: str) -> str:
    return in_words(date.fromisoformat(written), Kind.DATE) if written else _("on no day")
