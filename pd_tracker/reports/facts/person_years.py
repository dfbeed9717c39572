"""Person-years: who stood in which snapshot, cut to what the reader may see. All reports about people share them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np

from pd_tracker.access import Capability, Reach, Reader
from pd_tracker.reports.estimators.groups import Floats, Ints, as_places
from pd_tracker.reports.facts.calendar import district_of, newest_roster
from pd_tracker.reports.facts.parts import OF_ROW, OF_TRAINING, Column, Part
from pd_tracker.reports.facts.records import SchoolFact, people_in, read_records, schools_of, title_i_of
from pd_tracker.reports.facts.stored import as_stored
from pd_tracker.reports.recorded import Flags
from pd_tracker.reports.snapshots import ShortSpells, Snapshots, as_it_was_then, short_spells, snapshots
from teachers.models import District, Employment, SchoolYear
from teachers.rules.periods import Year, year_of

DERIVED = {"fte", "experience", "title_i"}  # from other columns


@dataclass(frozen=True, eq=False, slots=True)
class PersonYears:
    """Snapshots with the names behind their numbers, and what is known about the records themselves.

    `as_of` is the day of the newest roster; None means that none was loaded, and then there are no rows.
    `first_end` is the earliest end of an employment on record, `begins` the day the district says leavers are known.
    `born` goes by teacher, 0 where unknown. `until_december` is what `facts.first_years` finds, if it is known already.
    """

    rows: Snapshots
    short_spells: ShortSpells
    teacher_ids: Ints
    born: Ints
    schools: tuple[SchoolFact, ...]
    subjects: tuple[str, ...]
    as_of: date | None
    first_end: date | None
    begins: date | None
    census_days: Mapping[int, date]
    until_december: Ints | None = None

    def census_on(self, year: int) -> date:
        return self.census_days.get(year) or Year(year).census_on

    def only(self, keep: Flags | Ints) -> PersonYears:
        if keep.dtype == np.bool_ and keep.all():
            return self
        places = as_places(keep)
        until = None if self.until_december is None else self.until_december[places]
        return replace(self, rows=self.rows.only(places), until_december=until)

    def at_schools(self, keys: Collection[int]) -> PersonYears:
        """The part whose main school is one of these."""
        chosen = np.array([*(school.pk in keys for school in self.schools), False])  # school -1 is the last entry
        spells = self.short_spells.only(chosen[self.short_spells.school])
        return replace(self.only(chosen[self.rows.school]), short_spells=spells)


def person_years(
    reader: Reader,
    *,
    training: bool = True,
    training_in: Year | None = None,
    capability: Capability = Capability.REPORTS_VIEW,
    narrow: Collection[str] | None = None,
) -> PersonYears:
    """Everybody in S(y) whom the reader may count: the whole district, or whoever's main school that year they lead.

    Reports that ask nothing about training spare its query with `training=False`, and those that ask about one year
    only with `training_in`; what they find in other minutes means nothing. A report that names the columns it reads in
    `narrow` may get all others as 0, and these in small types: it must not calculate in them what they cannot hold.
    """
    reach = reader.reach(capability)
    district = district_of(reader)
    as_of, schools = newest_roster(district), schools_of(district)
    whole = holds_all(reach, district)
    if whole and district and as_of:
        part = as_stored(district, as_of, schools, _wanted(narrow, training=training))
        if part is not None:
            return _from_part(district, as_of, schools, part, wide=narrow is None)
    people = people_in(district, reach)
    records, subjects = read_records(district, as_of, people, schools, training=training, training_in=training_in)
    records = as_it_was_then(records)
    found = PersonYears(
        rows=snapshots(records),
        short_spells=short_spells(records),
        teacher_ids=records.people,
        born=records.born,
        schools=schools,
        subjects=subjects,
        as_of=as_of,
        first_end=_first_end(district),
        begins=district.records_begin_on if district else None,
        census_days=dict(zip(records.years.tolist(), map(date.fromordinal, records.days.tolist()), strict=True)),
    )
    return found if whole else found.at_schools(reach.school_ids)


def _wanted(narrow: Collection[str] | None, *, training: bool) -> list[str]:
    if narrow is not None:
        return ["year", "thousandths", *narrow]
    return [name for name in OF_ROW if training or name not in OF_TRAINING]


def _from_part(
    district: District, as_of: date, schools: tuple[SchoolFact, ...], part: Part, *, wide: bool
) -> PersonYears:
    first, last = int(part["first_census"].min(initial=year_of(as_of).start)) - 1, year_of(as_of).start
    days = [day for day in SchoolYear.objects.days_of(district.pk, first, last) if day.census_on <= as_of]
    title_i = title_i_of({school.pk: place for place, school in enumerate(schools)}, days)
    spells = (part[name].astype(np.int64) for name in ("short_year", "short_school", "short_teacher"))
    return PersonYears(
        rows=_rows(part, title_i.astype(np.int8)[part["school"], part["year"] - first], wide=wide),
        short_spells=ShortSpells(*spells),
        teacher_ids=part["people"].astype(np.int64, copy=False),
        born=part["born"],
        schools=schools,
        subjects=part.subjects,
        as_of=as_of,
        first_end=_first_end(district),
        begins=district.records_begin_on,
        census_days={day.year.start: day.census_on for day in days},
        until_december=part.columns.get("until_december"),
    )


def _rows(part: Part, title_i: Column, *, wide: bool) -> Snapshots:
    """Columns that were not read hold 0."""
    nothing, teacher = np.broadcast_to(np.int8(0), len(part["teacher"])), part["teacher"]
    whole: dict[str, Any] = {
        field.name: part.columns.get(field.name, nothing) for field in fields(Snapshots) if field.name not in DERIVED
    }
    whole["title_i"] = title_i
    if wide:
        whole = {name: column.astype(np.int64) for name, column in whole.items()}
    real = np.dtype(np.float64 if wide else np.float32)
    experience: Floats = part["experience"].astype(real)[teacher]
    experience += part["year"] - part["first_census"][teacher]
    fte: Floats = part["thousandths"].astype(real)
    fte /= 1000
    return Snapshots(**whole, experience=experience, fte=fte)


def sees_the_district(reader: Reader, capability: Capability) -> bool:
    """Whether a reader may count everybody of the district, and not only those of some schools."""
    return holds_all(reader.reach(capability), district_of(reader))


def holds_all(reach: Reach, district: District | None) -> bool:
    return reach.everything or (district is not None and district.pk in reach.district_ids)


def _first_end(district: District | None) -> date | None:
    ends = Employment.objects.filter(teacher__district=district, ended_on__isnull=False)
    return ends.order_by("ended_on").values_list("ended_on", flat=True).first()
