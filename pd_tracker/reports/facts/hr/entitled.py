"""Who may be handed an HR export."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from pd_tracker.access import TABLE, Capability, Reader, Role
from teachers.models import RoleGrant, School, User

ROLES = [role.value for role in Role if Capability.EXPORTS_HR in TABLE[role]]


def entitled(reader: Reader) -> QuerySet[User]:
    """Whoever may run HR exports today in a district where the reader may; each later gets what they may see."""
    reach = reader.reach(Capability.EXPORTS_HR)
    here = Q(district__in=reach.district_ids) | Q(
        district__in=School.objects.filter(pk__in=reach.school_ids).values("district")
    )  # fmt: skip
    grants = RoleGrant.objects.live(on=reader.today).filter(here, role__in=ROLES)
    found: QuerySet[User] = User.objects.filter(is_active=True, pk__in=grants.values("user")).order_by("name", "pk")
    return found


def user(pk: int) -> User:
    """As they stand now: what their roles open is asked anew."""
    found: User = User.objects.get(pk=pk)
    return found
