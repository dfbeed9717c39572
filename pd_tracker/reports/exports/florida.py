"""Florida's record as a file, with every row that could not be made beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.rules.choices import ActivityType
from pd_tracker.reports.facts.hr.components import Component, components, ids_of
from pd_tracker.reports.facts.hr.roster import Roster, roster
from pd_tracker.reports.hr_summary.form import Asked
from pd_tracker.reports.rules import florida
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.sheets.writing import write_csv

STAFF_ID = "staff_id"
LINE_END = "\r\n"
REASONS = {
    "district": gettext_lazy("The district number has at most 2 digits."),
    "school": gettext_lazy("“{value}” is no school number of at most 4 digits."),
    "person": gettext_lazy("“{value}” is no id of at most 10 letters and digits."),
    "fiscal_year": gettext_lazy("“{value}” is no fiscal year."),
    "component": gettext_lazy(
        "“{value}” is no component number of 7 letters and digits; it is taken from the course code."
    ),
    "completed_in": gettext_lazy("The district number has at most 2 digits."),
}
NOT_MADE = (
    Column("staff_id", gettext_lazy("Staff id"), Kind.ID),
    Column("name", gettext_lazy("Name")),
    Column("code", gettext_lazy("Course code"), Kind.ID),
    Column("title", gettext_lazy("Course")),
    Column("hours", gettext_lazy("Hours"), Kind.HOURS, decimals=2),
    Column("reason", gettext_lazy("Why no record was made")),
)


@dataclass
class FloridaFile:
    """A zip of the record and of the rows not made; it is counted while it is written."""

    asked: Asked
    options: dict[str, Any]
    rows: dict[str, int] = field(default_factory=lambda: {"records": 0, "not_made": 0})
    content_type = "application/zip"

    @property
    def name(self) -> str:
        return f"florida-staff-pd-{self.asked.year.label}.zip"

    def write(self, out: BinaryIO) -> None:
        left_over: list[tuple[Any, ...]] = []
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            with archive.open(f"staff-pd-{florida.fiscal_year(self.asked.year.label)}.txt", "w") as part:
                for line in self.lines(left_over):
                    part.write(f"{line}{LINE_END}".encode("ascii"))
            with archive.open("not-made.csv", "w") as part:
                write_csv(Table("not_made", _("Not made"), NOT_MADE, left_over), part)  # type: ignore[arg-type]
        self.rows["not_made"] = len(left_over)

    def lines(self, left_over: list[tuple[Any, ...]]) -> Iterator[str]:
        """Every component becomes a record or is left over with the reason."""
        scope, system = self.asked.scope, self.options["person_id"]
        people = roster(scope)
        ids = None if system == STAFF_ID else ids_of(scope, system)
        for done in components(scope):
            values, reason = self.values(done, people, ids)
            reason = reason or unfit_words(values)
            if reason:
                name = f"{done.family_name}, {done.given_name}"
                left_over.append((done.staff_id, name, done.code, done.title, done.minutes / 60, reason))
                continue
            self.rows["records"] += 1
            yield florida.record(values)

    def values(self, done: Component, people: Roster, ids: dict[int, list[str]] | None) -> tuple[dict[str, str], str]:
        """What stands in the record, and why it cannot be made where something is missing."""
        post, hours = people.posts.get(done.teacher), florida.whole_hours(done.minutes)
        known = [done.staff_id] if ids is None else ids.get(done.teacher, [])
        values = self.options | {
            "school": post.school_code if post else "",
            "person": known[0] if known else "",
            "survey_period": florida.SURVEY_PERIOD,
            "fiscal_year": florida.fiscal_year(self.asked.year.label),
            "component": done.code,
            "hours": str(hours),
            "transaction": self.options["transaction"],
            "completed_in": self.options["district"],
            "learning_method": self.method(done.activity_type),
        }
        return values, self.missing(post is not None, known, hours)

    def missing(self, has_school: bool, known: list[str], hours: int) -> str:
        if not has_school:
            return _("No school this year.")
        if not known:
            return _("No id of “{system}” is on record.").format(system=self.options["person_id"])
        if len(known) > 1:
            return _("Several ids of “{system}” are on record.").format(system=self.options["person_id"])
        if not hours:
            return _("Less than one whole hour.")
        return _("More than 999 hours.") if hours > florida.MOST_HOURS else ""

    def method(self, activity_type: str) -> str:
        found = florida.METHOD_OF_TYPE.get(ActivityType(activity_type))
        return found.value if found else str(self.options["other_method"])


def unfit_words(values: dict[str, str]) -> str:
    name = florida.unfit(values)
    return str(REASONS[name]).format(value=values[name]) if name else ""
