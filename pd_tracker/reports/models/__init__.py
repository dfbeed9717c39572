"""What reports keep: exports with a name, and what they need not work out again. Nothing here is a fact."""

from pd_tracker.reports.models.exports import ExportRun, NamedExport
from pd_tracker.reports.models.person_years import PersonYearPart, PersonYearStore

__all__ = ["ExportRun", "NamedExport", "PersonYearPart", "PersonYearStore"]
