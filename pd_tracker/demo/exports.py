"""Exports that HR of the demonstration has saved: one each Friday, one for payroll after each month."""

from __future__ import annotations

from datetime import timedelta

from pd_tracker.access import Role
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import moment
from pd_tracker.reports.exports.actions import save_export
from pd_tracker.reports.models import NamedExport

FRIDAY = 4
PAYROLL = [["staff_id", "EMPLOYEE"], ["family_name", "LAST"], ["given_name", "FIRST"], ["hours", "PD_HOURS"]]


def add_exports(loaded: Loaded) -> None:
    hr, today = loaded.user(Role.HR), loaded.played.today
    hr.__dict__["today"] = today
    columns = {"table": "by_teacher", "columns": PAYROLL, "delimiter": "comma", "days": "us", "mark": True}
    for export in (
        NamedExport(name="Workbook for the Friday meeting", kind="workbook", schedule="weekly", weekday=FRIDAY),
        NamedExport(
            name="Hours for payroll", kind="columns", schedule="month_end", filters={"left": "no"}, options=columns
        ),
    ):
        at = moment(today - timedelta(days=20))
        save_export(export=export, recipients=[hr], actor=hr, at=at, on=today)
