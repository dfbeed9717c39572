"""Row sets of weights, of results after courses, and of opinions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, QuerySet, Sum

from learning_plans.querysets.catalogue import of_districts
from learning_plans.rules.recommending import FEWEST_OPINIONS, Opinions, PartName
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach, teachers_for

if TYPE_CHECKING:
    from learning_plans.models import CourseEstimate, CourseOpinion, RecommendationWeights  # noqa: F401


class WeightsQuerySet(QuerySet["RecommendationWeights"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(in_reach(user.reach(Capability.RECOMMENDATIONS_EDIT), district="district", school="pk"))

    def in_force(self, *, district: Any) -> Mapping[PartName, float]:
        """What a district set, or what holds where nobody has set anything."""
        weights: Mapping[PartName, float] = (self.filter(district=district).first() or self.model()).by_part
        return weights


class CourseEstimateQuerySet(QuerySet["CourseEstimate"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(of_districts(user, district="course__district"))


class CourseOpinionQuerySet(QuerySet["CourseOpinion"]):
    def visible_to(self, user: Reader) -> Self:
        """One's own only; of others there are means of groups."""
        own = teachers_for(user, Capability.PRACTICES_SHARE)
        return self.filter(completion__teacher__in=own)

    def by_course(self) -> dict[int, Opinions]:
        """Means of the courses that enough different people spoke of; those of fewer are nobody's business."""
        rows = self.order_by().values_list("completion__course")
        counted = list(rows.annotate(Count("completion__teacher", distinct=True), Count("pk"), Sum("stars")))
        answers, stars = sum(row[2] for row in counted), sum(row[3] for row in counted)
        return {
            course: Opinions(people, together / count, stars / answers)
            for course, people, count, together in counted
            if people >= FEWEST_OPINIONS
        }
