"""What reports keep, so that they need not work it out again. Nothing here is a fact."""

from pd_tracker.reports.models.person_years import PersonYearPart, PersonYearStore

__all__ = ["PersonYearPart", "PersonYearStore"]
