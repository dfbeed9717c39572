"""Who would begin which plan, and why: the preview of a start, and the start of one person's plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Prefetch, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from learning_plans.actions.plans import school_year_holding
from learning_plans.models import CycleStart, Plan, PlanItem, PlanReview, PlanTemplate, TemplateItem
from learning_plans.rules.choices import CourseState, PlanState
from learning_plans.rules.templates import Post, begins_on, due_day, experience, fitting, review_dates
from pd_tracker.audit.actions import record_each
from pd_tracker.notices.actions import tell
from pd_tracker.notices.models import Notice
from teachers.models import Assignment, School, SchoolYear, Teacher, User
from teachers.querysets.people import TeacherQuerySet, running


class Outcome(StrEnum):
    STARTS = "starts"
    HAS_PLAN = "has_plan"
    NO_TEMPLATE = "no_template"


@dataclass(frozen=True, slots=True)
class Line:
    """What a start would do for one person."""

    teacher_id: int
    staff_id: str
    name: str
    school: str
    outcome: Outcome
    template: PlanTemplate | None


@dataclass(frozen=True, slots=True)
class Preview:
    lines: Sequence[Line]

    def of(self, outcome: Outcome) -> list[Line]:
        return [line for line in self.lines if line.outcome is outcome]

    @property
    def by_template(self) -> list[tuple[PlanTemplate, int]]:
        """Who starts with what, in the order of the templates."""
        starting = [line.template for line in self.of(Outcome.STARTS) if line.template is not None]
        counts = Counter(template.pk for template in starting)
        return sorted(
            ((template, counts[template.pk]) for template in {each.pk: each for each in starting}.values()),
            key=lambda pair: (pair[0].place, pair[0].pk),
        )


PERSON = ("pk", "staff_id", "family_name", "given_name", "experience_years")
POST = ("school_key", "school_name", "school_level", "subject", "position", "hired_on")


def look_ahead(teachers: TeacherQuerySet, *, year: SchoolYear, school: School | None, on: date) -> Preview:
    """Reads only: who of these people would begin which plan for a school year, and who would not."""
    day = begins_on(on, year.starts_on, year.ends_on)
    templates = templates_of(year.district_id)
    planned = set() if year._state.adding else set(year.plans.values_list("teacher", flat=True))
    return Preview(
        [
            _line(row, templates, planned, day)
            for row in _posts(teachers.filter(district=year.district_id), on=day)
            if school is None or row["school_key"] == school.pk
        ]
    )


def _posts(teachers: TeacherQuerySet, *, on: date) -> Iterator[dict[str, Any]]:
    """What each employed person does on a day, as plain values."""
    with_post = teachers.employed(on=on).with_post(on=on)
    main = Assignment.objects.filter(running(on), teacher=OuterRef("pk")).order_by("-fte", "school_id", "pk")
    rows = with_post.annotate(school_level=Subquery(main.values("school__level")[:1]))
    yield from rows.order_by("family_name", "given_name", "pk").values(*PERSON, *POST).iterator()


def _line(row: Mapping[str, Any], templates: Sequence[PlanTemplate], planned: Collection[int], day: date) -> Line:
    template = fitting(_post(row, day), templates)
    outcome = Outcome.STARTS if template else Outcome.NO_TEMPLATE
    return Line(
        teacher_id=row["pk"],
        staff_id=row["staff_id"],
        name=f"{row['family_name']}, {row['given_name']}",
        school=row["school_name"] or "",
        outcome=Outcome.HAS_PLAN if row["pk"] in planned else outcome,
        template=template,
    )


def _post(row: Mapping[str, Any], day: date) -> Post:
    return Post(
        position=row["position"] or "",
        experience=experience(row["experience_years"], row["hired_on"], day),
        school_level=row["school_level"] or "",
        school_id=row["school_key"],
        subject=row["subject"] or "",
    )


@dataclass(frozen=True, slots=True)
class Fits:
    by_template: Sequence[tuple[PlanTemplate, int]]
    without: int
    unknown_experience: int


def fits_today(teachers: TeacherQuerySet, *, district_id: int, on: date) -> Fits:
    """How many would get each template if everybody began on a day, plans or not."""
    templates, counts, unknown = templates_of(district_id), Counter[int](), 0
    for row in _posts(teachers.filter(district=district_id), on=on):
        template = fitting(_post(row, on), templates)
        counts[template.pk if template else 0] += 1
        unknown += row["experience_years"] is None
    return Fits([(template, counts[template.pk]) for template in templates], counts[0], unknown)


def template_for(teacher: Teacher, *, on: date) -> PlanTemplate | None:
    row = next(_posts(Teacher.objects.filter(pk=teacher.pk), on=on), None)
    if row is None:
        return None
    return fitting(_post(row, on), templates_of(teacher.district_id))


def templates_of(district_id: int) -> list[PlanTemplate]:
    """Those in use, each with its items; a course that was retired begins no plan."""
    items = TemplateItem.objects.exclude(course__state=CourseState.RETIRED.value)
    found = PlanTemplate.objects.in_use().filter(district=district_id).select_related("school")
    return list(found.prefetch_related(Prefetch("items", items)))


# --- Beginning --------------------------------------------------------------------------------------------------


def begin_plans(
    chosen: Mapping[int, PlanTemplate], *, year: SchoolYear, actor: User, on: date, start: CycleStart | None = None
) -> list[Plan]:
    """A draft for each teacher who has no plan of the year yet, all of them or none."""
    try:
        return _begin(chosen, year=year, actor=actor, on=on, start=start)
    except IntegrityError:
        # Somebody else began one of them in this moment; who has a plan by now is left out.
        return _begin(chosen, year=year, actor=actor, on=on, start=start)


@transaction.atomic
def _begin(
    chosen: Mapping[int, PlanTemplate], *, year: SchoolYear, actor: User, on: date, start: CycleStart | None
) -> list[Plan]:
    had = set(Plan.objects.filter(teacher__in=chosen, school_year=year).values_list("teacher", flat=True))
    new = [_plan(key, template, year, start) for key, template in chosen.items() if key not in had]
    plans: list[Plan] = bulk_create_with_history(new, Plan, default_user=actor)
    begins = begins_on(on, year.starts_on, year.ends_on)
    items = [
        PlanItem(
            plan=plan,
            course_id=part.course_id,
            task=part.task,
            due_on=due_day(begins, part.due_after_days, year.ends_on),
            is_required=part.is_required,
        )
        for plan in plans
        for part in chosen[plan.teacher_id].items.all()
    ]
    bulk_create_with_history(items, PlanItem, default_user=actor)
    reviews = [
        PlanReview(plan=plan, planned_on=day)
        for plan in plans
        for day in review_dates(
            chosen[plan.teacher_id].review_days, begins=begins, starts_on=year.starts_on, ends_on=year.ends_on
        )
    ]
    bulk_create_with_history(reviews, PlanReview, default_user=actor)
    record_each(
        actor=actor,
        verb="plan.started",
        model=Plan,
        keys=[plan.pk for plan in plans],
        start=start.pk if start else None,
    )
    _tell(plans, year=year, actor=actor)
    return plans


def _plan(teacher_id: int, template: PlanTemplate, year: SchoolYear, start: CycleStart | None) -> Plan:
    return Plan(
        teacher_id=teacher_id,
        school_year=year,
        state=PlanState.DRAFT.value,
        template=template,
        guidance=template.guidance,
        is_apart_from_evaluation=template.is_apart_from_evaluation,
        mentor_within_days=template.mentor_within_days,
        goals_within_days=template.goals_within_days,
        weekly_minutes=template.weekly_minutes,
        start=start,
    )


def _tell(plans: Collection[Plan], *, year: SchoolYear, actor: User) -> None:
    people = Teacher.objects.filter(pk__in=[plan.teacher_id for plan in plans], user__isnull=False)
    tell(
        people.exclude(user=actor.pk).values_list("user", flat=True),
        kind=Notice.Kind.PLAN_STARTED,
        url=reverse("learning_plans:my_plan"),
        year=year.label,
    )


def begin_one(*, teacher: Teacher, actor: User, on: date) -> Plan:
    """The plan of the running year of one person, with the template that fits today."""
    template = template_for(teacher, on=on)
    if template is None:
        raise ValidationError(_("No template fits. Add a goal or a course instead; that begins a plan, too."))
    year = school_year_holding(on, district_id=teacher.district_id)
    made = begin_plans({teacher.pk: template}, year=year, actor=actor, on=on)
    if not made:
        raise ValidationError(_("This person already has a plan for this school year."))
    return made[0]


def open_plan(teacher: Teacher, *, on: date) -> Plan:
    """The plan of the running year, which has to be there."""
    plan: Plan | None = Plan.objects.filter(
        teacher=teacher, school_year__starts_on__lte=on, school_year__ends_on__gte=on
    ).first()
    if plan is None:
        raise ValidationError(_("There is no plan for this school year yet. Start one first."))
    return plan
