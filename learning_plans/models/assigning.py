"""Training that a rule assigns, and who the rule holds for."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.catalogue import Course
from learning_plans.models.choices import AudienceName, DueRuleName, DutyName, RepeatsName
from learning_plans.models.plans import PlanItem
from learning_plans.querysets.assigning import AssignmentRuleQuerySet, RuleMemberQuerySet
from learning_plans.rules.choices import DueRule, Repeats
from learning_plans.rules.recurring import Recurrence
from teachers.models.days import A_YEAR, PLAUSIBLE_DAY, TEN_YEARS

IN_ROUNDS = [RepeatsName.SCHOOL_YEAR.value, RepeatsName.CYCLE.value]
OF_ROUNDS = [DueRuleName.FIXED.value, DueRuleName.AFTER_START.value]
OF_COMPLETIONS = [DueRuleName.FIXED.value, DueRuleName.AFTER_HIRE.value, DueRuleName.AFTER_JOINING.value]


def check_duties(value: object) -> None:
    if not isinstance(value, list) or not set(value) <= set(DutyName.values) or len(set(value)) < len(value):
        raise ValidationError(_("Choose from the list, each once."))


class AssignmentRule(models.Model):
    """Holds for newcomers too, until it is ended."""

    district = models.ForeignKey("teachers.District", on_delete=models.PROTECT, related_name="assignment_rules")
    name = models.CharField(_("name"), max_length=200)
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="assignment_rules", verbose_name=_("course")
    )
    is_required = models.BooleanField(_("required"), default=True)
    note = models.TextField(_("note for the teacher"), blank=True, max_length=2000)
    audience = models.CharField(_("for whom"), max_length=16, choices=AudienceName, default=AudienceName.EVERYBODY)
    school = models.ForeignKey(
        "teachers.School",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignment_rules",
        verbose_name=_("school"),
        help_text=_("Leave empty for the whole district."),
    )
    subject = models.CharField(_("subject"), max_length=80, blank=True)
    duties: models.JSONField[list[str], list[str]] = models.JSONField(
        _("employed as, or with the role of"), default=list, blank=True, validators=[check_duties]
    )
    people = models.ManyToManyField("teachers.Teacher", blank=True, related_name="+", verbose_name=_("people"))
    due_rule = models.CharField(_("due"), max_length=14, choices=DueRuleName, default=DueRuleName.NONE)
    due_on = models.DateField(_("day"), null=True, blank=True, validators=PLAUSIBLE_DAY)
    due_days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True, validators=TEN_YEARS)
    repeats = models.CharField(_("repeats"), max_length=11, choices=RepeatsName, default=RepeatsName.ONCE)
    every_years = models.PositiveSmallIntegerField(
        _("years"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    cycle_from = models.DateField(_("first cycle begins"), null=True, blank=True, validators=PLAUSIBLE_DAY)
    early_days = models.PositiveSmallIntegerField(_("counts early, in days"), default=60, validators=A_YEAR)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    held_count: int  # from `with_counts`

    checked_on = models.DateField(_("last checked"), null=True, blank=True, editable=False)

    objects = AssignmentRuleQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["checked_on"], m2m_fields=[people])

    class Meta:
        verbose_name = _("assignment rule")
        verbose_name_plural = _("assignment rules")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="rule_says_when_it_is_due",
                condition=Q(due_rule=DueRuleName.NONE.value, due_on=None, due_days=None)
                | Q(due_rule=DueRuleName.FIXED.value, due_on__isnull=False, due_days=None)
                | Q(
                    due_rule__in=[
                        DueRuleName.AFTER_HIRE.value,
                        DueRuleName.AFTER_JOINING.value,
                        DueRuleName.AFTER_START.value,
                    ],
                    due_on=None,
                    due_days__isnull=False,
                ),
                violation_error_message=_("Give a day for a fixed due day, and a number of days for the others."),
            ),
            models.CheckConstraint(
                name="rule_says_how_often_it_repeats",
                condition=Q(repeats__in=[RepeatsName.ONCE.value, RepeatsName.SCHOOL_YEAR.value], every_years=None)
                | Q(
                    repeats__in=[RepeatsName.CYCLE.value, RepeatsName.COMPLETION.value],
                    every_years__isnull=False,
                    every_years__range=(1, 10),
                ),
                violation_error_message=_("Say after how many years it comes back, from 1 to 10."),
            ),
            models.CheckConstraint(
                name="only_cycles_have_a_first_day",
                condition=Q(repeats=RepeatsName.CYCLE.value, cycle_from__isnull=False)
                | (~Q(repeats=RepeatsName.CYCLE.value) & Q(cycle_from=None)),
                violation_error_message=_("Say on which day the first cycle begins."),
            ),
            models.CheckConstraint(
                name="repeating_rules_fall_due",
                condition=(Q(repeats=RepeatsName.ONCE.value) & ~Q(due_rule=DueRuleName.AFTER_START.value))
                | Q(repeats__in=IN_ROUNDS, due_rule__in=OF_ROUNDS)
                | Q(repeats=RepeatsName.COMPLETION.value, due_rule__in=OF_COMPLETIONS),
                violation_error_message=_(
                    "What comes back with the school year or a cycle is due on a day or so many days after the start. "
                    "What is counted from a completion is first due on a day, or so many days after being hired or "
                    "after the rule first holds. What is asked once has no start to count from."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("learning_plans:rule", args=[self.pk])

    @property
    def is_recurring(self) -> bool:
        return self.repeats != Repeats.ONCE

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(
            repeats=Repeats(self.repeats),
            due_rule=DueRule(self.due_rule),
            due_on=self.due_on,
            due_days=self.due_days,
            every_years=self.every_years,
            cycle_from=self.cycle_from,
            early_days=self.early_days,
        )


class RuleMember(models.Model):
    """Somebody a rule holds for, from day to day; an exemption keeps them in the list, with the reason."""

    rule = models.ForeignKey(AssignmentRule, on_delete=models.PROTECT, related_name="members")
    teacher = models.ForeignKey("teachers.Teacher", on_delete=models.PROTECT, related_name="rule_memberships")
    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, null=True, blank=True, related_name="rule_members")
    joined_on = models.DateField(_("joined"))
    left_on = models.DateField(_("left"), null=True, blank=True)
    exempted_at = models.DateTimeField(_("exempted"), null=True, blank=True)
    exempted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    exemption_reason = models.TextField(_("reason for the exemption"), blank=True, max_length=1000)

    # How they stand to the rule on a day, from `with_state`.
    state: str
    due_on: date | None
    done_on: date | None
    valid_until: date | None
    is_covered: bool

    objects = RuleMemberQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("member of a rule")
        verbose_name_plural = _("members of rules")
        ordering = ["-joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "teacher"], condition=Q(left_on=None), name="one_live_membership_per_rule"
            ),
            models.CheckConstraint(
                name="exemptions_have_a_reason",
                condition=Q(exempted_at=None) | ~Q(exemption_reason=""),
                violation_error_message=_("Say why this person is exempt."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.teacher}"


class Reminder(models.Model):
    """That somebody was reminded of an item; the same reminder never goes out twice."""

    item = models.ForeignKey(PlanItem, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField()
    days_before = models.SmallIntegerField()  # below 0: after the due day
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["item", "user", "due_on", "days_before"], name="one_reminder_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.due_on} ({self.days_before})"
