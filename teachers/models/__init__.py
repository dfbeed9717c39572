"""People, places and classroom facts."""

from teachers.models.accounts import RoleGrant, User
from teachers.models.drafts import Draft
from teachers.models.employment import Assignment, Employment, Leave, Pairing
from teachers.models.kpis import Kpi, KpiValue
from teachers.models.licences import Licence
from teachers.models.merging import MergedTeacher, NotADuplicate
from teachers.models.people import ExternalId, Teacher
from teachers.models.places import District, RosterExtract, School, SchoolYear, SchoolYearProfile

__all__ = [
    "Assignment",
    "District",
    "Draft",
    "Employment",
    "ExternalId",
    "Kpi",
    "KpiValue",
    "Leave",
    "Licence",
    "MergedTeacher",
    "NotADuplicate",
    "Pairing",
    "RoleGrant",
    "RosterExtract",
    "School",
    "SchoolYear",
    "SchoolYearProfile",
    "Teacher",
    "User",
]
