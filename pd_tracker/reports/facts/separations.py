"""Why people left, as the end of their employment says."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pd_tracker.access import Reader
from pd_tracker.reports.facts.calendar import district_of
from pd_tracker.reports.facts.person_years import PersonYears
from pd_tracker.reports.snapshots import Status
from teachers.models import Employment
from teachers.rules.choices import SeparationReason


def separation_reasons(reader: Reader, facts: PersonYears) -> NDArray[np.str_]:
    """Reason of every leaver among the rows, "unknown" where none is recorded; "" for everybody else.

    A leaver's employment is the last one begun by the next census.
    """
    ended = Employment.objects.filter(teacher__district=district_of(reader), ended_on__isnull=False)
    spells: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for teacher, began, why in ended.order_by("started_on").values_list("teacher", "started_on", "separation_reason"):
        spells[teacher].append((began, why))
    rows, reasons = facts.rows, np.full(len(facts.rows), "", dtype="U20")
    for row in np.flatnonzero(rows.status == Status.LEAVER).tolist():
        known, next_census = spells[int(facts.teacher_ids[rows.teacher[row]])], facts.census_on(int(rows.year[row]) + 1)
        last = bisect_right(known, next_census, key=lambda spell: spell[0]) - 1
        reasons[row] = (known[last][1] if last >= 0 else "") or SeparationReason.UNKNOWN
    return reasons
