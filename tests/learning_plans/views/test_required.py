"""What rules ask again and again, on the pages of the teacher, of who looks after them and of the rule itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from learning_plans.models import AssignmentRule, PlanItem, RuleMember
from pd_tracker.access import Role
from tests.factories import (
    DISTRICT_TIME,
    AssignmentRuleFactory,
    CompletionFactory,
    CourseFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    RuleMemberFactory,
    SchoolFactory,
    SchoolYearFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(timezone=DISTRICT_TIME)
DAY = timedelta(days=1)
LONG_AGO = TODAY - 800 * DAY


@pytest.fixture(autouse=True)
def year():
    return SchoolYearFactory()


@pytest.fixture
def rule():
    about = {"due_rule": "after_joining", "due_days": 30, "every_years": 2}
    return AssignmentRuleFactory(name="Pathogens", repeats="completion", course=CourseFactory(title="Blood"), **about)


def member(rule, teacher=None, *, done=None, **fields):
    found = RuleMemberFactory(rule=rule, teacher=teacher or employed(), joined_on=LONG_AGO, **fields)
    if done is not None:
        CompletionFactory(teacher=found.teacher, course=rule.course, completed_on=done)
    return found


def browse(user, address, **query):
    client = Client()
    client.force_login(user)
    return client.get(address, query)


def test_a_teacher_sees_what_is_required_when_it_was_done_and_until_when_it_counts(rule):
    teacher = teacher_with_sign_in()
    member(rule, teacher, done=TODAY - 100 * DAY)
    late = AssignmentRuleFactory(name="Late", repeats="completion", due_rule="fixed", due_on=TODAY, every_years=1)
    member(late, teacher, done=TODAY - 500 * DAY)
    once = RuleMemberFactory(rule=AssignmentRuleFactory(name="Once"), teacher=teacher)
    ended = AssignmentRuleFactory(name="Ended", repeats="completion", due_rule="fixed", due_on=TODAY, every_years=1)
    member(ended, teacher)
    AssignmentRule.objects.filter(pk=ended.pk).update(ended_at=timezone.now())
    plan, record = (browse(teacher.user, address) for address in ("/my-plan/", "/my-record/"))
    shown = [(each.member.rule.name, each.member.state) for each in plan.context["required"]]
    assert shown == [("Late", "overdue"), ("Pathogens", "done")]
    assert once.rule in [each.member.rule for each in record.context["required"]]
    for page in (plan, record):
        text = " ".join(page.content.decode().split())
        assert "Required of you" in text
        assert "Ran out on" in text
        assert "Valid until" in text
        assert f"/completions/{RuleMember.objects.with_state(on=TODAY).get(rule=rule).done_as}/" in text


def test_who_looks_after_a_teacher_sees_it_beside_the_plan(rule, year):
    teacher, coach = teacher_with_sign_in(), user_with_role(Role.COACH)
    PairingFactory(coach=coach, teacher=teacher)
    member(rule, teacher)
    page = browse(coach, f"/plans/{teacher.pk}/")
    assert [each.member.state for each in page.context["required"]] == ["overdue"]
    assert "Required by rules" in page.content.decode()


def test_the_rule_page_says_the_rule_in_words_and_filters_and_sorts_by_state_and_day(rule):
    school, hr = SchoolFactory(), user_with_role(Role.HR)
    done = member(rule, employed(school), done=TODAY - 10 * DAY)
    late, later = member(rule, done=TODAY - 740 * DAY), member(rule, done=TODAY - 735 * DAY)
    address = f"/required/{rule.pk}/"
    text = browse(hr, address).content.decode()
    assert "Each completion is good for 2 years from its day on" in text
    assert "30 days after the rule first holds" in text

    def keys(**query):
        return browse(hr, address, **query).context["row_keys"]

    assert keys(state="overdue", ordering="due_on") == [late.pk, later.pk]
    assert keys(state="overdue", ordering="-due_on") == [later.pk, late.pk]
    assert keys(state="done") == keys(school=school.pk) == keys(due_from=TODAY.isoformat()) == [done.pk]
    listed = browse(hr, address, format="csv")
    assert len(b"".join(listed).splitlines()) == 4


def test_the_page_of_a_yearly_rule_says_the_round_and_how_earlier_ones_ended(year):
    rule = AssignmentRuleFactory(repeats="school_year", due_rule="after_start", due_days=30)
    rule.made_at = timezone.now().replace(year=year.starts_on.year - 1, month=7, day=2)
    rule.save()
    one = RuleMemberFactory(rule=rule, teacher=employed(), joined_on=year.starts_on - 300 * DAY)
    RuleMemberFactory(rule=rule, teacher=employed(), joined_on=year.starts_on - 300 * DAY)
    CompletionFactory(teacher=one.teacher, course=rule.course, completed_on=year.starts_on - 90 * DAY)
    page = browse(user_with_role(Role.HR), f"/required/{rule.pk}/")
    assert page.context["round"].starts_on == year.starts_on
    assert page.context["past_rounds"].rows == [(year.starts_on - DAY, 2, 1, 1, 0, 0.5)]
    assert "How earlier rounds ended" in page.content.decode()
    assert "Every school year asks for it anew." in page.content.decode()


@pytest.mark.parametrize(
    ("repeats", "words"),
    [
        ({"repeats": "cycle", "cycle_from": "2020-07-01", "every_years": "2", "due_rule": "after_start"}, "2 years"),
        ({"repeats": "cycle", "cycle_from": "2020-07-01", "every_years": "1", "due_rule": "after_start"}, "every year"),
        ({"repeats": "school_year", "due_rule": "fixed", "due_on": "2020-10-31"}, "On October 31"),
        ({"repeats": "completion", "every_years": "2", "due_rule": "after_hire"}, "days after being hired"),
    ],
)
def test_a_rule_that_recurs_is_made_in_a_form(repeats, words):
    aide, client = employed(), Client()
    employed()
    aide.employments.update(position="aide")
    client.force_login(user_with_role(Role.HR))
    given = {
        "name": "Safety", "course": CourseFactory().code, "is_required": "on", "audience": "everybody",
        "duties": ["aide", "coach"], "early_days": "45", "due_days": "90", **repeats,
    }  # fmt: skip
    page = client.post("/required/new/", given)
    assert page.context["foreseen"].count == 1
    made = client.post("/required/new/", given | {"seen": page.context["seen"]})
    rule = AssignmentRule.objects.get()
    assert (rule.repeats, rule.early_days, rule.duties) == (repeats["repeats"], 45, ["aide", "coach"])
    assert PlanItem.objects.get().plan.teacher == aide
    text = client.get(made.url).content.decode()
    assert words in text
    assert "Aides, Coaches" in text


def test_hr_sees_overdue_training_by_school_and_a_principal_the_own(year):
    one, other = SchoolFactory(name="Alder"), SchoolFactory(name="Birch")
    for school, things in ((one, 1), (other, 2), (other, 1)):
        plan = PlanFactory(teacher=employed(school), school_year=year)
        for _ in range(things):
            PlanItemFactory(plan=plan, due_on=TODAY - DAY)
    by_school = browse(user_with_role(Role.HR), "/required/overdue/").context["by_school"].rows
    assert by_school == [("Birch", 2, 3), ("Alder", 1, 1)]
    assert browse(user_with_role(Role.PRINCIPAL, one), "/required/overdue/").context["by_school"] is None
