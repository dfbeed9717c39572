"""How many hours a year the district's own contract asks for, of whom and since when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.querysets.credit import OfDistrictQuerySet
from teachers.models import District, School
from teachers.models.choices import PositionName
from teachers.models.days import PLAUSIBLE_DAY

ENTERED = _("These hours are entered for this day already. Correct that entry instead.")
CONTRACT = "district-contract"
LONG_AGO = date(1900, 1, 1)


class ContractHours(models.Model):
    """Hours owed in a school year that begins on its day or later; the closest entry of those that fit holds."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="contract_hours")
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    position = models.CharField(_("position"), max_length=30, choices=PositionName, blank=True)
    hours = models.DecimalField(
        _("hours in a school year"),
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(2_000))],
        help_text=_("For a whole post; part of a post owes that part of it."),
    )
    rule_pack = models.CharField(_("rules"), max_length=60, default=CONTRACT)
    holds_from = models.DateField(
        _("for school years that begin on or after"), null=True, blank=True, validators=PLAUSIBLE_DAY
    )

    objects = OfDistrictQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("hours of the contract")
        verbose_name_plural = _("hours of the contract")
        ordering = ["school__name", "position", "holds_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                "district",
                Coalesce("school", 0),
                "position",
                Coalesce("holds_from", Value(LONG_AGO, output_field=models.DateField())),
                name="contract_hours_once_for_a_day",
                violation_error_message=ENTERED,
            ),
            models.CheckConstraint(name="contract_hours_not_negative", condition=Q(hours__gte=0)),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, (str(self.school or ""), self.get_position_display()))) or str(_("Everybody"))
