"""The small district of the HR summary."""

from tests.pd_tracker.reports.hr_summary.conftest import tiny

__all__ = ["tiny"]
