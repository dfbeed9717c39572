"""Row sets of plan templates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach

if TYPE_CHECKING:
    from learning_plans.models import PlanTemplate, TemplateItem  # noqa: F401


def _edited_by(user: Reader, district: str) -> Q:
    """Templates serve the whole district, so whoever edits them must reach all of it."""
    reach = replace(user.reach(Capability.TEMPLATES_EDIT), school_ids=frozenset())
    return in_reach(reach, district=district, school="pk")


class PlanTemplateQuerySet(QuerySet["PlanTemplate"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(_edited_by(user, "district"))

    def in_use(self) -> Self:
        return self.filter(is_retired=False)


class TemplateItemQuerySet(QuerySet["TemplateItem"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(_edited_by(user, "template__district"))
