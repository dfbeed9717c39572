"""The reports' work of a day."""

from __future__ import annotations

import pytest
from django.conf import settings

from learning_plans.models import CourseEstimate
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import function_named
from pd_tracker.reports.jobs import daily, keep_person_years
from pd_tracker.reports.models import PersonYearStore

pytestmark = pytest.mark.django_db


def test_every_work_of_the_day_can_be_found():
    found = [function_named(path).__name__ for path in settings.DAILY_WORK]
    assert found == ["daily", "daily_standings", "keep_person_years", "daily", "exports_due"]


def test_person_years_are_made_anew_each_day_and_twice_says_the_same(staffed, district):
    for _ in range(2):
        job = Job()
        keep_person_years(job, on="2026-11-24")
        assert job.message == "Person-years kept for the reports of 2026-11-24: 29."
        assert PersonYearStore.objects.get().district == district


def test_needs_and_courses_are_compared_anew_and_an_empty_district_says_so():
    job = Job()
    daily(job, on="2026-11-24")
    assert job.message == "Reasons for needs that changed: 0. Results of courses that stand out: 0."
    assert not CourseEstimate.objects.exists()
