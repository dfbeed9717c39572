"""Both ways to person-years, said so that they can be compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import timedelta
from unittest.mock import patch

import numpy as np
from django.utils import timezone

from learning_plans.models import Completion
from pd_tracker.reports.facts.ages import ages
from pd_tracker.reports.facts.first_years import first_year_minutes
from pd_tracker.reports.facts.person_years import person_years
from pd_tracker.reports.facts.stored import keep_person_years
from pd_tracker.reports.snapshots import Snapshots
from teachers.models import Assignment, Employment, Leave, Teacher

WITH_HISTORY = (Teacher, Employment, Assignment, Leave, Completion)


def long_ago():
    """What was written until now is no change any more."""
    for model in WITH_HISTORY:
        model.history.update(history_date=timezone.now() - timedelta(days=9))


def kept(district):
    long_ago()
    return keep_person_years(district, at=timezone.now())


def worked_out(reader, **given):
    with patch("pd_tracker.reports.facts.person_years.as_stored", return_value=None):
        return person_years(reader, **given)


def said(reader, facts):
    """Everything that reports read, in words that do not depend on how people, schools and subjects are numbered."""
    columns = {field.name: getattr(facts.rows, field.name).tolist() for field in fields(Snapshots)}
    columns["teacher"] = facts.teacher_ids[facts.rows.teacher].tolist()
    columns["school"] = [facts.schools[place].pk for place in columns["school"]]
    columns["subject"] = [facts.subjects[place] for place in columns["subject"]]
    columns["experience"] = [None if np.isnan(years) else years for years in columns["experience"]]
    columns["age"] = ages(facts).tolist()
    columns["until_december"] = first_year_minutes(reader, facts).tolist()
    spells = facts.short_spells
    schools = [facts.schools[place].pk if place >= 0 else None for place in spells.school.tolist()]
    return {
        "rows": list(zip(*columns.values(), strict=True)),
        "short spells": Counter(zip(facts.teacher_ids[spells.teacher].tolist(), spells.year.tolist(), schools)),  # noqa: B905
        "census": {year: facts.census_on(year) for year in range(2015, 2026)},
        "known": (facts.as_of, facts.first_end, facts.begins, [school.pk for school in facts.schools]),
    }
