"""Long work that a person waits for: who asked, how far it is, what came out."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pd_tracker.access import Reader

MESSAGE_LENGTH = 400


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Reader) -> Self:
        return self.filter(owner=user.pk)

    def unfinished(self) -> Self:
        return self.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])


class Job(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to start")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(_("what"), max_length=200)
    function = models.CharField(max_length=200, editable=False)
    arguments = models.JSONField(default=dict, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    message = models.CharField(max_length=MESSAGE_LENGTH, blank=True)
    result_url = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    def tell(self, *, done: int | None = None, total: int | None = None, message: str | Promise = "") -> None:
        """Says how far the work is. Never touches the database, so it may be called inside a long transaction:
        the worker's pulse writes it down beside the work."""
        self.done = self.done if done is None else done
        self.total = self.total if total is None else total
        self.message = str(message)[:MESSAGE_LENGTH] or self.message

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}
