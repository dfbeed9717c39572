"""What proves that something was learned: a file or a link. Taken out with a reason, never deleted."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from learning_plans.models.completions import Completion
from learning_plans.querysets.pending import EvidenceQuerySet
from teachers.models import Teacher


def stored_as(evidence: Evidence, filename: str) -> str:
    """A name of our own: what a person called the file never becomes a path."""
    return f"evidence/{evidence.completion_id}/{evidence.sha256}"


class Evidence(models.Model):
    completion = models.ForeignKey(
        Completion, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("completion")
    )
    file = models.FileField(_("file"), upload_to=stored_as, blank=True)
    filename = models.CharField(_("name of the file"), max_length=200, blank=True)
    content_type = models.CharField(_("kind of file"), max_length=40, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True, validators=[URLValidator(schemes=["https", "http"])])
    note = models.CharField(_("note"), max_length=400, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"))
    removed_at = models.DateTimeField(_("taken out"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_is_a_file_or_a_link",
                condition=(Q(link="") & ~Q(file="")) | (~Q(link="") & Q(file="")),
                violation_error_message=_("Give a file or a link, one of the two."),
            )
        ]

    def __str__(self) -> str:
        return self.filename or self.link

    def get_absolute_url(self) -> str:
        return reverse("learning_plans:evidence", args=[self.pk])

    @property
    def teacher(self) -> Teacher:
        return self.completion.teacher

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_pdf(self) -> bool:
        return self.content_type == "application/pdf"
