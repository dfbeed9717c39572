"""Ages of the people behind person-years."""

from __future__ import annotations

import numpy as np

from pd_tracker.reports.estimators.groups import Ints
from pd_tracker.reports.facts.person_years import PersonYears


def ages(facts: PersonYears) -> Ints:
    """Age that each row's person reaches in the calendar year of the census, -1 where no birth year is recorded."""
    born = facts.born[facts.rows.teacher]
    reached: Ints = np.where(born > 0, facts.rows.year - born, -1)
    return reached
