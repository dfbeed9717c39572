"""A change of renewal rules before it holds: what was said, and what it would do to whom."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learning_plans.models.choices import LicenceStatusName, RuleChangeKindName
from learning_plans.querysets.credit import ForeseenQuerySet, OfDistrictQuerySet
from pd_tracker.jobs.models import Job
from teachers.models import District, Licence


class RuleChange(models.Model):
    """What somebody wants to hold. Nothing holds before it is confirmed; afterwards it stays as it was confirmed.

    It needs no history of its own: it is written once, and what follows from it is written to rows that have one.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=RuleChangeKindName)
    said: models.JSONField[Any] = models.JSONField(_("what"), default=dict)
    reason = models.CharField(_("why"), max_length=400, blank=True)
    rules = models.CharField(_("fingerprint of the rules before"), max_length=64)
    as_of = models.DateField(_("as of"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    touched = models.PositiveIntegerField(_("licenses it is about"), default=0)
    other_rules = models.PositiveIntegerField(_("licenses with other rules"), default=0)
    worked_out_at = models.DateTimeField(_("worked out"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = OfDistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of renewal rules")
        verbose_name_plural = _("changes of renewal rules")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="rule_change_is_seen_before_it_holds",
                condition=Q(confirmed_at=None) | Q(worked_out_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("learning_plans:rule_change", args=[self.pk])


class ForeseenStanding(models.Model):
    """Where one license stands by the rules as they are, and would stand by the rules as they would be."""

    change = models.ForeignKey(RuleChange, on_delete=models.CASCADE, related_name="foreseen")
    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="+", verbose_name=_("license"))
    rules_before = models.CharField(_("rules now"), max_length=60)
    rules_after = models.CharField(_("rules then"), max_length=60)
    status_before = models.CharField(_("status now"), max_length=14, choices=LicenceStatusName)
    status_after = models.CharField(_("status then"), max_length=14, choices=LicenceStatusName)
    required_before = models.DecimalField(_("required now"), max_digits=12, decimal_places=4)
    required_after = models.DecimalField(_("required then"), max_digits=12, decimal_places=4)
    counted_before = models.DecimalField(_("counted now"), max_digits=12, decimal_places=4)
    counted_after = models.DecimalField(_("counted then"), max_digits=12, decimal_places=4)

    short_before: models.JSONField[Any] = models.JSONField(_("short by category now"), default=dict)
    short_after: models.JSONField[Any] = models.JSONField(_("short by category then"), default=dict)

    objects = ForeseenQuerySet.as_manager()

    class Meta:
        verbose_name = _("foreseen standing")
        verbose_name_plural = _("foreseen standings")
        constraints = [models.UniqueConstraint(fields=["change", "licence"], name="license_foreseen_once")]

    def __str__(self) -> str:
        return f"{self.licence}: {self.get_status_before_display()} → {self.get_status_after_display()}"
