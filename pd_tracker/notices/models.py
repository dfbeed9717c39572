"""Messages inside the site. Only facts are stored, so that each reader gets the words in their own language."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pd_tracker.access import Reader
from pd_tracker.notices.words import sentence


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(user=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notice(models.Model):
    class Kind(models.TextChoices):
        TRAINING_ASSIGNED = "training_assigned", _("Training assigned")
        TRAINING_WITHDRAWN = "training_withdrawn", _("Training withdrawn")
        PLAN_CHANGED = "plan_changed", _("Plan changed")
        COMPLETION_CHANGED = "completion_changed", _("Record changed")
        SEATS_DRAWN = "seats_drawn", _("Seats drawn")
        SESSION_CHANGED = "session_changed", _("Session changed")
        SESSION_CANCELED = "session_canceled", _("Session canceled")
        PLAN_STARTED = "plan_started", _("Plan started")
        PLAN_SUBMITTED = "plan_submitted", _("Plan handed in")
        PLAN_RETURNED = "plan_returned", _("Plan returned")
        PLAN_APPROVED = "plan_approved", _("Plan approved")
        PLAN_CLOSED = "plan_closed", _("Plan closed")
        REVIEW_DUE = "review_due", _("Review due")
        ITEM_DUE = "item_due", _("Training due")
        ITEM_OVERDUE = "item_overdue", _("Training of a teacher overdue")
        NEED_SUGGESTED = "need_suggested", _("Suggestion from a coach")
        VISIT_LOGGED = "visit_logged", _("Visit logged")
        NOTE_SHARED = "note_shared", _("Note shared")
        PRACTICE_ADOPTED = "practice_adopted", _("Practice taken up")
        EXPORT_NOT_MADE = "export_not_made", _("Export not made")
        LICENCE_ENDS = "licence_ends", _("License ends")
        JOB_ENDED = "job_ended", _("Work finished")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=30, choices=Kind)
    facts = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at"], name="notice_by_reader")]

    def __str__(self) -> str:
        return sentence(self.kind, self.facts)
