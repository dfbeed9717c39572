"""Writes the invented district into the database, in one transaction."""

from __future__ import annotations

from django.db import transaction

from learning_plans.models import Completion
from learning_plans.sums import sum_up
from pd_tracker.access import Operator
from pd_tracker.demo import (
    coaching,
    credit,
    cycle,
    exports,
    growing,
    learning_rows,
    lots,
    mandated,
    people_rows,
    practices,
    renewals,
    required,
    story,
    words,
)
from pd_tracker.demo.cast import cast_for
from pd_tracker.demo.district import DemoDistrict
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add
from pd_tracker.reports.course_results import compare_courses
from teachers.models import District


@transaction.atomic
def load(played: DemoDistrict) -> District:
    loaded = load_records(played)
    learning_rows.add_plans(loaded)
    story.tell(loaded)
    mandated.add_mandated(loaded)
    required.add_rules(loaded)
    sum_up_training()
    coaching.add_coaching(loaded)
    growing.add_needs(loaded)
    cycle.add_cycle(loaded)
    practices.add_practices(loaded)
    exports.add_exports(loaded)
    credit.add_credit(loaded)
    renewals.add_renewals(loaded)
    compare_courses(Operator(today=played.today), on=played.today)
    return loaded.district


def load_records(played: DemoDistrict) -> Loaded:
    """What a district brings along when it begins: its people, their classroom results and their finished training."""
    cast = cast_for(played)
    story.train(cast.teacher, today=played.today, year=played.last)
    district = District(
        name=words.DISTRICT,
        time_zone=words.TIME_ZONE,
        is_demonstration=True,
        records_begin_on=played.first.starts_on,
    )
    loaded = Loaded(played, cast, add([district])[0])
    people_rows.add_places(loaded)
    people_rows.add_users(loaded)
    people_rows.add_people(loaded)
    people_rows.add_work(loaded)
    people_rows.add_pairings(loaded)
    add(people_rows.figure_rows(loaded), with_history=False)
    learning_rows.add_catalogue(loaded)
    learning_rows.add_training(loaded)
    lots.add_lots(loaded)
    return loaded


def sum_up_training() -> None:
    sum_up(Completion.objects.values_list("teacher", "completed_on"))
