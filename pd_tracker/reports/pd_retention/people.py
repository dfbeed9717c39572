"""Person-years that can be compared, and what they have in common beside their hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from pd_tracker.reports.estimators.cells import Cells, Factor, person_year_cells
from pd_tracker.reports.estimators.groups import Ints, as_places, group_codes
from pd_tracker.reports.facts.person_years import PersonYears
from pd_tracker.reports.grouping import DOSE_BANDS, EXPERIENCE_BANDS, UNKNOWN_EXPERIENCE, dose_band, experience_band
from pd_tracker.reports.snapshots import UNOBSERVED, Flags, Snapshots, Status
from pd_tracker.reports.wording import year_label

SUSPICIOUS_ZEROS = 0.2
_TENURE_FROM = (2, 3, 4, 6, 11, 21)
_TENURE = ("1", "2", "3", "4-5", "6-10", "11-20", "21+")
_AGE_FROM = (55, 60)


@dataclass(frozen=True, eq=False, slots=True)
class Eligible:
    """Person-years with a known dose. `age` and `moved` (0, 1) are -1 where nothing is recorded."""

    facts: PersonYears
    minutes: Ints
    age: Ints
    moved: Ints

    @property
    def rows(self) -> Snapshots:
        return self.facts.rows

    @property
    def band(self) -> Ints:
        return dose_band(self.minutes)

    @property
    def gone(self) -> Flags:
        gone: Flags = ~self.rows.retained
        return gone

    def only(self, keep: Flags) -> Eligible:
        places = as_places(keep)
        return Eligible(self.facts.only(places), self.minutes[places], self.age[places], self.moved[places])


@dataclass(frozen=True, eq=False, slots=True)
class Incomplete:
    """School-years in which more than a fifth have no hours, among how many, and the person-years in them."""

    flagged: int
    school_years: int
    people: int


def moved_last_year(rows: Snapshots) -> Ints:
    """Whether each row's person had come from another school here, from their row of the year before."""
    key = rows.teacher * 10_000 + rows.year  # in ascending order: rows go by person and year
    place = np.minimum(np.searchsorted(key, key - 1), max(len(key) - 1, 0))
    seen = key[place] == key - 1
    moved: Ints = np.where(seen, rows.status[place] == Status.MOVER_WITHIN, UNOBSERVED)
    return moved


def eligible(facts: PersonYears, minutes: Ints, age: Ints, moved: Ints) -> Eligible:
    """Those who had a whole year in which to take training, and whose next year is known."""
    return Eligible(facts, minutes, age, moved).only(facts.rows.observed & (minutes >= 0))


def complete(everybody: Eligible) -> tuple[Eligible, Incomplete]:
    """Without the school-years whose records look incomplete."""
    code, school_years = group_codes(everybody.rows.school, everybody.rows.year)
    people = np.bincount(code, minlength=school_years)
    zeros = np.bincount(code[everybody.band == 0], minlength=school_years)
    flagged = zeros > SUSPICIOUS_ZEROS * people
    return everybody.only(~flagged[code]), Incomplete(int(flagged.sum()), school_years, int(people[flagged].sum()))


def comparison_cells(people: Eligible, covariates: list[Factor]) -> Cells:
    dose = Factor(_("PD hours"), DOSE_BANDS, people.band, ordered=True)
    return person_year_cells(dose, covariates, people.rows.school, people.gone, hours=people.minutes / 60)


def year_name() -> str:
    return _("School year")


def everybodys_factors(people: Eligible) -> list[Factor]:
    """What new and experienced teachers are both adjusted for."""
    rows = people.rows
    years, year = np.unique(rows.year, return_inverse=True)
    band = experience_band(rows.experience)
    levels = tuple(sorted({school.level for school in people.facts.schools} - {""}))
    of_school = [levels.index(made.level) if made.level else -1 for made in people.facts.schools]
    level = np.array(of_school, dtype=np.int64)[rows.school]
    named = {school.level: school.level_name for school in people.facts.schools}
    no, yes = _("no"), _("yes")
    ages = np.where(people.age < 0, -1, np.searchsorted(_AGE_FROM, people.age, side="right"))
    return [
        Factor(year_name(), tuple(year_label(start) for start in years), year.astype(np.int64), ordered=True),
        Factor(
            _("Experience"),
            tuple(map(str, EXPERIENCE_BANDS[:UNKNOWN_EXPERIENCE])),
            np.where(band == UNKNOWN_EXPERIENCE, -1, band),
            ordered=True,
        ),
        Factor(_("Age"), (_("below 55"), "55-59", _("60 or older")), ages.astype(np.int64), ordered=True),
        Factor(_("School level"), tuple(map(named.__getitem__, levels)), level),
        Factor(_("Part time"), (no, yes), (rows.fte < 1).astype(np.int64)),
        Factor(_("Title I"), (no, yes), rows.title_i),
    ]


def experienced_factors(people: Eligible, *, with_earlier_hours: bool) -> list[Factor]:
    """The same, tenure, a move the year before, and hours of the year before last where they are not the dose."""
    rows = people.rows
    tenure = np.searchsorted(_TENURE_FROM, rows.tenure, side="right").astype(np.int64)
    found = [
        *everybodys_factors(people),
        Factor(_("Tenure year"), _TENURE, tenure, ordered=True),
        Factor(_("Moved here the year before"), (_("no"), _("yes")), people.moved),
    ]
    if with_earlier_hours:
        earlier = np.where(rows.minutes_two_before < 0, -1, dose_band(rows.minutes_two_before))
        found.append(Factor(_("PD hours two years before"), DOSE_BANDS, earlier, ordered=True))
    return found
