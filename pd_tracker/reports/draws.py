"""People in draws of seats as columns: what was known of them before, who stayed, and their classrooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pd_tracker.reports.estimators.groups import Floats
from pd_tracker.reports.facts.classrooms import Classrooms
from pd_tracker.reports.facts.lotteries import Applicant
from pd_tracker.reports.facts.person_years import PersonYears


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """Applications as columns, and the place of each person among the person-years at the last census before it."""

    rows: Sequence[Applicant]
    before: Sequence[int | None]
    stayed: Floats

    @property
    def columns(self) -> tuple[Floats, list[int], list[int]]:
        """Who won, the draw, and the person: what every comparison needs."""
        won = np.array([row.won for row in self.rows], dtype=np.float64)
        return won, [row.draw.session for row in self.rows], [row.teacher for row in self.rows]


def drawn_people(facts: PersonYears, rows: Sequence[Applicant]) -> Drawn:
    place = _places(facts, {row.teacher for row in rows})
    judged = set(facts.rows.year[facts.rows.observed].tolist())
    before = [_before(facts, place, row) for row in rows]
    stayed = [_stayed(facts, place, row) if row.draw.year in judged else np.nan for row in rows]
    return Drawn(rows, before, np.array(stayed, dtype=np.float64))


def _places(facts: PersonYears, teachers: set[int]) -> dict[tuple[int, int], int]:
    """The row of every one of these people in every year."""
    who = facts.teacher_ids[facts.rows.teacher]
    mine = np.flatnonzero(np.isin(who, list(teachers)))
    return {(int(who[row]), int(facts.rows.year[row])): int(row) for row in mine}


def _before(facts: PersonYears, place: Mapping[tuple[int, int], int], row: Applicant) -> int | None:
    """What was known before the draw may not come from a census after it."""
    year = row.draw.year
    newest = year if facts.census_on(year) <= row.draw.drawn_on else year - 1
    return place.get((row.teacher, newest))


def _stayed(facts: PersonYears, place: Mapping[tuple[int, int], int], row: Applicant) -> float:
    """At the census after the session's school year; NaN for people who were in no snapshot around the draw."""
    during = place.get((row.teacher, row.draw.year))
    if during is not None:
        return float(facts.rows.retained[during])
    known = (row.teacher, row.draw.year - 1) in place
    return float((row.teacher, row.draw.year + 1) in place) if known else np.nan


def teacher_means(results: Classrooms, values: Floats) -> dict[tuple[int, int], float]:
    """Mean of each teacher and year over their classrooms, weighted by students where their count is known."""
    known = ~np.isnan(values)
    weights = np.where(np.isnan(results.students), 1.0, np.maximum(results.students, 1.0))
    sums: dict[tuple[int, int], tuple[float, float]] = {}
    columns = (results.teacher_id, results.year, values, weights)
    for teacher, year, value, weight in zip(*(column[known].tolist() for column in columns), strict=True):
        total, heavy = sums.get((teacher, year), (0.0, 0.0))
        sums[teacher, year] = total + weight * value, heavy + weight
    return {key: total / weight for key, (total, weight) in sums.items()}


def rates(drawn: Drawn) -> tuple[float, float]:
    """Shares still here of winners and losers in draws that had both."""
    arms = {(row.draw.session, row.won) for row, stayed in zip(drawn.rows, drawn.stayed, strict=True) if stayed >= 0}
    both = np.array([{(row.draw.session, True), (row.draw.session, False)} <= arms for row in drawn.rows])
    won = drawn.columns[0] > 0
    return float(np.nanmean(drawn.stayed[both & won])), float(np.nanmean(drawn.stayed[both & ~won]))


def covariates(facts: PersonYears, drawn: Drawn) -> dict[str, Floats]:
    rows = facts.rows
    minutes = np.where(rows.minutes_before < 0, np.nan, rows.minutes_before / 60)
    known = {
        "experience": rows.experience,
        "tenure": rows.tenure.astype(np.float64),
        "fte": rows.fte,
        "hours": minutes,
        "title_i": np.where(rows.title_i < 0, np.nan, rows.title_i),
    }
    return {
        name: np.array([np.nan if row is None else column[row] for row in drawn.before], dtype=np.float64)
        for name, column in known.items()
    }
