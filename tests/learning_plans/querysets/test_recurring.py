"""The database and the rule give the same answer about everybody on every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import F, Value
from django.utils import timezone

from learning_plans.models import Completion, RuleMember
from learning_plans.querysets.assigning import audience_of
from learning_plans.querysets.dates import DaysAfter, YearsAfter
from learning_plans.querysets.recurring import past_rounds, round_ends_before, round_of
from learning_plans.rules.recurring import standing, years_after
from pd_tracker.access import Role
from tests.factories import (
    AssignmentRuleFactory,
    CompletionFactory,
    CourseFactory,
    DistrictFactory,
    EmploymentFactory,
    RoleGrantFactory,
    RuleMemberFactory,
    SchoolYearFactory,
    employed,
    teacher_with_sign_in,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LEAP = date(2024, 2, 29)
RULES = {
    "yearly by a day": {"repeats": "school_year", "due_rule": "fixed", "due_on": date(2025, 10, 31)},
    "yearly on leap day": {"repeats": "school_year", "due_rule": "fixed", "due_on": LEAP, "early_days": 0},
    "yearly after the start": {"repeats": "school_year", "due_rule": "after_start", "due_days": 45},
    "cycle": {
        "repeats": "cycle", "due_rule": "after_start", "due_days": 60, "every_years": 2, "cycle_from": LEAP,
        "early_days": 30,
    },
    "after hire": {"repeats": "completion", "due_rule": "after_hire", "due_days": 180, "every_years": 2},
    "after joining": {"repeats": "completion", "due_rule": "after_joining", "due_days": 30, "every_years": 1},
    "from one day": {
        "repeats": "completion", "due_rule": "fixed", "due_on": date(2026, 3, 1), "every_years": 1, "early_days": 0,
        "is_required": False,
    },
}  # fmt: skip
JOINED = (date(2023, 8, 1), date(2025, 2, 28), date(2026, 2, 10), date(2026, 3, 2))
COMPLETED = ((), (LEAP,), (date(2023, 9, 1), date(2025, 6, 2)), (date(2026, 2, 28), date(2025, 5, 2)))
EDGES = (date(2025, 2, 28), LEAP, date(2025, 7, 1), date(2025, 10, 31), date(2026, 2, 28), date(2026, 6, 30))


def people():
    """Everybody who can be made of these days of joining and of completing; some were hired long before they joined."""
    found = []
    for number, (joined_on, completed) in enumerate((a, b) for a in JOINED for b in COMPLETED):
        teacher = employed(since=joined_on if number % 2 else date(2019, 8, 15))
        found.append((teacher, joined_on, completed))
    return found


@pytest.mark.parametrize("name", RULES)
def test_query_and_rule_agree_about_everybody_on_the_days_around_each_edge(name):
    SchoolYearFactory(start=2025)
    rule = AssignmentRuleFactory(course=CourseFactory(), **RULES[name])
    done, hired = {}, {}
    for number, (teacher, joined_on, completed) in enumerate(people()):
        done[teacher.pk], hired[teacher.pk] = completed, teacher.employments.get().started_on
        is_exempt = number % 5 == 4
        about = {"exempted_at": timezone.now(), "exemption_reason": "On loan"} if is_exempt else {}
        RuleMemberFactory(rule=rule, teacher=teacher, joined_on=joined_on, **about)
        for day in completed:
            CompletionFactory(teacher=teacher, course=rule.course, completed_on=day)
        CompletionFactory(teacher=teacher, course=rule.course, completed_on=date(2025, 9, 9), state="pending")
    days = sorted({edge + ahead * DAY for edge in EDGES for ahead in (-60, -31, -30, -1, 0, 1, 30)})
    seen = set()
    for on in days:
        held = round_of(rule, on=on)
        for member in RuleMember.objects.as_of(on).with_state(on=on):
            expected = standing(
                rule.recurrence, completed=done[member.teacher_id], hired_on=hired[member.teacher_id],
                joined_on=member.joined_on, on=on, round_of_day=held, is_required=rule.is_required,
                is_exempt=member.exempted_at is not None,
            )  # fmt: skip
            found = (member.state, member.due_on, member.done_on, member.valid_until)
            wanted = (expected.state.value, expected.due_on, expected.done_on, expected.valid_until)
            assert found == wanted, (on, member.joined_on, done[member.teacher_id])
            seen.add(member.state)
    assert {"done", "open", "due_soon", "exempt"} <= seen


@pytest.mark.parametrize("day", [LEAP, date(2024, 2, 28), date(2023, 12, 31), date(2024, 3, 1)])
@pytest.mark.parametrize("years", [-4, -1, 1, 2, 4])
def test_the_database_counts_years_and_days_like_the_rule(day, years):
    CompletionFactory(completed_on=day)
    rows = Completion.objects.annotate(
        moved=YearsAfter(F("completed_on"), Value(years)), later=DaysAfter(F("completed_on"), Value(years))
    )  # fmt: skip
    assert rows.values_list("moved", "later").get() == (years_after(day, years), day + years * DAY)


def test_what_was_said_of_an_earlier_day_stays_true():
    """Somebody who left since then, and somebody who joined since then."""
    rule = AssignmentRuleFactory(**RULES["yearly by a day"])
    left = RuleMemberFactory(rule=rule, teacher=employed(), joined_on=date(2024, 8, 1), left_on=date(2025, 12, 1))
    RuleMemberFactory(rule=rule, teacher=employed(), joined_on=date(2026, 1, 10))
    assert set(RuleMember.objects.as_of(date(2025, 11, 30))) == {left}
    (row,) = RuleMember.objects.as_of(date(2025, 11, 30)).with_state(on=date(2025, 11, 30))
    assert row.state == "overdue"
    assert RuleMember.objects.with_state(on=date(2025, 12, 1)).get(pk=left.pk).state == "left"


def test_earlier_rounds_say_whom_they_held_for_and_who_was_trained():
    rule = AssignmentRuleFactory(**RULES["yearly by a day"], made_at=timezone.now().replace(year=2023, month=9, day=1))
    done, _open, exempt = (RuleMemberFactory(rule=rule, teacher=employed(), joined_on=JOINED[0]) for _ in range(3))
    exempt.exempted_at, exempt.exemption_reason = timezone.now().replace(year=2024, month=1, day=1), "On loan"
    exempt.save()
    RuleMemberFactory(rule=rule, teacher=employed(), joined_on=JOINED[0], left_on=date(2025, 3, 1))
    CompletionFactory(teacher=done.teacher, course=rule.course, completed_on=date(2024, 11, 30))
    ends = round_ends_before(rule, on=date(2025, 12, 1))
    assert ends == [date(2025, 6, 30), date(2024, 6, 30)]
    assert past_rounds(RuleMember.objects.filter(rule=rule), rule, ends) == [
        (date(2025, 6, 30), 3, 1, 1, 1, 0.5),
        (date(2024, 6, 30), 4, 0, 3, 1, 0.0),
    ]


def test_cycles_that_are_over_end_the_day_before_the_next():
    rule = AssignmentRuleFactory(**RULES["cycle"] | {"cycle_from": date(2020, 1, 1)})
    rule.made_at = timezone.now().replace(year=2021, month=6, day=1)
    assert round_ends_before(rule, on=date(2026, 5, 1)) == [date(2025, 12, 31), date(2023, 12, 31), date(2021, 12, 31)]
    assert round_ends_before(rule, on=date(2021, 12, 31)) == []


def test_duties_are_positions_of_today_and_roles_held_in_the_district():
    on = date(2025, 11, 3)
    teacher, aide = employed(), employed()
    aide.employments.update(position="aide")
    was_aide = employed(since=date(2025, 8, 1))
    EmploymentFactory(teacher=was_aide, position="aide", started_on=date(2020, 1, 1), ended_on=date(2020, 6, 1))
    coach, elsewhere, ended = (teacher_with_sign_in() for _ in range(3))
    RoleGrantFactory(user=coach.user, role=Role.COACH.value, district=coach.district, starts_on=on)
    RoleGrantFactory(user=elsewhere.user, role=Role.COACH.value, district=DistrictFactory(name="Birch Hills"))
    RoleGrantFactory(user=ended.user, role=Role.COACH.value, district=ended.district, ends_on=on - DAY)

    def held_for(*duties):
        return set(audience_of(AssignmentRuleFactory(duties=list(duties)), on=on))

    assert held_for("aide") == {aide}
    assert held_for("coach") == {coach}
    assert held_for("aide", "coach") == {aide, coach}
    assert held_for("classroom_teacher") == {teacher, was_aide, coach, elsewhere, ended}
    assert held_for("principal") == set()
