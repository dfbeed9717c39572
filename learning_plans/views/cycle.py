"""The parts of a plan's page that the school year brings: its beginning, the induction's promises, the reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from learning_plans.actions.starting import template_for
from learning_plans.models import Plan, PlanReview, Visit
from learning_plans.querysets.plans import teachers_written_by
from learning_plans.rules import induction
from learning_plans.rules.induction import Check, Promise, Standing
from pd_tracker.access import Capability
from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words
from teachers.models import Pairing, SchoolYear, Teacher, User
from teachers.querysets.people import reaches
from teachers.rules.choices import PairingKind

LOOKS = {Standing.KEPT: "done", Standing.OPEN: "open", Standing.LATE: "due_soon", Standing.MISSED: "overdue"}


@dataclass(frozen=True, slots=True)
class ShownCheck:
    state: str
    label: str
    words: str


def cycle_context(user: User, teacher: Teacher, *, year: SchoolYear | None, plan: Plan | None) -> dict[str, Any]:
    if year is None or plan is None:
        runs = year is not None and year.starts_on <= user.today <= year.ends_on
        may_start = runs and teachers_written_by(user).filter(pk=teacher.pk).exists()
        return {
            "may_start": may_start,
            "template_to_start": template_for(teacher, on=user.today) if may_start else None,
        }
    reviews = list(PlanReview.objects.visible_to(user).filter(plan=plan).select_related("held_by"))
    return {
        "induction": induction_checks(user, plan, on=user.today),
        "reviews": reviews,
        "may_hold": reaches(user, Capability.REVIEWS_HOLD, teacher),
    }


# --- Induction --------------------------------------------------------------------------------------------------


def induction_checks(user: User, plan: Plan, *, on: date) -> list[ShownCheck]:
    """For the teacher and who mentors them; the average comes from visits, which nobody else may count here."""
    if not plan.is_of_induction or not reaches(user, Capability.COACHING_VIEW, plan.teacher):
        return []
    return [ShownCheck(LOOKS[check.standing], label(check), in_a_sentence(check)) for check in checks_of(plan, on=on)]


def checks_of(plan: Plan, *, on: date) -> list[Check]:
    begins = _begins(plan, on=on)
    found = []
    if plan.mentor_within_days is not None:
        mentors = Pairing.objects.filter(teacher=plan.teacher_id, kind=PairingKind.MENTOR.value, started_on__lte=on)
        day = mentors.exclude(ended_on__lt=begins).order_by("started_on").values_list("started_on", flat=True).first()
        found.append(induction.by_day(Promise.MENTOR, begins=begins, days=plan.mentor_within_days, met_on=day, on=on))
    if plan.goals_within_days is not None:
        first = plan.goals.order_by("created_at").values_list("created_at", flat=True).first()
        day = localtime(first).date() if first else None
        found.append(induction.by_day(Promise.GOALS, begins=begins, days=plan.goals_within_days, met_on=day, on=on))
    if plan.weekly_minutes is not None:
        visits = Visit.objects.filter(teacher=plan.teacher_id, visited_on__gte=begins).order_by()
        spent = visits.values_list("visited_on", "minutes")
        found.append(induction.weekly_time(spent, begins=begins, wanted=plan.weekly_minutes, on=on))
    return found


def _begins(plan: Plan, *, on: date) -> date:
    spell = plan.teacher.employments.running(on=on).order_by("-fte", "pk").first()
    return induction.enrolled_on(
        plan_made_on=localtime(plan.created_at).date(),
        year_starts_on=plan.school_year.starts_on,
        hired_on=spell.started_on if spell else None,
    )


def label(check: Check) -> str:
    return {
        Standing.KEPT: _("Kept"),
        Standing.OPEN: _("Still open"),
        Standing.LATE: _("Done, but late"),
        Standing.MISSED: _("Needs attention"),
    }[check.standing]


def in_a_sentence(check: Check) -> str:
    if check.promise is Promise.TIME:
        return _time_in_words(check)
    facts = {"day": in_words(check.met_on, Kind.DATE), "due": in_words(check.due_on, Kind.DATE)}
    if check.promise is Promise.MENTOR:
        done, missing = _("With a mentor since %(day)s; promised by %(due)s."), _("A mentor is promised by %(due)s.")
    else:
        done, missing = _("First goal set on %(day)s; wanted by %(due)s."), _("The goals are wanted by %(due)s.")
    return (done if check.met_on else missing) % facts


def _time_in_words(check: Check) -> str:
    if check.weekly is None:
        return _("About %(wanted)d minutes a week with a mentor or coach; the first week is not over.") % {
            "wanted": check.wanted or 0
        }
    words = _("%(weekly)d minutes a week with a mentor or coach, on average; %(wanted)d are promised.")
    return words % {"weekly": check.weekly, "wanted": check.wanted or 0}
