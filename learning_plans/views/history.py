"""Every change of everything: HR reads what it said, administrators who changed what kind of thing, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from learning_plans.models import (
    Adoption,
    AssignmentRule,
    CategoryMeaning,
    Competency,
    Completion,
    ContractHours,
    Course,
    CreditLine,
    DistrictPack,
    Enrollment,
    Evidence,
    Framework,
    Goal,
    KpiCompetency,
    LicenceFact,
    Need,
    NeedReason,
    OldTotal,
    PackChoice,
    PackVersion,
    Plan,
    PlanItem,
    PlanReview,
    PlanTemplate,
    Practice,
    Priority,
    Provider,
    RecommendationWeights,
    RuleMember,
    Session,
    TemplateItem,
    Waiver,
)
from pd_tracker.access import Capability, Reader
from teachers.changes import Trail
from teachers.models import Assignment, Employment, ExternalId, Kpi, KpiValue, Leave, Licence, Pairing, Teacher
from teachers.querysets.people import in_reach, teachers_for
from teachers.views.history import HistoryPage, settings_trails

# What hangs on a teacher: how the history reaches the teacher, what opens its values, and what says which row it was.
OF_TEACHERS: tuple[tuple[Any, str, Capability, tuple[str, ...]], ...] = (
    (Teacher, "id", Capability.PEOPLE_PERSONAL_VIEW, ("given_name", "family_name")),
    (ExternalId, "teacher", Capability.PEOPLE_PERSONAL_VIEW, ("teacher", "system")),
    (Employment, "teacher", Capability.EMPLOYMENT_REASON_VIEW, ("teacher", "started_on")),
    (Leave, "teacher", Capability.EMPLOYMENT_REASON_VIEW, ("teacher", "started_on")),
    (Assignment, "teacher", Capability.PEOPLE_VIEW, ("teacher", "school")),
    (Pairing, "teacher", Capability.PEOPLE_VIEW, ("teacher", "coach")),
    (Licence, "teacher", Capability.LICENCES_VIEW, ("teacher", "licence_type")),
    (LicenceFact, "licence__teacher", Capability.LICENCES_VIEW, ("licence", "name")),
    (Waiver, "licence__teacher", Capability.LICENCES_VIEW, ("licence", "reason")),
    (OldTotal, "licence__teacher", Capability.LICENCES_VIEW, ("licence", "as_of")),
    (Enrollment, "teacher", Capability.COMPLETIONS_VIEW, ("teacher", "session")),
    (Completion, "teacher", Capability.COMPLETIONS_VIEW, ("teacher", "course")),
    (CreditLine, "completion__teacher", Capability.COMPLETIONS_VIEW, ("completion", "unit")),
    (Evidence, "completion__teacher", Capability.COMPLETIONS_EDIT, ("completion",)),
    # Their words may stand in a draft, or in a plan apart from evaluation.
    (Plan, "teacher", Capability.PLANS_VIEW_DRAFTS, ("teacher", "school_year")),
    (Goal, "plan__teacher", Capability.PLANS_VIEW_DRAFTS, ("plan", "title")),
    (PlanReview, "plan__teacher", Capability.PLANS_VIEW_DRAFTS, ("plan", "planned_on")),
    (Need, "teacher", Capability.NEEDS_VIEW, ("teacher", "competency")),
    (NeedReason, "need__teacher", Capability.NEEDS_VIEW, ("need", "source")),
    (RuleMember, "teacher", Capability.PLANS_VIEW, ("teacher", "rule")),
    (Practice, "teacher", Capability.PRACTICES_SHARE, ("teacher", "title")),
    (Adoption, "teacher", Capability.PRACTICES_SHARE, ("teacher", "practice")),
)
OF_NOBODY: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Framework, ("name",)),
    (Competency, ("code",)),
    (Provider, ("name",)),
    (Kpi, ("name",)),
    (KpiCompetency, ("kpi", "competency")),
)
OF_DISTRICTS: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (PlanTemplate, "", ("name",)),
    (TemplateItem, "template__", ("template", "course", "task")),
    (AssignmentRule, "", ("name",)),
    (Priority, "", ("competency",)),
    (RecommendationWeights, "", ()),
    (PackChoice, "", ("jurisdiction", "licence_type")),
    (DistrictPack, "", ("code",)),
    (PackVersion, "pack__", ("pack", "number")),
    (CategoryMeaning, "", ("category",)),
    (ContractHours, "", ("school", "position")),
)


class AllChanges(HistoryPage):
    template_name = "learning_plans/changes.html"

    def trails(self) -> Sequence[Trail]:
        user = self.request.user
        return (*settings_trails(user), *catalogue_trails(user), *personal_trails(user))


def catalogue_trails(user: Reader) -> Iterator[Trail]:
    reach = user.reach(Capability.HISTORY_VIEW)
    for model, named_by in OF_NOBODY:
        yield Trail(model.history.all(), named_by)
    courses = in_reach(reach, district="district", school="district__schools")
    yield Trail(Course.history.filter(courses), ("title",))
    yield Trail(Session.history.filter(course__in=Course.objects.filter(courses).values("pk")), ("course", "starts_at"))
    for model, path, named_by in OF_DISTRICTS:
        there = in_reach(reach, district=f"{path}district", school=f"{path}district__schools")
        yield Trail(model.history.filter(there), named_by)


def personal_trails(user: Reader) -> Iterator[Trail]:
    """Values are shown where they are open for everybody listed: an administrator's own record opens no other."""
    listed = user.reach(Capability.HISTORY_VIEW)
    people = teachers_for(user, Capability.HISTORY_VIEW).values("pk")
    for model, path, opens, named_by in OF_TEACHERS:
        rows = model.history.filter(**{f"{path}__in": people})
        yield Trail(rows, named_by, with_values=user.reach(opens).covers(listed))
    items = PlanItem.history.filter(plan__teacher__in=people)
    for is_required, opens in ((True, Capability.PLANS_VIEW), (False, Capability.PLANS_VIEW_DRAFTS)):
        rows = items.filter(is_required=is_required)
        yield Trail(rows, ("plan", "course", "task"), with_values=user.reach(opens).covers(listed))
    values = KpiValue.history.filter(in_reach(listed, district="district", school="school"))
    yield Trail(values, ("kpi",), with_values=user.reach(Capability.KPIS_VIEW).covers(listed))
