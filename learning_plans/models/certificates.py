"""Numbers under which strangers can check a certificate."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from learning_plans.models.completions import Completion
from learning_plans.querysets.completions import CertificateQuerySet
from learning_plans.rules.certificates import LENGTH, in_parts, new_number


class Certificate(models.Model):
    """Given once and never changed, so it has no history; whether it is valid is read from the completion."""

    completion = models.OneToOneField(
        Completion, on_delete=models.PROTECT, related_name="certificate", verbose_name=_("completion")
    )
    number = models.CharField(_("number"), max_length=LENGTH, unique=True, default=new_number, editable=False)
    issued_at = models.DateTimeField(_("issued"))

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return in_parts(self.number)
