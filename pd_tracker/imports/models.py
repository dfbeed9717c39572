"""Every file somebody loaded: what it was, what was planned, what came of it."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pd_tracker.access import Capability, Reader

SAID = ("mapping", "as_of", "is_full", "date_shape", "year_means")


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: Reader) -> Self:
        """A file speaks of the whole district: a role for one school opens one's own uploads, and those are refused."""
        reach = user.reach(Capability.IMPORTS_RUN)
        if reach.everything:
            return self.all()
        if reach.district_ids:
            of_district = Q(uploaded_by__role_grants__district__in=reach.district_ids)
            here = self.model.objects.filter(of_district | Q(uploaded_by=None))  # the operator's are everybody's
            return self.filter(pk__in=here.order_by().values("pk"))
        return self.filter(uploaded_by=user.pk) if reach else self.none()

    def same_as(self, run: ImportRun) -> Self:
        """The other imports of the same bytes with everything said about them the same."""
        said = {name: getattr(run, name) for name in ("kind", "sha256", *SAID)}
        return self.filter(**said).exclude(pk=run.pk)


def stored_as(run: ImportRun, filename: str) -> str:
    """A name of our own: what a person called the file never becomes a path."""
    return f"imports/{run.sha256}"


class ImportRun(models.Model):
    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        PLANNED = "planned", _("Ready to confirm")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        REFUSED = "refused", _("Not applied")

    kind = models.CharField(_("kind"), max_length=20)
    file = models.FileField(upload_to=stored_as)
    filename = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    as_of = models.DateField(_("extract made on"))
    is_full = models.BooleanField(_("the file lists everybody"), default=False)
    date_shape = models.CharField(_("dates are written as"), max_length=20, blank=True)
    year_means = models.CharField(_("a lone year is the one that"), max_length=5, default="end")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    outcome: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("imports:run", args=[self.pk])

    @property
    def stopped(self) -> bool:
        """Whether the work in the background ended without an end of its own."""
        is_waiting = self.state in {self.State.CHECKING, self.State.APPLYING}
        return is_waiting and (self.job is None or self.job.is_over)
