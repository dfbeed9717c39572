"""Licences: fields only; what they require is decided by rule packs."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from pd_tracker.access import Capability, Reader
from teachers.querysets.people import teachers_for


class LicenceQuerySet(models.QuerySet["Licence"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.LICENCES_VIEW))


class Licence(models.Model):
    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="licences", verbose_name=_("teacher")
    )
    jurisdiction = models.CharField(_("state"), max_length=20)
    licence_type = models.CharField(_("type"), max_length=100)
    number = models.CharField(_("number"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    rule_pack = models.CharField(
        _("renewal rules"), max_length=60, blank=True, help_text=_("Empty means no hours are required.")
    )
    endorsements = models.CharField(_("endorsements"), max_length=400, blank=True)
    extended_until = models.DateField(_("extended by law until"), null=True, blank=True)

    objects = LicenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("license")
        verbose_name_plural = _("licenses")
        ordering = ["valid_until", "pk"]
        constraints = [
            models.CheckConstraint(
                name="licence_ends_after_it_starts",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("A licence cannot end before it starts."),
            ),
            models.UniqueConstraint(
                fields=["teacher", "jurisdiction", "licence_type", "valid_from"], name="one_licence_per_type_and_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.licence_type}"
