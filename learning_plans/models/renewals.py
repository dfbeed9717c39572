"""Notices about licenses that end: what was sent to whom, and when. What was sent is never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learning_plans.querysets.renewals import RenewalMailingQuerySet, RenewalNoticeQuerySet
from teachers.models import District, Licence


class RenewalMailing(models.Model):
    """One text sent about many licenses at once."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("text"), max_length=4_000)
    in_site = models.BooleanField(_("told in the site"))
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("sent by")
    )

    objects = RenewalMailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing about licenses")
        verbose_name_plural = _("mailings about licenses")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.district} {self.sent_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("learning_plans:mailing", args=[self.pk])


class RenewalNotice(models.Model):
    """The words one person got about one license, and how things stood that day."""

    mailing = models.ForeignKey(RenewalMailing, on_delete=models.PROTECT, related_name="notices")
    licence = models.ForeignKey(
        Licence, on_delete=models.PROTECT, related_name="renewal_notices", verbose_name=_("license")
    )
    words = models.TextField(_("words"))
    ends_on = models.DateField(_("ended or ends"), null=True)
    days_left = models.IntegerField(_("days left"), null=True)
    short = models.CharField(_("missing"), max_length=400, blank=True)
    school = models.CharField(_("school"), max_length=200, blank=True)
    was_told = models.BooleanField(_("told in the site"), default=False)

    objects = RenewalNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice about a license")
        verbose_name_plural = _("notices about licenses")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.licence} {self.mailing}"

    def get_absolute_url(self) -> str:
        return reverse("learning_plans:renewal_notice", args=[self.pk])
