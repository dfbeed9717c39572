"""Settings of the district and its school years."""

from __future__ import annotations

from django.db import transaction

from teachers.actions.keeping import keep
from teachers.models import District, SchoolYear, User


@transaction.atomic
def save_district(*, district: District, actor: User | None, reason: str = "") -> District:
    return keep(district, actor=actor, verb="district.saved", reason=reason)


@transaction.atomic
def save_school_year(*, year: SchoolYear, actor: User | None, reason: str = "") -> SchoolYear:
    return keep(year, actor=actor, verb="school_year.saved", reason=reason)
