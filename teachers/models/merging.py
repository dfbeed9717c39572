"""Two records of one person that became one, and two that look alike and are not."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from teachers.models.people import Teacher
from teachers.querysets.people import MergedTeacherQuerySet, OfTeacherQuerySet


class MergedTeacher(models.Model):
    """Under which id a record stood before it became part of another; never changed but by merging that one too."""

    district = models.ForeignKey("teachers.District", on_delete=models.PROTECT, related_name="+")
    teacher = models.ForeignKey(
        Teacher, on_delete=models.PROTECT, related_name="merged_from", verbose_name=_("teacher")
    )
    old_key = models.BigIntegerField(_("key before"))
    old_staff_id = models.CharField(_("staff id before"), max_length=40)
    name = models.CharField(_("name before"), max_length=300)
    reason = models.CharField(_("why"), max_length=400)
    merged_at = models.DateTimeField(_("merged"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("merged by")
    )

    objects = MergedTeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("merged record")
        verbose_name_plural = _("merged records")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["district", "old_staff_id"], name="old_staff_id_once"),
            models.UniqueConstraint(fields=["old_key"], name="merged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.old_staff_id})"


class NotADuplicate(models.Model):
    """Somebody looked at two records that are alike, and they are two people. It sticks."""

    teacher = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Teacher, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("why"), max_length=400)
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OfTeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("reviewed pair")
        verbose_name_plural = _("reviewed pairs")
        constraints = [
            models.UniqueConstraint(fields=["teacher", "other"], name="pair_reviewed_once"),
            models.CheckConstraint(name="pair_in_order", condition=Q(teacher__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} ≠ {self.other}"
