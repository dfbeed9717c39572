"""Row sets of saved exports and of the files made from them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import Max, Q, QuerySet

from pd_tracker.access import Capability, Reader
from pd_tracker.reports.rules.exports import KEPT_DAYS

if TYPE_CHECKING:
    from pd_tracker.reports.models import ExportRun, NamedExport  # noqa: F401


class NamedExportQuerySet(QuerySet["NamedExport"]):
    def visible_to(self, user: Reader) -> Self:
        """One's own; those one removed are not there any more."""
        return self.filter(owner=user.pk, removed_at=None) if user.may(Capability.EXPORTS_HR) else self.none()

    def due(self, *, on: date) -> Self:
        return self.filter(next_run_on__lte=on, stopped_at=None, removed_at=None)

    def with_last(self) -> Self:
        """Adds `last_made_at`, when a file was last made for anybody."""
        return self.annotate(last_made_at=Max("runs__made_at"))


class ExportRunQuerySet(QuerySet["ExportRun"]):
    def visible_to(self, user: Reader) -> Self:
        """Those made for one, and what became of one's own exports; the file is for its reader alone."""
        mine = Q(reader=user.pk) | Q(export__owner=user.pk)
        return self.filter(mine) if user.may(Capability.EXPORTS_HR) else self.none()

    def outdated(self, *, at: datetime) -> Self:
        """Whose file has been kept long enough."""
        return self.filter(made_at__lt=at - timedelta(days=KEPT_DAYS)).exclude(file="")
