"""What a plan begins with, for whom."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.catalogue import Course, Framework
from learning_plans.querysets.templates import PlanTemplateQuerySet, TemplateItemQuerySet
from learning_plans.rules.templates import review_days
from teachers.models.choices import PositionName, SchoolLevelName
from teachers.models.days import A_YEAR


class PlanTemplate(models.Model):
    """Fields of the audience that are empty hold for everybody; of several that fit, the first in order is taken."""

    district = models.ForeignKey("teachers.District", on_delete=models.PROTECT, related_name="plan_templates")
    name = models.CharField(_("name"), max_length=200)
    guidance = models.TextField(_("words for the teacher"), blank=True, max_length=4000)
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("framework")
    )
    place = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("Of several templates that fit a person, the lowest number is taken.")
    )
    position = models.CharField(_("position"), max_length=20, choices=PositionName, blank=True)
    experience_from = models.PositiveSmallIntegerField(_("years of experience, from"), null=True, blank=True)
    experience_to = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    school_level = models.CharField(_("school level"), max_length=12, choices=SchoolLevelName, blank=True)
    school = models.ForeignKey(
        "teachers.School", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    subject = models.CharField(_("subject"), max_length=80, blank=True)
    is_apart_from_evaluation = models.BooleanField(
        _("never used for evaluation"),
        default=False,
        help_text=_(
            "Principals, HR and leaders see that there is a plan, not its goals. A coach or mentor approves it."
        ),
    )
    mentor_within_days = models.PositiveSmallIntegerField(
        _("a mentor within, in days"), null=True, blank=True, validators=A_YEAR
    )
    goals_within_days = models.PositiveSmallIntegerField(
        _("goals within, in days"), null=True, blank=True, validators=A_YEAR
    )
    weekly_minutes = models.PositiveSmallIntegerField(
        _("minutes with a mentor or coach each week, on average"), null=True, blank=True
    )
    review_days = models.CharField(
        _("reviews, in days after the school year begins"),
        max_length=60,
        blank=True,
        default="90, 180",
        help_text=_("Numbers with commas between them."),
    )
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = PlanTemplateQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("plan template")
        verbose_name_plural = _("plan templates")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"],
                name="one_template_per_name",
                violation_error_message=_("Another template already has this name."),
            ),
            models.CheckConstraint(
                name="template_experience_in_order",
                condition=Q(experience_from=None) | Q(experience_to=None) | Q(experience_to__gte=F("experience_from")),
                violation_error_message=_("The years of experience must go from the smaller to the larger."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        try:
            review_days(self.review_days)
        except ValueError:
            words = _("Write numbers of days with commas between them, such as 90, 180.")
            raise ValidationError({"review_days": words}) from None
        if self.school_id and self.school and self.school.district_id != self.district_id:
            raise ValidationError({"school": _("Choose a school of this district.")})

    @property
    def for_whom(self) -> str:
        """Whom it fits, which is also the reason why somebody gets it."""
        parts = [
            self._years_in_words(),
            str(self.get_position_display()) if self.position else "",
            gettext("%(level)s school") % {"level": self.get_school_level_display()} if self.school_level else "",
            str(self.school) if self.school_id else "",
            self.subject,
        ]
        return ", ".join(part for part in parts if part) or gettext("everybody")

    def _years_in_words(self) -> str:
        lowest, highest = (self.experience_from or 0) + 1, self.experience_to
        if highest is None:
            return gettext("year %(number)d of teaching and later") % {"number": lowest} if lowest > 1 else ""
        if lowest > 1:
            return gettext("years %(first)d to %(last)d of teaching") % {"first": lowest, "last": highest + 1}
        words = ngettext("first year of teaching", "first %(number)d years of teaching", highest + 1)
        return words % {"number": highest + 1}


class TemplateItem(models.Model):
    """A course or task that every plan made from the template begins with."""

    template = models.ForeignKey(PlanTemplate, on_delete=models.CASCADE, related_name="items")
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("course")
    )
    task = models.CharField(_("task"), max_length=300, blank=True)
    due_after_days = models.PositiveSmallIntegerField(
        _("due, in days after the plan begins"), null=True, blank=True, validators=A_YEAR
    )
    is_required = models.BooleanField(_("required"), default=False)

    objects = TemplateItemQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("item of a template")
        verbose_name_plural = _("items of templates")
        ordering = ["due_after_days", "pk"]
        constraints = [
            models.CheckConstraint(
                name="template_item_is_a_course_or_a_task",
                condition=Q(course__isnull=False, task="") | (Q(course__isnull=True) & ~Q(task="")),
                violation_error_message=_("Choose a course or describe a task, not both."),
            )
        ]

    def __str__(self) -> str:
        return self.course.title if self.course_id and self.course else self.task
