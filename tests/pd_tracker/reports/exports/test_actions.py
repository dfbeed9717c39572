"""Saving, scheduling and making exports: who gets what, when, and who is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from pd_tracker.jobs.models import Job
from pd_tracker.notices.models import Notice
from pd_tracker.reports.exports import actions
from pd_tracker.reports.jobs import exports_due, make_export
from pd_tracker.reports.models import ExportRun, NamedExport
from tests.factories import CompletionFactory, SchoolFactory, SchoolYearFactory, employed, user_with_role
from tests.pd_tracker.reports.hr_summary.books import about, rows

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 1, 12)
AT = datetime(2026, 1, 12, 12, tzinfo=UTC)


@pytest.fixture
def owner():
    return user_with_role(Role.HR, name="Ivy HR")


def saved(owner, *, recipients=(), on=MONDAY, **fields):
    export = NamedExport(**{"name": "Fridays", "kind": "workbook", "schedule": "weekly", "weekday": 4} | fields)
    return actions.save_export(export=export, recipients=recipients, actor=owner, at=AT, on=on)


def book(run):
    with run.file.open() as file:
        return load_workbook(file)


def done(run):
    make_export(run.job, run=run.pk)
    run.refresh_from_db()
    return run


def test_a_schedule_begins_on_the_first_of_its_days(owner):
    export = saved(owner, recipients=[owner])

    assert export.next_run_on == date(2026, 1, 16)
    assert list(export.recipients.all()) == [owner]
    assert export.history.count() == 2  # the row, and who gets it
    assert AuditEvent.objects.get(verb="export.saved").actor_id == owner.pk


def test_nothing_is_due_before_its_day_and_each_day_once(owner):
    export = saved(owner, recipients=[owner])

    assert actions.start_due(on=date(2026, 1, 15), at=AT) == []
    (run,) = actions.start_due(on=date(2026, 1, 16), at=AT)
    assert actions.start_due(on=date(2026, 1, 16), at=AT) == []
    export.refresh_from_db()
    assert (run.due_on, run.reader, export.next_run_on) == (date(2026, 1, 16), owner, date(2026, 1, 23))
    assert (run.job.owner_id, run.job.title, run.job.state) == (owner.pk, "Fridays", Job.State.WAITING)


def test_days_that_were_missed_make_one_file(owner):
    export = saved(owner, recipients=[owner])

    assert len(actions.start_due(on=date(2026, 2, 4), at=AT)) == 1
    export.refresh_from_db()
    assert export.next_run_on == date(2026, 2, 6)


def test_only_people_who_may_run_exports_can_be_chosen(owner):
    leader, stopped = user_with_role(Role.LEADER), user_with_role(Role.HR)
    stopped.is_active = False
    stopped.save()

    export = saved(owner, recipients=[leader, stopped, owner])

    assert list(export.recipients.all()) == [owner]


def test_each_gets_what_they_may_see_themselves(owner):
    SchoolYearFactory()
    ours, theirs = SchoolFactory(), SchoolFactory()
    mine, other = employed(ours), employed(theirs)
    of_school = user_with_role(Role.HR, ours)
    saved(owner, recipients=[owner, of_school])

    runs = {run.reader: done(run) for run in actions.start_due(on=date(2026, 1, 16), at=AT)}

    listed = {user: [row["Staff id"] for row in rows(book(run)["By teacher"])][:-1] for user, run in runs.items()}
    assert listed[of_school] == [mine.staff_id]
    assert sorted(listed[owner]) == sorted([mine.staff_id, other.staff_id])
    assert about(book(runs[of_school]))["How it was made", "Made by"].startswith(of_school.name)
    assert AuditEvent.objects.filter(verb="export.made").count() == 2
    seen = AuditEvent.objects.filter(verb="person.exported", actor=of_school)
    assert [event.subject_id for event in seen] == [str(mine.pk)]


def test_whoever_lost_the_right_gets_nothing_and_the_owner_is_told(owner):
    gone = user_with_role(Role.HR, name="Gus Gone")
    saved(owner, recipients=[owner, gone])
    gone.role_grants.update(role=Role.LEADER.value)

    runs = actions.start_due(on=date(2026, 1, 16), at=AT)

    refused = next(run for run in runs if run.reader == gone)
    assert (refused.state, refused.job, bool(refused.file)) == ("refused", None, False)
    assert not Notice.objects.filter(user=gone).exists()
    told = Notice.objects.get(user=owner, kind="export_not_made")
    assert str(told) == "“Fridays” was not made for Gus Gone: their roles do not open HR exports any more."


def test_a_right_lost_while_the_file_waits_is_noticed(owner):
    gone = user_with_role(Role.HR)
    saved(owner, recipients=[gone])
    (run,) = actions.start_due(on=date(2026, 1, 16), at=AT)
    gone.role_grants.update(ends_on=date(2020, 12, 31))

    with pytest.raises(Exception, match="do not open HR exports"):
        make_export(run.job, run=run.pk)

    run.refresh_from_db()
    assert (run.state, bool(run.file)) == ("refused", False)
    assert Notice.objects.filter(user=owner, kind="export_not_made").count() == 1


def test_an_owner_without_the_right_stops_the_schedule(owner):
    other = user_with_role(Role.HR)
    export = saved(owner, recipients=[other])
    owner.role_grants.update(ends_on=date(2020, 12, 31))

    assert actions.start_due(on=date(2026, 1, 16), at=AT) == []
    export.refresh_from_db()
    assert export.stopped_at == AT
    assert not ExportRun.objects.exists()


def test_a_month_shows_its_last_day(owner):
    SchoolYearFactory(start=2025)
    teacher = employed()
    CompletionFactory(teacher=teacher, completed_on=date(2026, 1, 31), minutes=60)
    CompletionFactory(teacher=teacher, completed_on=date(2026, 2, 1), minutes=60)
    export = saved(owner, recipients=[owner], schedule="month_end", weekday=None)
    assert export.next_run_on == date(2026, 2, 1)

    (run,) = actions.start_due(on=date(2026, 2, 1), at=AT)

    found = about(book(done(run)))
    assert found["How it was made", "Learning until"] == datetime(2026, 1, 31)
    assert found["Hours", "By teacher"] == 1


def test_filters_that_cannot_be_asked_any_more_are_told(owner):
    other = user_with_role(Role.HR, SchoolFactory(), name="Olga HR")
    saved(owner, recipients=[other], filters={"school": SchoolFactory().school_id})
    (run,) = actions.start_due(on=date(2026, 1, 16), at=AT)

    with pytest.raises(Exception, match="is not one of the choices"):
        make_export(run.job, run=run.pk)

    run.refresh_from_db()
    assert run.state == "failed"
    assert "is not one of the choices" in run.reason
    assert str(Notice.objects.get(user=owner)) == "“Fridays” could not be made for Olga HR."


def test_a_job_that_runs_twice_makes_one_file(owner):
    run = actions.run_now(export=saved(owner), reader=owner, at=AT)

    first = done(run).file.name
    assert make_export(run.job, run=run.pk) == run.get_absolute_url()
    run.refresh_from_db()
    assert run.file.name == first
    assert AuditEvent.objects.filter(verb="export.made").count() == 1


def test_stopped_and_removed_exports_are_not_made(owner):
    stopped = saved(owner, recipients=[owner], name="Stopped")
    removed = saved(owner, recipients=[owner], name="Removed")
    actions.stop_schedule(export=stopped, actor=owner, at=AT)
    actions.remove_export(export=removed, actor=owner, at=AT)

    assert actions.start_due(on=date(2026, 1, 31), at=AT) == []
    actions.resume_schedule(export=stopped, actor=owner, on=date(2026, 1, 31))
    assert stopped.next_run_on == date(2026, 2, 6)
    assert list(NamedExport.objects.visible_to(owner)) == [stopped]


def test_two_exports_of_one_name_are_refused(owner):
    first = saved(owner)

    with pytest.raises(ValidationError, match="of this name already"):
        saved(owner)
    actions.remove_export(export=first, actor=owner, at=AT)
    assert saved(owner).pk != first.pk


def test_files_are_let_go_after_thirty_days(owner):
    run = done(actions.run_now(export=saved(owner), reader=owner, at=AT))
    storage, name = run.file.storage, run.file.name
    made_at = run.made_at

    assert actions.forget_files(at=made_at + timedelta(days=30)) == 0
    assert storage.exists(name)
    assert actions.forget_files(at=made_at + timedelta(days=30, seconds=1)) == 1
    assert not storage.exists(name)
    run.refresh_from_db()
    assert (run.state, bool(run.file)) == ("done", False)


def test_the_daily_work_says_what_it_did(owner):
    saved(owner, recipients=[owner])
    job = Job(title="Day", function="pd_tracker.reports.jobs.exports_due")

    exports_due(job, on="2026-01-16")

    assert job.message == "Exports begun: 1. Old files taken away: 0."
