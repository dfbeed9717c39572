"""Row sets of logins and role grants."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import BaseUserManager
from django.db.models import Q, QuerySet

from pd_tracker.access import Capability, Reader
from teachers.querysets.people import in_reach

if TYPE_CHECKING:
    from teachers.models import RoleGrant, User  # noqa: F401


class RoleGrantQuerySet(QuerySet["RoleGrant"]):
    def live(self, *, on: date) -> Self:
        return self.not_over(on=on).filter(starts_on__lte=on)

    def not_over(self, *, on: date) -> Self:
        """Those of the day and those that are still to come."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on))

    def visible_to(self, user: Reader) -> Self:
        reach = user.reach(Capability.ROLES_VIEW)
        return self.filter(in_reach(reach, district="district", school="school") | Q(user=user.pk))


class UserQuerySet(QuerySet["User"]):
    def visible_to(self, user: Reader) -> Self:
        """Logins whose roles one may look after, and one's own."""
        reach = user.reach(Capability.ROLES_VIEW)
        if reach.everything or reach.district_ids:
            return self.all()
        return self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> User:
        found: User = self.get(email__iexact=email)
        return found
