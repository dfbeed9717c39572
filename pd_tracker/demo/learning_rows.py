"""Rows of the catalogue, of finished training and of this year's plans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, Subquery

from learning_plans.models import (
    Competency,
    Completion,
    Course,
    CreditLine,
    Enrollment,
    Framework,
    Goal,
    Plan,
    PlanItem,
    Provider,
    Session,
)
from learning_plans.rules.choices import ActivityType, CompletionSource, EnrollmentState, Unit
from pd_tracker.access import Role
from pd_tracker.demo import catalogue
from pd_tracker.demo.careers import Training
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.plan_ways import tell_ways
from pd_tracker.demo.plans import GOALS, Item, plans
from pd_tracker.demo.rows import add, decimal, moment, session_row
from pd_tracker.demo.story import story_of
from teachers.models import Kpi, Teacher

REGISTERED_BEFORE = timedelta(days=12)
MINUTES_PER_CREDIT = 900


def add_catalogue(loaded: Loaded) -> None:
    framework = add([Framework(name=catalogue.FRAMEWORK)])[0]
    competencies = add(
        Competency(framework=framework, code=code, name=name) for code, name in catalogue.COMPETENCIES.items()
    )
    loaded.competencies = {competency.code: competency for competency in competencies}
    providers = add(
        Provider(name=name, kind=kind, is_partner=is_partner, number=catalogue.NUMBERS.get(name, ""))
        for name, kind, is_partner in catalogue.PROVIDERS
    )
    courses = add(
        Course(
            district=loaded.district,
            code=offer.code,
            title=offer.title,
            provider=providers[offer.provider],
            activity_type=offer.activity_type,
            minutes=offer.minutes,
            category=offer.category,
            focus_areas=offer.focus_areas,
            cost=offer.cost,
            evidence_tier=offer.tier,
            state=offer.state,
            approved_from=loaded.played.first.starts_on,
        )
        for offer in catalogue.COURSES
    )
    loaded.courses = {course.code: course for course in courses}
    links = Course.competencies.through
    links._default_manager.bulk_create(
        links(course=loaded.courses[offer.code], competency=loaded.competencies[code])
        for offer in catalogue.COURSES
        for code in offer.competencies
    )


# --- Finished training ------------------------------------------------------------------------------------------


def add_training(loaded: Loaded) -> None:
    taken = [
        (loaded.teacher(career), training)
        for career in loaded.played.careers
        for year in loaded.played.years
        for training in career.training.get(year, ())
    ]
    sessions = add_sessions(
        loaded, {(one.code, one.on) for _, one in taken if catalogue.BY_CODE[one.code].has_sessions}
    )
    completions = [completion_row(loaded, teacher, one, sessions.get((one.code, one.on))) for teacher, one in taken]
    add(completions, with_history=False)
    add((line for completion in completions for line in credit_of(completion)), with_history=False)
    add(
        (
            Enrollment(teacher=completion.teacher, session=completion.session, state=EnrollmentState.COMPLETED.value)
            for completion in completions
            if completion.session is not None
        ),
        with_history=False,
    )
    starts = Session.objects.filter(pk=OuterRef("session"))
    before = ExpressionWrapper(F("starts_at") - REGISTERED_BEFORE, output_field=DateTimeField())
    Enrollment.objects.update(registered_at=Subquery(starts.values(before=before)[:1]))


def add_sessions(loaded: Loaded, wanted: set[tuple[str, date]]) -> dict[tuple[str, date], Session]:
    rows = [session_row(loaded.courses[code], on) for code, on in sorted(wanted)]
    return dict(zip(sorted(wanted), add(rows, with_history=False), strict=True))


def completion_row(loaded: Loaded, teacher: Teacher, training: Training, session: Session | None) -> Completion:
    offer = catalogue.BY_CODE[training.code]
    outside = catalogue.PROVIDERS[offer.provider][1] != "internal"
    source = CompletionSource.EXTERNAL if outside else CompletionSource.IMPORT
    recorded = moment(training.on + timedelta(days=3))
    return Completion(
        teacher=teacher,
        course=loaded.courses[training.code],
        session=session,
        completed_on=training.on,
        recorded_at=recorded,
        recorded_by=None if session else loaded.user(Role.HR),
        minutes=training.minutes,
        category=offer.category,
        fund="Title II-A" if offer.cost else "",
        source=(CompletionSource.SESSION if session else source).value,
        approved_at=recorded,
        approved_by=loaded.user(Role.HR),
    )


def credit_of(completion: Completion) -> Iterator[CreditLine]:
    hours = (Decimal(completion.minutes) / 60).quantize(Decimal("0.001"))
    yield CreditLine(completion=completion, unit=Unit.HOUR.value, amount=hours, category=completion.category)
    if completion.course.activity_type == ActivityType.COLLEGE:
        credits = Decimal(completion.minutes // MINUTES_PER_CREDIT)
        yield CreditLine(completion=completion, unit=Unit.SEMESTER_CREDIT.value, amount=credits)


# --- Plans ------------------------------------------------------------------------------------------------------


def add_plans(loaded: Loaded) -> None:
    coached = {career.number: coach.email for coach in loaded.cast.coaches for career in coach.caseload}
    star = loaded.cast.teacher
    others = [plan for plan in plans(loaded.played, coached=set(coached)) if plan.career is not star]
    made = [story_of(star, today=loaded.played.today, year=loaded.played.last), *others]
    year = loaded.years[loaded.played.last]
    rows = add(Plan(teacher=loaded.teacher(plan.career), school_year=year, state=plan.state) for plan in made)
    kpis = {kpi.code: kpi for kpi in Kpi.objects.all()}
    goals, items = [], []
    for plan, row in zip(made, rows, strict=True):
        own_goals = [goal_row(loaded, kpis, row, number) for number in plan.goals]
        goals += own_goals
        coach = loaded.users.get(coached.get(plan.career.number, ""))
        items += [item_row(loaded, row, own_goals, item, coach_id=coach.pk if coach else None) for item in plan.items]
    add(goals)
    add(items)
    tell_days(loaded, items, [item for plan in made for item in plan.items])
    tell_ways(loaded, {row: plan.career for plan, row in zip(made, rows, strict=True)})


def tell_days(loaded: Loaded, rows: list[PlanItem], items: list[Item]) -> None:
    """The database stamps new rows with the moment they are written; here they were made earlier."""
    begin = moment(loaded.played.last.starts_on)
    Plan.objects.update(created_at=begin)
    Goal.objects.update(created_at=begin)
    keys: dict[date, list[int]] = {}
    for row, item in zip(rows, items, strict=True):
        keys.setdefault(item.assigned_on, []).append(row.pk)
    for day, assigned in keys.items():
        PlanItem.objects.filter(pk__in=assigned).update(assigned_at=moment(day))


def goal_row(loaded: Loaded, kpis: dict[str, Kpi], plan: Plan, number: int) -> Goal:
    title, measure, competency, kpi = GOALS[number]
    return Goal(
        plan=plan,
        title=title,
        measure=measure,
        competency=loaded.competencies[competency],
        kpi=kpis[kpi] if kpi else None,
        target=decimal(55.0) if kpi == "growth" else None,
    )


def item_row(loaded: Loaded, plan: Plan, goals: list[Goal], item: Item, *, coach_id: int | None) -> PlanItem:
    return PlanItem(
        plan=plan,
        goal=goals[item.goal] if item.goal is not None else None,
        course=loaded.courses[item.course] if item.course else None,
        task=item.task,
        note=item.note,
        due_on=item.due_on,
        is_required=item.is_required,
        assigned_by_id=coach_id if item.is_from_coach else None,
        task_done_on=item.task_done_on,
    )
