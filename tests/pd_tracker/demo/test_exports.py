"""HR of the demonstration finds exports to try, and licenses to renew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from pd_tracker.access import Role
from pd_tracker.demo.cast import email_of
from pd_tracker.demo.district import play
from pd_tracker.demo.loading import load
from pd_tracker.reports.exports.actions import start_due
from pd_tracker.reports.facts.hr.renewals import renewals
from pd_tracker.reports.facts.hr.roster import roster
from pd_tracker.reports.hr_summary.form import HrSummaryForm
from pd_tracker.reports.jobs import make_export
from pd_tracker.reports.models import NamedExport
from teachers.models import User
from tests.pd_tracker.demo.test_loading import SMALL

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_saved_exports_make_their_files_when_their_day_comes():
    today = timezone.localdate()
    load(play(**SMALL, today=today))
    hr = User.objects.get(email=email_of(Role.HR))

    assert NamedExport.objects.visible_to(hr).count() == 2
    runs = start_due(on=today + timedelta(days=31), at=timezone.now())
    assert [make_export(run.job, run=run.pk) for run in runs] == [run.get_absolute_url() for run in runs]
    scope = HrSummaryForm(hr, {}).asked.scope
    assert len({renewal.bucket for renewal in renewals(scope, roster(scope))}) >= 2
