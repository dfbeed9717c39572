"""Logins and the roles they hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from pd_tracker.access import NOTHING, Capability, HeldRole, Reach, Role, reach_of
from teachers.models.choices import RoleName
from teachers.querysets.accounts import RoleGrantQuerySet, UserManager


class AccountHistory(HistoricalRecords):
    """History of a login's own fields: signing in changes none of them and leaves no line."""

    def post_save(self, instance: User, created: bool, using: str | None = None, **kwargs: Any) -> None:
        written = kwargs.get("update_fields")
        if created or written is None or set(written) - set(self.excluded_fields):
            super().post_save(instance, created, using, **kwargs)


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]  # knox has no types
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=8, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()
    history = AccountHistory(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def today(self) -> date:
        """The district's day, read once: every rule asked through this user uses the same one."""
        return timezone.localdate()

    @cached_property
    def held_roles(self) -> tuple[HeldRole, ...]:
        if not self.is_active:  # work in the background, too, stops with the sign-in
            return ()
        live = self.role_grants.live(on=self.today).order_by("pk")
        return tuple(
            HeldRole(Role(role), district_id, school_id)
            for role, district_id, school_id in live.values_list("role", "district_id", "school_id")
        )

    @cached_property
    def _reaches(self) -> dict[Capability, Reach]:
        return {capability: reach_of(capability, self.held_roles) for capability in Capability}

    def narrow_to(self, capabilities: Collection[Capability]) -> None:
        """For one request that a token asks for: nothing but these, whatever the roles would open besides."""
        self._reaches = {each: reach if each in capabilities else NOTHING for each, reach in self._reaches.items()}

    def reach(self, capability: Capability) -> Reach:
        return self._reaches[capability]

    def may(self, capability: Capability) -> bool:
        return bool(self.reach(capability))

    def holds(self, role: Role) -> bool:
        return any(held.role is role for held in self.held_roles)


class RoleGrant(models.Model):
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=RoleName)
    district = models.ForeignKey("teachers.District", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey(
        "teachers.School",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("school"),
        help_text=_("Leave empty for the whole district."),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )

    objects = RoleGrantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                name="role_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A role cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="principal_has_a_school",
                condition=~Q(role=Role.PRINCIPAL.value) | Q(school__isnull=False),
                violation_error_message=_("Choose the school this principal leads."),
            ),
            models.UniqueConstraint(
                "user",
                "role",
                "district",
                Coalesce("school", 0),  # not every database can compare empty with empty
                condition=Q(ends_on=None),
                name="one_open_grant_per_role_and_place",
                violation_error_message=_("This person already holds this role there."),
            ),
        ]

    def __str__(self) -> str:
        place = f" · {self.school}" if self.school_id else ""
        return f"{self.get_role_display()}{place}"
