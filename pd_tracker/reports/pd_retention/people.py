"""Person-years that can be compared, and what they have in common beside their hours.

A state has millions of them: every column is in the smallest type that holds it, and is cut by places only where used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from pd_tracker.reports.estimators.cells import MOST_HOURS, Cells, Factor, person_year_cells
from pd_tracker.reports.estimators.groups import Codes, Floats, Ints, bands_of
from pd_tracker.reports.estimators.rates import Rate, wilson_rate
from pd_tracker.reports.facts.ages import ages
from pd_tracker.reports.facts.person_years import PersonYears
from pd_tracker.reports.grouping import (
    DOSE_BANDS,
    DOSE_FROM_MINUTES,
    EXPERIENCE_BANDS,
    EXPERIENCE_FROM,
    UNKNOWN_EXPERIENCE,
)
from pd_tracker.reports.recorded import Flags
from pd_tracker.reports.snapshots import RETAINED_IN_DISTRICT, UNOBSERVED, Snapshots, Status
from pd_tracker.reports.wording import year_label

COLUMNS = (
    "year", "school", "tenure", "status", "minutes_before", "minutes_two_before", "until_december",
)  # fmt: skip
SUSPICIOUS_ZEROS = 0.2
LEFT = np.array([*(status not in RETAINED_IN_DISTRICT for status in Status), True])  # what is not observed comes last
_TENURE_FROM = (2, 3, 4, 6, 11, 21)
_TENURE = ("1", "2", "3", "4-5", "6-10", "11-20", "21+")
_AGE_FROM = (55, 60)


@dataclass(frozen=True, eq=False, slots=True)
class Eligible:
    """Person-years with a known dose: places among all rows, and for each its minutes and their band."""

    facts: PersonYears
    places: Ints
    minutes: Ints
    band: Codes

    def __len__(self) -> int:
        return len(self.places)

    @property
    def gone(self) -> Flags:
        gone: Flags = LEFT[self.facts.rows.status[self.places]]
        return gone

    @property
    def years(self) -> Ints:
        return self.facts.rows.year[self.places]

    def only(self, keep: Flags) -> Eligible:
        kept = np.flatnonzero(keep)
        return Eligible(self.facts, self.places[kept], self.minutes[kept], self.band[kept])


@dataclass(frozen=True, slots=True)
class Counts:
    """Person-years of each band and how many of them ended in leaving, and the years they are from."""

    people: tuple[int, ...]
    left: tuple[int, ...]
    years: tuple[int, ...]

    @property
    def rates(self) -> list[Rate]:
        """Shares who left by band, as counted."""
        return list(map(wilson_rate, self.left, self.people))


@dataclass(frozen=True, slots=True)
class Incomplete:
    """School-years in which more than a fifth have no hours, among how many, and the person-years in them."""

    flagged: int
    school_years: int
    people: int


@dataclass(frozen=True, eq=False, slots=True)
class Alike:
    """What teachers are compared at, one code per row of the facts: of everybody, and of those who are not new."""

    everybody: tuple[Factor, ...]
    experienced: tuple[Factor, ...]
    earlier_hours: Factor


def moved_last_year(rows: Snapshots) -> Codes:
    """Whether each row's person had come from another school here, from their row of the year before; -1 without one.

    Rows go by person and year, so that row is the one before.
    """
    moved = np.full(len(rows), UNOBSERVED, dtype=np.int8)
    seen = (rows.teacher[1:] == rows.teacher[:-1]) & (rows.year[1:] == rows.year[:-1] + 1)
    np.copyto(moved[1:], rows.status[:-1] == Status.MOVER_WITHIN, where=seen)
    return moved


def eligible(facts: PersonYears, minutes: Ints) -> Eligible:
    """Those who had a whole year in which to take training, and whose next year is known."""
    places = np.flatnonzero(facts.rows.observed & (minutes >= 0))
    return Eligible(facts, places, minutes[places], bands_of(minutes[places], DOSE_FROM_MINUTES))


def counted(people: Eligible) -> Counts:
    n = len(DOSE_BANDS)
    both = np.bincount(people.band + np.int8(n) * people.gone, minlength=2 * n)
    years = np.flatnonzero(np.bincount(people.years))
    return Counts(tuple((both[:n] + both[n:]).tolist()), tuple(both[n:].tolist()), tuple(years.tolist()))


def complete(everybody: Eligible) -> tuple[Eligible, Incomplete]:
    """Without the school-years whose records look incomplete."""
    year = everybody.years
    first = int(year.min()) if len(year) else 0
    school_year = everybody.facts.rows.school[everybody.places].astype(np.int32)
    school_year *= int(year.max(initial=first)) - first + 1
    school_year += year - first
    people = np.bincount(school_year)
    zeros = np.bincount(school_year[everybody.band == 0], minlength=len(people))
    flagged = zeros > SUSPICIOUS_ZEROS * people
    found = Incomplete(int(flagged.sum()), int(np.count_nonzero(people)), int(people[flagged].sum()))
    return everybody.only(~flagged[school_year]) if found.flagged else everybody, found


def comparison_cells(people: Eligible, covariates: tuple[Factor, ...]) -> Cells:
    """The covariates are those of all rows."""
    dose = Factor(_("PD hours"), DOSE_BANDS, people.band, ordered=True)
    school = people.facts.rows.school[people.places]
    hours = np.minimum(people.minutes, int(60 * MOST_HOURS)) / 60
    return person_year_cells(dose, covariates, school, people.gone, hours=hours, rows=people.places)


def year_name() -> str:
    return _("School year")


def alike(facts: PersonYears, moved: Codes) -> Alike:
    rows, (no, yes) = facts.rows, (_("no"), _("yes"))
    tenure, earlier = bands_of(rows.tenure, _TENURE_FROM), bands_of(rows.minutes_two_before, DOSE_FROM_MINUTES)
    earlier[rows.minutes_two_before < 0] = -1
    return Alike(
        everybody=(_years(rows.year), _experience(rows.experience), *_of_people_and_schools(facts)),
        experienced=(
            Factor(_("Tenure year"), _TENURE, tenure, ordered=True),
            Factor(_("Moved here the year before"), (no, yes), moved),
        ),
        earlier_hours=Factor(_("PD hours two years before"), DOSE_BANDS, earlier, ordered=True),
    )


def _years(year: Ints) -> Factor:
    first = int(year.min()) if len(year) else 0
    levels = range(first, int(year.max(initial=first)) + 1)
    return Factor(year_name(), tuple(map(year_label, levels)), (year - first).astype(np.int8), ordered=True)


def _experience(years: Floats) -> Factor:
    band = bands_of(years, EXPERIENCE_FROM)  # whole years are reached when their numbers are
    band[np.isnan(years)] = -1
    return Factor(_("Experience"), tuple(map(str, EXPERIENCE_BANDS[:UNKNOWN_EXPERIENCE])), band, ordered=True)


def _of_people_and_schools(facts: PersonYears) -> tuple[Factor, ...]:
    rows, (no, yes) = facts.rows, (_("no"), _("yes"))
    age = ages(facts)
    of_age = bands_of(age, _AGE_FROM)
    of_age[age < 0] = -1
    levels = tuple(sorted({school.level for school in facts.schools} - {""}))
    of_level = {school.level: school for school in facts.schools}
    of_school = [levels.index(made.level) if made.level else -1 for made in facts.schools]
    return (
        Factor(_("Age"), (_("below 55"), "55-59", _("60 or older")), of_age, ordered=True),
        Factor(
            _("School level"),
            tuple(of_level[level].level_name for level in levels),
            np.array(of_school, dtype=np.int8)[rows.school],
        ),
        Factor(_("Part time"), (no, yes), (rows.fte < 1).view(np.int8)),
        Factor(_("Title I"), (no, yes), rows.title_i),
    )
