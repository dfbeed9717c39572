"""Licences: fields only; what they require is decided by rule packs."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from pd_tracker.access import Capability, Reader
from teachers.models.days import PLAUSIBLE_DAY
from teachers.querysets.people import teachers_for


class LicenceQuerySet(models.QuerySet["Licence"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.LICENCES_VIEW))

    def editable_by(self, user: Reader) -> Self:
        return self.filter(teacher__in=teachers_for(user, Capability.LICENCES_EDIT))

    def in_use(self, *, on: date) -> Self:
        """Without those that were renewed: by the same type since, or by another that begins when they end."""
        later = Licence.objects.filter(
            teacher=models.OuterRef("teacher"),
            jurisdiction=models.OuterRef("jurisdiction"),
            valid_from__gt=models.OuterRef("valid_from"),
            valid_from__lte=on,
        )
        same = Q(licence_type=models.OuterRef("licence_type"))
        return self.exclude(models.Exists(later.filter(same | Q(valid_from__gte=models.OuterRef("valid_until")))))


class Licence(models.Model):
    teacher = models.ForeignKey(
        "teachers.Teacher", on_delete=models.PROTECT, related_name="licences", verbose_name=_("teacher")
    )
    jurisdiction = models.CharField(_("state"), max_length=20)
    licence_type = models.CharField(_("type"), max_length=100)
    number = models.CharField(_("number"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True, validators=PLAUSIBLE_DAY)
    valid_from = models.DateField(_("valid from"), validators=PLAUSIBLE_DAY)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, validators=PLAUSIBLE_DAY)
    rule_pack = models.CharField(
        _("renewal rules"), max_length=60, blank=True, help_text=_("Empty: the rules that the district chose.")
    )
    endorsements = models.CharField(
        _("endorsements"), max_length=400, blank=True, help_text=_("Separate several by commas.")
    )
    extended_until = models.DateField(_("extended by law until"), null=True, blank=True, validators=PLAUSIBLE_DAY)

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

    @property
    def endorsement_names(self) -> tuple[str, ...]:
        return tuple(filter(None, (each.strip() for each in self.endorsements.split(","))))

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def ends_on(self) -> date | None:
        return max(filter(None, (self.valid_until, self.extended_until)), default=None)
