"""Birth years of the people behind person-years."""

from __future__ import annotations

import numpy as np

from pd_tracker.access import Reader
from pd_tracker.reports.estimators.groups import Ints
from pd_tracker.reports.facts.calendar import district_of
from pd_tracker.reports.facts.person_years import PersonYears
from teachers.models import Teacher


def ages(reader: Reader, facts: PersonYears) -> Ints:
    """Age that each row's person reaches in the calendar year of the census, -1 where no birth year is recorded."""
    known = Teacher.objects.filter(district=district_of(reader), birth_year__isnull=False)
    born = dict(known.values_list("pk", "birth_year"))
    years = np.array([born.get(pk) or 0 for pk in facts.teacher_ids.tolist()], dtype=np.int64)[facts.rows.teacher]
    reached: Ints = np.where(years > 0, facts.rows.year - years, -1)
    return reached
