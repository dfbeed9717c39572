"""What each list of the learning side can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from learning_plans.models import (
    Competency,
    Completion,
    Course,
    Framework,
    Goal,
    Need,
    Plan,
    PlanItem,
    PlanReview,
    Priority,
    Provider,
    SelfAssessment,
    Session,
)
from learning_plans.models.choices import (
    ActivityTypeName,
    CompletionStateName,
    EvidenceTierName,
    GoalStateName,
    NeedAnswerName,
    PlanStateName,
)
from learning_plans.rules.choices import PlanState
from pd_tracker.api.keyset import KEY
from pd_tracker.web.filters import YesNoFilter
from pd_tracker.web.widgets import DayInput
from teachers.models import School, SchoolYear, Teacher

NO_PLAN, OVERDUE = "none", "overdue"


class CourseFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Title or code"))
    category = django_filters.CharFilter(lookup_expr="iexact", label=_("Category"))
    focus_area = django_filters.CharFilter(method="by_focus", label=_("Focus area"))
    activity_type = django_filters.ChoiceFilter(choices=ActivityTypeName.choices, label=_("Type"))
    evidence_tier = django_filters.ChoiceFilter(choices=EvidenceTierName.choices, label=_("Evidence"))
    provider = django_filters.ModelChoiceFilter(queryset=Provider.objects.all(), label=_("Provider"))

    class Meta:
        model = Course
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(title__icontains=value) | Q(code__icontains=value))

    def by_focus(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Focus areas stand in one cell with semicolons between them; only a whole one counts."""
        listed = rows.annotate(listed=Concat(Value("; "), "focus_areas", Value("; ")))
        return listed.filter(listed__icontains=f"; {value.strip()}; ")


class RecordFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(field_name="course__title", lookup_expr="icontains", label=_("Course"))
    category = django_filters.CharFilter(lookup_expr="iexact", label=_("Category"))
    state = django_filters.ChoiceFilter(choices=CompletionStateName.choices, label=_("State"))
    after = django_filters.DateFilter(
        field_name="completed_on", lookup_expr="gte", label=_("Completed on or after"), widget=DayInput()
    )
    before = django_filters.DateFilter(
        field_name="completed_on", lookup_expr="lte", label=_("Completed on or before"), widget=DayInput()
    )

    class Meta:
        model = Completion
        fields: tuple[str, ...] = ()


