"""What the system before this one said, to be compared while both run. Nothing of it enters a record."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.choices import ComparedName
from learning_plans.querysets.credit import OfLicenceQuerySet
from teachers.models import Licence
from teachers.models.days import PLAUSIBLE_DAY

COMPARED = ("ours_required", "ours_counted", "unit", "result", "reasons", "compared_at")
NOT_BELOW_0 = [MinValueValidator(Decimal(0), _("A number from 0 on."))]


class OldTotal(models.Model):
    """The other system's sums for a license as of a day; what we say of the same day is worked out beside it."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="old_totals", verbose_name=_("license"))
    as_of = models.DateField(_("as of"), validators=PLAUSIBLE_DAY)
    required = models.DecimalField(
        _("required there"), max_digits=10, decimal_places=3, null=True, blank=True, validators=NOT_BELOW_0
    )
    counted = models.DecimalField(_("counted there"), max_digits=10, decimal_places=3, validators=NOT_BELOW_0)
    ours_required = models.DecimalField(_("required here"), max_digits=12, decimal_places=4, null=True, editable=False)
    ours_counted = models.DecimalField(_("counted here"), max_digits=12, decimal_places=4, null=True, editable=False)
    unit = models.CharField(_("unit"), max_length=20, blank=True, editable=False)
    result = models.CharField(_("result"), max_length=10, choices=ComparedName, blank=True, editable=False)
    reasons: models.JSONField[Any] = models.JSONField(_("reasons"), null=True, editable=False)
    compared_at = models.DateTimeField(_("compared"), null=True, editable=False)

    objects = OfLicenceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=list(COMPARED))

    class Meta:
        verbose_name = _("total of the old system")
        verbose_name_plural = _("totals of the old system")
        constraints = [models.UniqueConstraint(fields=["licence", "as_of"], name="old_total_once_a_day")]

    def __str__(self) -> str:
        return f"{self.licence} {self.as_of}"
