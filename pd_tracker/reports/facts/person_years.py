"""Person-years: who stood in which snapshot, cut to what the reader may see. All reports about people share them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from pd_tracker.access import Capability, Reach, Reader
from pd_tracker.reports.estimators.groups import Ints
from pd_tracker.reports.facts.calendar import district_of, newest_roster
from pd_tracker.reports.facts.records import SchoolFact, read_records, schools_of
from pd_tracker.reports.snapshots import Flags, ShortSpells, Snapshots, as_it_was_then, short_spells, snapshots
from teachers.models import District, Employment
from teachers.rules.periods import Year


@dataclass(frozen=True, eq=False, slots=True)
class PersonYears:
    """Snapshots with the names behind their numbers, and what is known about the records themselves.

    `as_of` is the day of the newest roster; None means that none was loaded, and then there are no rows.
    `first_end` is the earliest end of an employment on record, `begins` the day the district says leavers are known.
    """

    rows: Snapshots
    short_spells: ShortSpells
    teacher_ids: Ints
    schools: tuple[SchoolFact, ...]
    subjects: tuple[str, ...]
    as_of: date | None
    first_end: date | None
    begins: date | None
    census_days: Mapping[int, date]

    def census_on(self, year: int) -> date:
        return self.census_days.get(year) or Year(year).census_on

    def only(self, keep: Flags | Ints) -> PersonYears:
        return replace(self, rows=self.rows.only(keep))

    def at_schools(self, keys: Collection[int]) -> PersonYears:
        """The part whose main school is one of these."""
        chosen = np.array([*(school.pk in keys for school in self.schools), False])  # school -1 is the last entry
        kept = chosen[self.short_spells.school]
        spells = ShortSpells(self.short_spells.year[kept], self.short_spells.school[kept])
        return replace(self, rows=self.rows.only(chosen[self.rows.school]), short_spells=spells)


def person_years(
    reader: Reader,
    *,
    training: bool = True,
    training_in: Year | None = None,
    capability: Capability = Capability.REPORTS_VIEW,
) -> PersonYears:
    """Everybody in S(y) whom the reader may count: the whole district, or whoever's main school that year they lead.

    Reports that ask nothing about training spare its query with `training=False`, and those that ask about one year
    only with `training_in`; all other minutes are then 0.
    """
    reach = reader.reach(capability)
    district = district_of(reader)
    as_of, schools = newest_roster(district), schools_of(district)
    records, subjects = read_records(district, as_of, reach, schools, training=training, training_in=training_in)
    records = as_it_was_then(records)
    found = PersonYears(
        rows=snapshots(records),
        short_spells=short_spells(records),
        teacher_ids=records.people,
        schools=schools,
        subjects=subjects,
        as_of=as_of,
        first_end=_first_end(district),
        begins=district.records_begin_on if district else None,
        census_days=dict(zip(records.years.tolist(), map(date.fromordinal, records.days.tolist()), strict=True)),
    )
    return found if holds_all(reach, district) else found.at_schools(reach.school_ids)


def sees_the_district(reader: Reader, capability: Capability) -> bool:
    """Whether a reader may count everybody of the district, and not only those of some schools."""
    return holds_all(reader.reach(capability), district_of(reader))


def holds_all(reach: Reach, district: District | None) -> bool:
    return reach.everything or (district is not None and district.pk in reach.district_ids)


def _first_end(district: District | None) -> date | None:
    ends = Employment.objects.filter(teacher__district=district, ended_on__isnull=False)
    return ends.order_by("ended_on").values_list("ended_on", flat=True).first()
