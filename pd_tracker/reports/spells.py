"""Person-years in their order within a spell, which its tenure years number."""

from __future__ import annotations

import numpy as np

from pd_tracker.reports.estimators.groups import Ints
from pd_tracker.reports.recorded import Flags
from pd_tracker.reports.snapshots import Snapshots


def not_seen_after(rows: Snapshots) -> Flags:
    """Still here, but not among the rows in the year after."""
    unseen: Flags = rows.retained & ~np.isin(_spell_years(rows, 1), _spell_years(rows, 0))
    return unseen


def until_first(rows: Snapshots, exits: Flags) -> Flags:
    """The rows of each spell up to its first exit, that one included; rows go by person and year."""
    spell = np.unique(_spells(rows), return_inverse=True)[1]
    first = np.full(spell.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, spell[exits], rows.tenure[exits])
    kept: Flags = rows.tenure <= first[spell]
    return kept


def _spells(rows: Snapshots) -> Ints:
    """One number for person and spell; the spell is known by the year in which its tenure was 1."""
    return rows.teacher * 10_000 + rows.year - rows.tenure


def _spell_years(rows: Snapshots, later: int) -> Ints:
    return _spells(rows) * 1_000 + rows.tenure + later
