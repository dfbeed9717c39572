"""What a district says about credit: which rules hold, what its categories mean, what is known or forgiven by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.choices import LicenceStatusName
from learning_plans.querysets.credit import (
    LicenceStandingQuerySet,
    OfDistrictQuerySet,
    OfLicenceQuerySet,
    PackChoiceQuerySet,
    PackVersionQuerySet,
)
from teachers.models import District, Licence, Teacher
from teachers.models.days import PLAUSIBLE_DAY

CODE = RegexValidator(r"\A[A-Za-z0-9][A-Za-z0-9_.-]*\Z", _("Letters, digits, dots, hyphens and underscores only."))

CHOSEN = _("For these licenses rules are already chosen from this day on.")


class DistrictPack(models.Model):
    """Renewal rules that a district adapted; each version holds for periods that end from its day on."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="rule_packs")
    code = models.CharField(_("short name"), max_length=60, validators=[CODE])
    title = models.CharField(_("name"), max_length=200)
    based_on = models.CharField(_("made from"), max_length=60)
    owner = models.CharField(
        _("who looks after it"), max_length=200, help_text=_("Whoever follows the state's rules and keeps this right.")
    )
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = OfDistrictQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("renewal rules of the district")
        verbose_name_plural = _("renewal rules of the district")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "code"],
                name="pack_code_once_in_district",
                violation_error_message=_("Other rules already have this short name."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("learning_plans:rule_pack", args=[self.code])


class PackVersion(models.Model):
    """The rules as they stand from a day on; never changed once written."""

    pack = models.ForeignKey(DistrictPack, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("rules"), max_length=60_000)
    holds_from = models.DateField(
        _("for periods that end on or after"), null=True, blank=True, validators=PLAUSIBLE_DAY
    )
    reason = models.CharField(_("why"), max_length=400)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("made"))

    objects = PackVersionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("version of renewal rules")
        verbose_name_plural = _("versions of renewal rules")
        ordering = ["pack", "number"]
        constraints = [models.UniqueConstraint(fields=["pack", "number"], name="pack_version_once")]

    def __str__(self) -> str:
        return f"{self.pack} {self.number}"


class PackChoice(models.Model):
    """Which rules hold for licenses that name none of their own. Without a state or a type it holds for all others."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="pack_choices")
    jurisdiction = models.CharField(_("state"), max_length=20, blank=True)
    licence_type = models.CharField(_("type of license"), max_length=100, blank=True)
    # Without rules it ends an earlier choice: from its day on, what is chosen for more licenses holds for these, too.
    rule_pack = models.CharField(_("renewal rules"), max_length=60, blank=True)
    holds_from = models.DateField(
        _("for periods that end on or after"), null=True, blank=True, validators=PLAUSIBLE_DAY
    )

    objects = PackChoiceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("choice of renewal rules")
        verbose_name_plural = _("choices of renewal rules")
        ordering = ["jurisdiction", "licence_type", "holds_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "jurisdiction", "licence_type", "holds_from"],
                name="pack_chosen_once_for_a_day",
                violation_error_message=CHOSEN,
            ),
            models.UniqueConstraint(
                fields=["district", "jurisdiction", "licence_type"],
                condition=Q(holds_from=None),
                name="pack_chosen_once_from_the_start",
                violation_error_message=CHOSEN,
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.jurisdiction, self.licence_type))) or str(_("All other licenses"))


class CategoryMeaning(models.Model):
    """What a category of the district is called in renewal rules; no code means hours without a category."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="category_meanings")
    category = models.CharField(_("category"), max_length=60)
    codes = models.JSONField(_("counts as"), default=list, blank=True)

    objects = OfDistrictQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("meaning of a category")
        verbose_name_plural = _("meanings of categories")
        ordering = ["category"]
        constraints = [models.UniqueConstraint(fields=["district", "category"], name="category_means_one_thing")]

    def __str__(self) -> str:
        return self.category


class LicenceFact(models.Model):
    """What rules ask beside hours: National Board, a degree, a passed exam, the day a plan was approved."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="facts", verbose_name=_("license"))
    name = models.CharField(_("what"), max_length=60)
    value = models.JSONField(_("value"))
    note = models.CharField(_("note"), max_length=400, blank=True)

    objects = OfLicenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("fact about a license")
        verbose_name_plural = _("facts about licenses")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["licence", "name"], name="licence_fact_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def teacher(self) -> Teacher:
        return self.licence.teacher


class Waiver(models.Model):
    """A part of what is owed, or all of it, forgiven by somebody entitled to it; taken back, never deleted."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="waivers", verbose_name=_("license"))
    amount = models.DecimalField(
        _("how much"),
        max_digits=8,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"), _("Give a number above 0, or leave it empty for all of it."))],
        help_text=_("In the unit of the rules. Leave it empty to waive all of it."),
    )
    reason = models.CharField(_("reason"), max_length=400, help_text=_("The teacher and an auditor read it."))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = OfLicenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["granted_at", "pk"]

    def __str__(self) -> str:
        return self.reason

    @property
    def teacher(self) -> Teacher:
        return self.licence.teacher


class LicenceStanding(models.Model):
    """The decision about a license as of a day, kept so that lists need not decide anew. Facts stay the truth.

    Amounts are in `unit`, rounded down. Time alone changes nothing before `holds_until` has passed.
    """

    licence = models.OneToOneField(Licence, on_delete=models.CASCADE, related_name="standing")
    rule_pack = models.CharField(_("renewal rules"), max_length=60)
    unit = models.CharField(_("unit"), max_length=20)
    status = models.CharField(_("status"), max_length=14, choices=LicenceStatusName)
    required = models.DecimalField(_("required"), max_digits=12, decimal_places=4)
    counted = models.DecimalField(_("counted"), max_digits=12, decimal_places=4)
    pending = models.DecimalField(_("pending"), max_digits=12, decimal_places=4)
    uncounted = models.DecimalField(_("not counted"), max_digits=12, decimal_places=4)
    carried_in = models.DecimalField(_("carried in"), max_digits=12, decimal_places=4)
    carried_out = models.DecimalField(_("carried out"), max_digits=12, decimal_places=4)
    short: models.JSONField[Any] = models.JSONField(_("short by category"), default=dict)
    begins_on = models.DateField(_("period from"), null=True)
    ends_on = models.DateField(_("period until"), null=True)
    decided_on = models.DateField(_("as of"))
    decided_at = models.DateTimeField(_("worked out"))
    holds_until = models.DateField(_("holds until"))

    objects = LicenceStandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing of a license")
        verbose_name_plural = _("standings of licenses")
        indexes = [
            models.Index(fields=["ends_on", "status"], name="standing_by_end"),
            models.Index(fields=["holds_until"], name="standing_by_change"),
        ]
        constraints = [
            models.CheckConstraint(
                name="standing_ends_after_it_begins", condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.licence}: {self.get_status_display()}"


class StandingRun(models.Model):
    """When a district's standings were last brought up to date, and under which rules."""

    district = models.OneToOneField(District, on_delete=models.CASCADE, related_name="+")
    ran_at = models.DateTimeField(_("ran"))
    rules = models.CharField(_("fingerprint of the rules"), max_length=64)

    class Meta:
        verbose_name = _("run over standings")
        verbose_name_plural = _("runs over standings")

    def __str__(self) -> str:
        return f"{self.district} {self.ran_at}"
