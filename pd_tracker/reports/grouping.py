"""Groups of person-years: by school, level, subject, experience, Title I or earlier training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import ArrayLike

from pd_tracker.reports.estimators.groups import Floats, Ints, sum_by
from pd_tracker.reports.facts.person_years import PersonYears
from pd_tracker.reports.recorded import Flags

DOSE_BANDS = ("0", "1-14", "15-29", "30-49", "50+")
REFERENCE_BAND = "1-14"
DOSE_FROM_MINUTES = (1, 15 * 60, 30 * 60, 50 * 60)
EXPERIENCE_FROM = (4, 11, 21)
EXPERIENCE_BANDS = (
    gettext_lazy("0-3 years"),
    gettext_lazy("4-10 years"),
    gettext_lazy("11-20 years"),
    gettext_lazy("21 or more years"),
    gettext_lazy("Not recorded"),
)
UNKNOWN_EXPERIENCE = len(EXPERIENCE_BANDS) - 1


@dataclass(frozen=True, eq=False, slots=True)
class Groups:
    """A group for every row, as a place in `labels`."""

    codes: Ints
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Year and group of every combination that occurs, in order, and the place of every row among them."""

    of_row: Ints
    years: Ints
    labels: tuple[str, ...]
    size: Ints

    def sum(self, values: ArrayLike) -> Floats:
        return sum_by(self.of_row, values, len(self.years))

    def count(self, rows: Flags) -> list[int]:
        return np.bincount(self.of_row[rows], minlength=len(self.years)).tolist()  # type: ignore[no-any-return]

    def median(self, values: Ints) -> Floats:
        ordered = values[np.lexsort((values, self.of_row))]
        first = np.cumsum(self.size) - self.size
        middle: Floats = (ordered[first + (self.size - 1) // 2] + ordered[first + self.size // 2]) / 2
        return middle


def cells(facts: PersonYears, by: str) -> Cells:
    made = groups(facts, by)
    width = max(len(made.labels), 1)
    places, of_row = np.unique(facts.rows.year * width + made.codes, return_inverse=True)
    labels = tuple(made.labels[place % width] for place in places.tolist())
    return Cells(of_row, places // width, labels, np.bincount(of_row, minlength=len(places)))


def dose_band(minutes: ArrayLike) -> Ints:
    """Place in DOSE_BANDS; everything above 0 and under 15 hours is in the second."""
    return np.searchsorted(DOSE_FROM_MINUTES, np.asarray(minutes), side="right").astype(np.int64, copy=False)


def experience_band(years: Floats) -> Ints:
    """Place of whole years of experience among the bands, the last for unknown."""
    bands = np.searchsorted(EXPERIENCE_FROM, np.floor(years), side="right")
    return np.where(np.isnan(years), UNKNOWN_EXPERIENCE, bands).astype(np.int64)


def groups(facts: PersonYears, by: str) -> Groups:
    return _MAKERS[by](facts)


def _everybody(facts: PersonYears) -> Groups:
    return Groups(np.zeros(len(facts.rows), dtype=np.int64), (_("All"),))


def _schools(facts: PersonYears) -> Groups:
    same_name = Counter(school.name for school in facts.schools)
    names = [
        f"{school.name} ({school.school_id})" if same_name[school.name] > 1 else school.name for school in facts.schools
    ]
    return _named(facts.rows.school, names)


def _levels(facts: PersonYears) -> Groups:
    return _named(facts.rows.school, [school.level_name for school in facts.schools])


def _subjects(facts: PersonYears) -> Groups:
    return _named(facts.rows.subject, facts.subjects)


def _experience(facts: PersonYears) -> Groups:
    return Groups(experience_band(facts.rows.experience), tuple(map(str, EXPERIENCE_BANDS)))


def _title_i(facts: PersonYears) -> Groups:
    labels = (_("Title I"), _("Not Title I"), _("Not recorded"))
    return Groups(1 - facts.rows.title_i, labels)


def _named(places: Ints, names: Sequence[str]) -> Groups:
    """Groups of places with one name, in the order of the names; without a name last."""
    unnamed = _("Not recorded")
    present = sorted({names[place] for place in np.unique(places)}, key=lambda name: (not name, name))
    code = {name: number for number, name in enumerate(present)}
    of_place = np.array([code.get(name, -1) for name in names], dtype=np.int64)
    return Groups(of_place[places] if len(places) else places, tuple(name or unnamed for name in present))


_MAKERS: dict[str, Callable[[PersonYears], Groups]] = {
    "": _everybody,
    "year": _everybody,
    "school": _schools,
    "level": _levels,
    "subject": _subjects,
    "experience": _experience,
    "title_i": _title_i,
}
