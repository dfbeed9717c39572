"""Row sets of the catalogue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Count, Q, QuerySet

from learning_plans.rules.choices import CourseState
from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach

if TYPE_CHECKING:
    from learning_plans.models import Course  # noqa: F401


class OpenToStaffQuerySet(QuerySet):  # type: ignore[type-arg]
    """Rows that everybody with a role may read."""

    def visible_to(self, user: Reader) -> Self:
        return self if user.may(Capability.COURSES_VIEW) else self.none()


def of_districts(user: Reader, *, district: str) -> Q:
    """The catalogue belongs to a district: whoever reaches one of its schools reads all of it."""
    reach = user.reach(Capability.COURSES_VIEW)
    schools = apps.get_model("teachers", "School")._default_manager.filter(pk__in=reach.school_ids)
    found = in_reach(replace(reach, school_ids=frozenset()), district=district, school="pk")
    return found | Q(**{f"{district}__in": schools.order_by().values("district")}) if reach.school_ids else found


def edited_by(user: Reader, *, district: str) -> Q:
    """Sessions serve the whole district, so whoever edits them must reach all of it."""
    reach = replace(user.reach(Capability.COURSES_EDIT), school_ids=frozenset())
    return in_reach(reach, district=district, school="pk")


class CourseQuerySet(QuerySet["Course"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(of_districts(user, district="district"))

    def editable_by(self, user: Reader) -> Self:
        return self.filter(edited_by(user, district="district"))

    def on_offer(self, *, on: date) -> Self:
        return self.filter(
            Q(approved_from=None) | Q(approved_from__lte=on),
            Q(approved_until=None) | Q(approved_until__gte=on),
            state=CourseState.APPROVED.value,
        )

    def with_wishes(self) -> Self:
        """Adds `wish_count`, how many people ask for a session."""
        return self.annotate(wish_count=Count("wishes"))


def focus_words(user: Reader) -> list[str]:
    """The focus areas that courses and shared practices name, each once."""
    model = apps.get_model
    courses = model("learning_plans", "Course")._default_manager.visible_to(user).order_by()
    practices = model("learning_plans", "Practice")._default_manager.visible_to(user).shared().order_by()
    cells = {*courses.values_list("focus_areas", flat=True), *practices.values_list("focus_area", flat=True)}
    words = {word.strip() for cell in cells for word in cell.split(";")} - {""}
    return sorted({word.casefold(): word for word in sorted(words)}.values(), key=str.casefold)
