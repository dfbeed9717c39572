"""Tokens that let a program in, and the answers given to writes that may be sent twice."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from pd_tracker.access import Capability, Reader, TokenScope

PREFIX = "pdt_"


class ScopeName(models.TextChoices):
    PEOPLE_READ = TokenScope.PEOPLE_READ.value, _("Read people and schools")
    PEOPLE_WRITE = TokenScope.PEOPLE_WRITE.value, _("Add people and correct their profiles")
    COURSES_READ = TokenScope.COURSES_READ.value, _("Read courses and sessions")
    COMPLETIONS_READ = TokenScope.COMPLETIONS_READ.value, _("Read completions")
    COMPLETIONS_WRITE = TokenScope.COMPLETIONS_WRITE.value, _("Record, correct and void completions")
    LICENCES_READ = TokenScope.LICENCES_READ.value, _("Read licenses and where they stand")
    PLANS_READ = TokenScope.PLANS_READ.value, _("Read plans")
    PLANS_WRITE = TokenScope.PLANS_WRITE.value, _("Assign training and change plans")
    NEEDS_READ = TokenScope.NEEDS_READ.value, _("Read needs and self-assessments")
    NEEDS_WRITE = TokenScope.NEEDS_WRITE.value, _("Answer and suggest needs")
    COACHING_READ = TokenScope.COACHING_READ.value, _("Read visits and the notes you may read")
    COACHING_WRITE = TokenScope.COACHING_WRITE.value, _("Log visits and write notes")
    PRACTICES_WRITE = TokenScope.PRACTICES_WRITE.value, _("Share and take up practices")
    KPIS_READ = TokenScope.KPIS_READ.value, _("Read KPI values")
    REPORTS_READ = TokenScope.REPORTS_READ.value, _("Read reports")


class TokenQuerySet(models.QuerySet["Token"]):
    def visible_to(self, user: Reader) -> Self:
        """One's own; an administrator sees that others of the district exist, to take back what should not."""
        reach = user.reach(Capability.TOKENS_REVOKE)
        if reach.everything:
            return self.all()
        theirs = self.model.objects.filter(user__role_grants__district__in=reach.district_ids)
        return self.filter(Q(user=user.pk) | Q(pk__in=theirs.order_by().values("pk")))


class TokenManager(AuthTokenManager.from_queryset(TokenQuerySet)):  # type: ignore[misc]
    """knox makes the token, our row set says who sees it."""


class Token(AbstractAuthToken):
    """Only a digest of the token is kept. It opens what its scopes name, as far as its owner's roles reach today."""

    name = models.CharField(_("name"), max_length=80)
    scopes: models.JSONField[list[str], list[str]] = models.JSONField(_("may"), default=list)
    owner_secret = models.CharField(max_length=64, editable=False)  # another password makes the token worthless
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects = TokenManager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created", "token_key"]

    def __str__(self) -> str:
        return f"{self.name} ({self.token_key}…)"

    def expired(self, *, at: datetime) -> bool:
        return self.expiry is not None and self.expiry <= at


class KeptAnswer(models.Model):
    """What was answered to a write that carried a key, kept in the transaction of what it did."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    headers: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key
