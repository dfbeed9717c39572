"""Which field of a person needs which capability: the one table behind lists, files, pages and forms."""

from __future__ import annotations

from collections.abc import Iterable

from pd_tracker.access import Capability, Reader
from pd_tracker.sheets.table import Column
from teachers.models import Teacher
from teachers.querysets.directory import cut_fields, with_directory
from teachers.querysets.people import TeacherQuerySet, reaches

# Anything not named here is open to whoever sees the person at all: name, staff id, school, subject, position, FTE.
FIELDS: dict[str, Capability] = {
    "email": Capability.PEOPLE_PERSONAL_VIEW,
    "birth_year": Capability.PEOPLE_PERSONAL_VIEW,
    "experience_years": Capability.PEOPLE_PERSONAL_VIEW,
    "external_ids": Capability.PEOPLE_PERSONAL_VIEW,
    "status": Capability.EMPLOYMENT_VIEW,
    "started_on": Capability.EMPLOYMENT_VIEW,
    "left_on": Capability.EMPLOYMENT_VIEW,
    "employments": Capability.EMPLOYMENT_VIEW,
    "leaves": Capability.EMPLOYMENT_VIEW,
    "leave_kind": Capability.EMPLOYMENT_REASON_VIEW,
    "separation_type": Capability.EMPLOYMENT_REASON_VIEW,
    "separation_reason": Capability.EMPLOYMENT_REASON_VIEW,
    "licences": Capability.LICENCES_VIEW,
    "coaching": Capability.CASELOAD_VIEW,
    "plan": Capability.PLANS_VIEW,
    "needs": Capability.NEEDS_VIEW,
    "completions": Capability.COMPLETIONS_VIEW,
    "sign_in": Capability.ROLES_VIEW,
    "history": Capability.HISTORY_VIEW,
    "edit": Capability.PEOPLE_EDIT,
}

# What may be typed about a person, on the page and by a program.
PROFILE = ("staff_id", "given_name", "family_name", "preferred_name", "email", "birth_year", "experience_years")
CUT = ("status", "started_on", "left_on", "separation_reason")  # of one person perhaps, of another not


def directory_for(user: Reader) -> TeacherQuerySet:
    """The people a reader may list, with what the reader may know of each."""
    rows = with_directory(Teacher.objects.listed_to(user), on=user.today)
    return cut_fields(rows, user=user, rules={name: FIELDS[name] for name in CUT})


def columns_for(user: Reader, columns: Iterable[Column]) -> tuple[Column, ...]:
    """Columns that a reader may see of anybody beside themselves; single rows are cut by the queryset."""
    return tuple(column for column in columns if column.key not in FIELDS or reaches_others(user, FIELDS[column.key]))


def reaches_others(user: Reader, capability: Capability) -> bool:
    reach = user.reach(capability)
    return reach.everything or bool(reach.district_ids or reach.school_ids) or reach.caseload


def allowed_fields(user: Reader, teacher: Teacher) -> frozenset[str]:
    """The named fields and parts that a reader may see of one person, whom they may see at all."""
    seen = user.reach(Capability.PEOPLE_VIEW)
    open_to = {
        capability
        for capability in set(FIELDS.values())
        if user.reach(capability) == seen or reaches(user, capability, teacher)
    }
    return frozenset(name for name, capability in FIELDS.items() if capability in open_to)
