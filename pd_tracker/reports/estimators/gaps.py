"""Gaps between two groups of students in the same classroom, by their teacher's training."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pd_tracker.reports.estimators.groups import Floats, group_codes, places
from pd_tracker.reports.estimators.lagged_outcome import LaggedRows, lagged_rows
from pd_tracker.reports.estimators.least_squares import Coefficient, LinearFit, estimate, school_sums
from pd_tracker.reports.estimators.shrinkage import benjamini_hochberg

LEAST = 5  # students of each group in a classroom, for its gap to say anything
MIN_CLASSROOMS, MIN_SCHOOLS = 10, 3

Note: TypeAlias = Literal["", "reference", "few classrooms", "not comparable"]


@dataclass(frozen=True, eq=False, slots=True)
class GroupMeans:
    """Means and numbers of students of one group per classroom, this year and the year before (NaN where missing)."""

    mean: ArrayLike
    students: ArrayLike
    prior: ArrayLike


@dataclass(frozen=True, slots=True)
class GapChange:
    """One dose band against the reference band: how the gap changed, and how each group's mean changed.

    `gap` is `focal` minus `other`, exactly. `levelled_down` says that the gap narrowed more because the group ahead
    before fell than because the group behind rose. `adjusted_p` is filled by `adjusted_for_groups`.
    """

    band: Hashable
    classrooms: int
    mean_gap: float | None
    gap: Coefficient | None
    focal: Coefficient | None
    other: Coefficient | None
    narrowed: bool
    levelled_down: bool
    note: Note
    adjusted_p: float | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Gaps:
    """Bands in order, the fit of the gap, rows left out, and levels of covariates that count as "other"."""

    bands: tuple[GapChange, ...]
    fit: LinearFit
    excluded: int
    merged: tuple[str, ...]


def gap_changes(
    focal: GroupMeans,
    other: GroupMeans,
    band: Sequence[Hashable],
    year: ArrayLike,
    school: ArrayLike,
    *,
    reference: Hashable,
    bands: Sequence[Hashable],
    covariates: Mapping[str, ArrayLike] | None = None,
    least: int = LEAST,
    level: float = 0.95,
) -> Gaps:
    """Whether the gap between two groups of students is smaller in the classrooms of teachers with more training.

    Parameters
    ----------
    focal, other
        Both groups in every classroom, on one scale; a row is a teacher in a school year.
    band
        Dose band of the teacher's training completed between the two results.
    year, school, covariates
        As in `lagged_outcome`.
    reference, bands
        The band compared with, and all bands in order.
    least
        Students each group needs in a classroom: 5, or 10 on a public page.
    level
        Confidence level of the intervals.

    Returns
    -------
    Gaps
        Changes in the outcome's units, None where `note` says why.

    Raises
    ------
    ValueError
        When columns differ in length, or a label is not among `bands`.

    Notes
    -----
    D = focal mean - other mean, weight 1 / (1/n_focal + 1/n_other), least squares on the band, last year's D, year and
    covariates, jackknife below 50 schools. What a teacher does for all her students cancels in D, so this asks less of
    the data than comparing focal students of different teachers. Each group's change since last year is fitted on
    the same columns with the same weights, so that the two changes differ by exactly the change of the gap.
    It does not remove what makes a teacher good for one group and choose training; students are not followed.
    """
    ours, theirs = _numbers(focal), _numbers(other)
    dose = places(band, bands)
    if {len(column) for column in (*ours, *theirs, dose)} != {len(ours[0])}:
        raise ValueError("Columns differ in length.")
    weight = np.zeros(len(dose))
    seen = np.minimum(ours[1], theirs[1]) >= max(least, 1)
    weight[seen] = 1 / (1 / ours[1][seen] + 1 / theirs[1][seen])
    rows = lagged_rows(ours[0] - theirs[0], ours[2] - theirs[2], year, weight, school, covariates=covariates)
    chosen = dose[rows.used]
    columns = rows.columns | {
        f"band {place}": (chosen == place).astype(np.float64) for place, label in enumerate(bands) if label != reference
    }
    outcomes = (rows.outcome, *(mean[rows.used] - prior[rows.used] for mean, _students, prior in (ours, theirs)))
    fits = [_fitted(columns, rows, outcome, level) for outcome in outcomes]
    comparable = _enough(rows, chosen == list(bands).index(reference)) if reference in bands else False
    changes = tuple(
        _change(
            label, rows, chosen == place, [found[f"band {place}"] for found in fits], label == reference, comparable
        )
        for place, label in enumerate(bands)
    )
    return Gaps(changes, fits[0], int((~rows.used).sum()), rows.merged)


def adjusted_for_groups(found: Sequence[Gaps]) -> tuple[Gaps, ...]:
    """The same results with p-values adjusted for having asked about several focal groups on one outcome."""
    tested = [change.gap.p for gaps in found for change in gaps.bands if change.gap and change.gap.p is not None]
    adjusted = iter(benjamini_hochberg(tested).tolist())
    return tuple(
        replace(
            gaps,
            bands=tuple(
                replace(change, adjusted_p=next(adjusted)) if change.gap and change.gap.p is not None else change
                for change in gaps.bands
            ),
        )
        for gaps in found
    )


def _numbers(group: GroupMeans) -> tuple[Floats, Floats, Floats]:
    mean, students, prior = (np.asarray(part, dtype=np.float64) for part in (group.mean, group.students, group.prior))
    return mean, students, prior


def _fitted(columns: Mapping[str, Floats], rows: LaggedRows, outcome: Floats, level: float) -> LinearFit:
    table = np.column_stack([*columns.values()])
    return estimate(school_sums(table, outcome, rows.weight, rows.school, names=[*columns]), level=level)


def _enough(rows: LaggedRows, chosen: NDArray[np.bool_]) -> bool:
    return bool(chosen.sum() >= MIN_CLASSROOMS) and group_codes(rows.school[chosen])[1] >= MIN_SCHOOLS


def _change(
    label: Hashable,
    rows: LaggedRows,
    chosen: NDArray[np.bool_],
    found: Sequence[Coefficient | None],
    is_reference: bool,
    comparable: bool,
) -> GapChange:
    n = int(chosen.sum())
    mean = float(np.average(rows.outcome[chosen], weights=rows.weight[chosen])) if n else None
    bare = GapChange(label, n, mean, None, None, None, narrowed=False, levelled_down=False, note="reference")
    if is_reference:
        return bare
    if not _enough(rows, chosen):
        return replace(bare, note="few classrooms")
    gap, focal, other = found
    if not comparable or gap is None or focal is None or other is None:
        return replace(bare, note="not comparable")
    narrowed, down = _narrowing(float(np.average(rows.columns["prior"], weights=rows.weight)), focal.value, other.value)
    return replace(bare, gap=gap, focal=focal, other=other, narrowed=narrowed, levelled_down=down, note="")


def _narrowing(before: float, focal: float, other: float) -> tuple[bool, bool]:
    """Whether the gap narrowed, and whether most of that is a fall of the group that is ahead."""
    rise_behind, rise_ahead = (focal, other) if before < 0 else (other, focal)
    narrowed = rise_behind > rise_ahead
    return narrowed, narrowed and -rise_ahead > rise_behind