class CompletionFilter(RecordFilter):
    person = django_filters.CharFilter(method="find_person", label=_("Name or staff id"))

    def find_person(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(teacher__in=Teacher.objects.named(value))


def schools_of_caseload(request: Any) -> QuerySet[School]:
    """A coach reaches people, not schools: offer the schools those people work at."""
    if request is None:
        return School.objects.none()
    teachers = Teacher.objects.visible_to(request.user)
    return School.objects.filter(assignments__teacher__in=teachers).distinct()


class CaseloadFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="find", label=_("Name or staff id"))
    school = django_filters.ModelChoiceFilter(
        field_name="school_key", queryset=schools_of_caseload, label=_("School"), method="at_school"
    )
    plan = django_filters.ChoiceFilter(
        choices=[*PlanStateName.choices, (NO_PLAN, _("No plan yet"))],
        method="by_plan",
        label=_("Plan"),
    )
    overdue = YesNoFilter(method="by_overdue", label=_("Something overdue"))
    review = django_filters.ChoiceFilter(
        choices=[(OVERDUE, _("Overdue"))], method="by_review", label=_("Review of the plan")
    )
    due = YesNoFilter(method="by_due", label=_("Due a visit"))

    class Meta:
        model = Teacher
        fields: tuple[str, ...] = ()

    def find(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        return rows.named(value)

    def at_school(self, rows: QuerySet[Any], name: str, value: School) -> QuerySet[Any]:
        return rows.filter(school_key=value.pk)

    def by_plan(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(plan_state=None) if value == NO_PLAN else rows.filter(plan_state=value)

    def by_review(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        user = self.request.user
        late = PlanReview.objects.visible_to(user).overdue(on=user.today)
        return rows.filter(pk__in=late.values("plan__teacher"))

    def by_overdue(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(overdue_count__gt=0) if value else rows.filter(overdue_count=0)

    def by_due(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(is_due=value)


class FrameworkFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    retired = YesNoFilter(method="by_retired", label=_("Retired"))

    class Meta:
        model = Framework
        fields: tuple[str, ...] = ()

    def by_retired(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(is_retired=value)


class CompetencyFilter(FrameworkFilter):
    search = django_filters.CharFilter(method="find", label=_("Name or code"))
    framework = django_filters.NumberFilter(field_name="framework", label=_("Framework"), **KEY)

    class Meta:
        model = Competency
        fields: tuple[str, ...] = ()

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(name__icontains=value) | Q(code__icontains=value))


class SelfAssessmentFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="teacher__staff_id", label=_("Staff id"))
    finished = YesNoFilter(method="by_finished", label=_("Finished"))

    class Meta:
        model = SelfAssessment
        fields: tuple[str, ...] = ()

    def by_finished(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(finished_at__isnull=not value)


class NeedFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="teacher__staff_id", label=_("Staff id"))
    answer = django_filters.ChoiceFilter(choices=NeedAnswerName.choices, label=_("Answer"))

    class Meta:
        model = Need
        fields: tuple[str, ...] = ()


class PriorityFilter(django_filters.FilterSet):
    running = django_filters.DateFilter(method="by_day", label=_("Running on"), widget=DayInput())

    class Meta:
        model = Priority
        fields: tuple[str, ...] = ()

    def by_day(self, rows: Any, name: str, value: Any) -> QuerySet[Any]:
        return rows.running(on=value)


NOT_HANDED_IN = "none"


def year_asked(request: Any) -> str:
    """The school year named in the address, or the one that runs."""
    if asked := request.GET.get("year"):
        return str(asked)
    running = SchoolYear.objects.holding(request.user.today).first()
    return running.label if running else ""


def years() -> list[tuple[str, str]]:
    labels = SchoolYear.objects.order_by("-label").values_list("label", flat=True).distinct()
    return [(label, label) for label in labels]


class PlanListFilter(django_filters.FilterSet):
    """The year decides which plan of a person is shown, so it filters nothing by itself."""

    search = django_filters.CharFilter(method="find", label=_("Name or staff id"))
    year = django_filters.ChoiceFilter(
        choices=years, method="of_year", label=_("School year"), empty_label=_("This year")
    )
    school = django_filters.ModelChoiceFilter(queryset=schools_of_caseload, label=_("School"), method="at_school")
    state = django_filters.ChoiceFilter(
        choices=[(value, label) for value, label in PlanStateName.choices if value != PlanStateName.DRAFT]
        + [(NOT_HANDED_IN, _("Not handed in"))],
        method="by_state",
        label=_("Plan"),
    )
    waiting = YesNoFilter(method="by_waiting", label=_("Waits for me"))

    class Meta:
        model = Teacher
        fields: tuple[str, ...] = ()

    def find(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        return rows.named(value)

    def of_year(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows

    def at_school(self, rows: QuerySet[Any], name: str, value: School) -> QuerySet[Any]:
        return rows.filter(school_key=value.pk)

    def plans(self) -> QuerySet[Plan]:
        shown = Plan.objects.visible_to(self.request.user).exclude(state=PlanState.DRAFT.value)
        return shown.filter(school_year__label=year_asked(self.request))

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == NOT_HANDED_IN:
            return rows.exclude(pk__in=self.plans().values("teacher"))
        return rows.filter(pk__in=self.plans().filter(state=value).values("teacher"))

    def by_waiting(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        waiting = Plan.objects.waiting_for(self.request.user).filter(school_year__label=year_asked(self.request))
        found = Q(pk__in=waiting.values("teacher"))
        return rows.filter(found if value else ~found)


class SessionFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="course__code", label=_("Course code"))
    after = django_filters.DateFilter(
        field_name="starts_at__date", lookup_expr="gte", label=_("Starts on or after"), widget=DayInput()
    )
    before = django_filters.DateFilter(
        field_name="starts_at__date", lookup_expr="lte", label=_("Starts on or before"), widget=DayInput()
    )

    class Meta:
        model = Session
        fields: tuple[str, ...] = ()


class PlanFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="teacher__staff_id", label=_("Staff id"))
    school_year = django_filters.CharFilter(field_name="school_year__label", label=_("School year"))
    state = django_filters.ChoiceFilter(choices=PlanStateName.choices, label=_("State"))

    class Meta:
        model = Plan
        fields: tuple[str, ...] = ()


class GoalFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="plan__teacher__staff_id", label=_("Staff id"))
    school_year = django_filters.CharFilter(field_name="plan__school_year__label", label=_("School year"))
    state = django_filters.ChoiceFilter(choices=GoalStateName.choices, label=_("State"))

    class Meta:
        model = Goal
        fields: tuple[str, ...] = ()


class PlanItemFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="plan__teacher__staff_id", label=_("Staff id"))
    school_year = django_filters.CharFilter(field_name="plan__school_year__label", label=_("School year"))
    course = django_filters.CharFilter(field_name="course__code", label=_("Course code"))
    done = YesNoFilter(method="by_done", label=_("Done"))
    withdrawn = YesNoFilter(method="by_withdrawn", label=_("Withdrawn"))

    class Meta:
        model = PlanItem
        fields: tuple[str, ...] = ()

    def by_done(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(is_done=value)

    def by_withdrawn(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(withdrawn_at__isnull=not value)
