"""Starting a cycle in batches, again after a break, and taking it back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from learning_plans import jobs
from learning_plans.actions.cycles import run_start, start_cycle, undo_cycle, untouched
from learning_plans.actions.goals import save_goal
from learning_plans.models import CycleStart, Goal, Plan, PlanItem, PlanReview
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import JobStopped
from pd_tracker.notices.models import Notice
from teachers.models import SchoolYear
from tests.factories import (
    GoalFactory,
    PlanTemplateFactory,
    SchoolFactory,
    SchoolYearFactory,
    TemplateItemFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

TODAY = timezone.localdate()
NOW = timezone.now()
PEOPLE = 12


@pytest.fixture
def leader():
    return user_with_role("leader")


@pytest.fixture
def people():
    template = PlanTemplateFactory(review_days="366")
    TemplateItemFactory.create_batch(2, template=template)
    school = SchoolFactory()
    return [employed(school) for _ in range(PEOPLE)]


def started(leader, **narrowed) -> CycleStart:
    year = SchoolYearFactory()
    about = {"year": year, "district": year.district, "school": None} | narrowed
    return start_cycle(**about, actor=leader, on=TODAY, at=NOW)


def nothing(_count: int) -> None: ...


def run(start: CycleStart, actor) -> None:
    run_start(start, actor=actor, told=nothing, total=nothing)


@pytest.mark.django_db
class TestStarting:
    def test_everybody_gets_one_draft_and_its_parts(self, leader, people, monkeypatch):
        monkeypatch.setattr("learning_plans.rules.batches.BATCH", 5)
        start, steps = started(leader), []
        run_start(start, actor=leader, told=steps.append, total=steps.append)
        assert steps == [PEOPLE, 5, 10, PEOPLE]
        assert set(Plan.objects.values_list("start", "state").distinct()) == {(start.pk, "draft")}
        counts = (Plan.objects.count(), PlanItem.objects.count(), PlanReview.objects.count())
        assert counts == (PEOPLE, 2 * PEOPLE, PEOPLE)
        assert (Plan.history.count(), PlanItem.history.count()) == (PEOPLE, 2 * PEOPLE)

    def test_done_again_it_goes_on_and_tells_nobody_twice(self, leader, people):
        somebody = teacher_with_sign_in()
        start = started(leader)
        run(start, leader)
        late, steps = employed(), []
        run_start(start, actor=leader, told=steps.append, total=steps.append)
        assert steps == [PEOPLE + 2, PEOPLE + 2]
        assert Plan.objects.filter(teacher=late, start=start).exists()
        assert Notice.objects.filter(user=somebody.user, kind="plan_started").count() == 1

    def test_a_principal_starts_their_own_school_only(self, people):
        own = SchoolFactory()
        mine = employed(own)
        principal = user_with_role("principal", own)
        run(started(principal, school=own), principal)
        assert list(Plan.objects.values_list("teacher", flat=True)) == [mine.pk]

    def test_the_next_year_is_made_when_it_is_needed(self, leader, people):
        running = SchoolYearFactory()
        following = SchoolYear(
            district=running.district,
            label="2099-00",
            starts_on=running.ends_on + timedelta(days=1),
            ends_on=running.ends_on + timedelta(days=365),
            census_on=running.ends_on + timedelta(days=90),
        )
        start = started(leader, year=following)
        run(start, leader)
        assert Plan.objects.filter(school_year__label="2099-00").count() == PEOPLE
        assert {item.due_on for item in PlanItem.objects.all()} == {following.starts_on + timedelta(days=60)}

    def test_a_year_that_is_over_is_refused(self, leader):
        with pytest.raises(ValidationError, match="is over"):
            started(leader, year=SchoolYearFactory(start=2019))
        assert not CycleStart.objects.exists()
        assert not Job.objects.exists()

    def test_who_lost_the_role_meanwhile_starts_nothing(self, leader, people):
        start = started(leader)
        leader.role_grants.update(ends_on=TODAY - timedelta(days=1))
        with pytest.raises(JobStopped, match="no longer"):
            jobs.start_plans(start.job, start_id=start.pk, actor_id=leader.pk)
        assert not Plan.objects.exists()


@pytest.mark.django_db
class TestTakingBack:
    @pytest.fixture
    def start(self, leader, people) -> CycleStart:
        start = started(leader)
        run(start, leader)
        Job.objects.update(state=Job.State.DONE)
        return start

    def undo(self, start, leader):
        undo_cycle(start=start, actor=leader, at=NOW)
        jobs.undo_start(start.job, start_id=start.pk, actor_id=leader.pk)

    def test_only_what_nobody_touched_is_removed(self, start, leader):
        plans = list(start.plans.order_by("pk"))
        GoalFactory(plan=plans[0])
        plans[1].items.filter(pk=plans[1].items.first().pk).update(task_done_on=TODAY)
        plans[2].items.create(task="My own", assigned_by=leader)
        changed = plans[3].items.first()
        changed.due_on = TODAY + timedelta(days=3)
        changed.save()
        Plan.objects.filter(pk=plans[4].pk).update(state="in_review")
        plans[5].reviews.update(held_on=TODAY, decision="Go on.")
        plans[6].decisions.create(kind="returned", decided_at=NOW)
        assert untouched(start).count() == PEOPLE - 7
        self.undo(start, leader)
        assert set(Plan.objects.all()) == set(plans[:7])
        assert PlanItem.objects.exclude(plan__in=plans[:7]).count() == 0
        assert Plan.history.filter(history_type="-").count() == PEOPLE - 7

    def test_plans_from_elsewhere_stay(self, start, leader):
        other = employed()
        save_goal(goal=Goal(title="Mine"), teacher=other, actor=leader, on=TODAY)
        self.undo(start, leader)
        assert list(Plan.objects.values_list("teacher", flat=True)) == [other.pk]

    def test_once_only_and_not_while_it_runs(self, start, leader):
        self.undo(start, leader)
        with pytest.raises(ValidationError, match="already"):
            undo_cycle(start=start, actor=leader, at=NOW)
        again = started(leader)
        with pytest.raises(ValidationError, match="still being started"):
            undo_cycle(start=again, actor=leader, at=NOW)


# The worker as it is served, on the database of this test; it dies in the midst of the third batch, when asked to.
WORKER = """
import django, os, signal, sys
django.setup()
from django.db import connection
from django.core.management import call_command
from learning_plans.actions import starting
from learning_plans.rules import batches

connection.settings_dict["NAME"] = sys.argv[1]
batches.BATCH = 3
if sys.argv[2] == "dies":
    write, calls = starting.record_each, []
    def record_each(**about):
        write(**about)
        calls.append(about)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
    starting.record_each = record_each
call_command("worker", once=True, verbosity=0)
"""


def work(how: str) -> int:
    return subprocess.run(
        [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), how],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "pd_tracker.settings"},
        capture_output=True,
        timeout=120,
        check=False,
    ).returncode


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_midway_leaves_whole_batches_and_the_next_one_finishes(leader, people):
    start = started(leader)
    assert work("dies") == -signal.SIGKILL
    assert (Plan.objects.count(), PlanItem.objects.count(), PlanReview.objects.count()) == (6, 12, 6)

    Job.objects.filter(state=Job.State.RUNNING).update(beat_at=NOW - timedelta(minutes=3))
    work("lives")

    start.refresh_from_db()
    assert (start.job.state, start.job.attempts, start.job.done) == ("done", 2, PEOPLE)
    counts = (Plan.objects.count(), PlanItem.objects.count(), PlanReview.objects.count(), Plan.history.count())
    assert counts == (PEOPLE, 2 * PEOPLE, PEOPLE, PEOPLE)
