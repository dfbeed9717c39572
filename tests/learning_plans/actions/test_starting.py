"""Who begins which plan and why, and what one start of one person writes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learning_plans.actions import starting
from learning_plans.actions.starting import Outcome, begin_one, begin_plans, fits_today, look_ahead
from learning_plans.models import Plan, PlanItem
from pd_tracker.audit.models import AuditEvent
from pd_tracker.notices.models import Notice
from teachers.actions.years import kept_year, years_to_plan
from teachers.models import SchoolYear, Teacher
from tests.factories import (
    CourseFactory,
    DistrictFactory,
    PlanFactory,
    PlanTemplateFactory,
    SchoolFactory,
    SchoolYearFactory,
    TemplateItemFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def year() -> SchoolYear:
    return SchoolYearFactory()


@pytest.fixture
def leader():
    return user_with_role("leader")


def ahead(year, **narrowed):
    return look_ahead(Teacher.objects.all(), year=year, school=narrowed.get("school"), on=TODAY)


class TestLookingAhead:
    def test_each_person_has_one_outcome_with_its_reason(self, year):
        new = PlanTemplateFactory(place=1, experience_to=0, name="New")
        high = PlanTemplateFactory(place=2, school_level="high", name="High")
        first = employed(experience_years=0, since=year.starts_on)
        at_high = employed(SchoolFactory(level="high"), experience_years=9)
        has_plan, nothing = employed(), employed(experience_years=12)
        PlanFactory(teacher=has_plan, school_year=year)
        employed(until=TODAY - timedelta(days=1))
        preview = ahead(year)
        assert {line.teacher_id: (line.outcome, line.template) for line in preview.lines} == {
            first.pk: (Outcome.STARTS, new),
            at_high.pk: (Outcome.STARTS, high),
            has_plan.pk: (Outcome.HAS_PLAN, None),
            nothing.pk: (Outcome.NO_TEMPLATE, None),
        }
        assert preview.by_template == [(new, 1), (high, 1)]
        assert not Plan.objects.exclude(teacher=has_plan).exists()

    def test_retired_templates_and_those_of_other_districts_fit_nobody(self, year):
        PlanTemplateFactory(is_retired=True)
        PlanTemplateFactory(district=DistrictFactory(name="Birch Hills"))
        employed()
        assert [line.outcome for line in ahead(year).lines] == [Outcome.NO_TEMPLATE]

    def test_a_person_belongs_to_the_school_of_most_of_their_work(self, year):
        PlanTemplateFactory()
        main, second = SchoolFactory(), SchoolFactory()
        teacher = employed(main)
        teacher.assignments.create(school=second, started_on=year.starts_on, fte="0.2")
        assert [line.teacher_id for line in ahead(year, school=main).lines] == [teacher.pk]
        assert ahead(year, school=second).lines == []

    def test_it_asks_as_often_for_many_as_for_one(self, year, django_assert_num_queries):
        PlanTemplateFactory()
        employed()
        for _ in range(3):
            with django_assert_num_queries(4):
                ahead(year)
            employed(), employed()

    def test_how_many_would_get_what_today(self, year):
        template = PlanTemplateFactory(experience_to=0)
        PlanFactory(teacher=employed(experience_years=0, since=year.starts_on), school_year=year)
        employed(experience_years=None)
        found = fits_today(Teacher.objects.all(), district_id=year.district_id, on=TODAY)
        assert (found.by_template, found.without, found.unknown_experience) == ([(template, 1)], 1, 1)


class TestBeginning:
    def test_the_plan_takes_over_what_the_template_says_and_keeps_it(self, year, leader):
        template = PlanTemplateFactory(
            guidance="Begin small.", is_apart_from_evaluation=True, mentor_within_days=30, goals_within_days=60,
            weekly_minutes=60, review_days="1, 366",
        )  # fmt: skip
        TemplateItemFactory(template=template, task="Meet your mentor", due_after_days=5, is_required=True)
        course = CourseFactory()
        TemplateItemFactory(template=template, task="", course=course, due_after_days=None)
        teacher = teacher_with_sign_in()
        (plan,) = begin_plans({teacher.pk: template}, year=year, actor=leader, on=TODAY)
        template.guidance = "Other words."
        template.save()
        template.items.all().delete()

        plan.refresh_from_db()
        assert (plan.state, plan.guidance, plan.weekly_minutes, plan.is_apart_from_evaluation) == (
            "draft", "Begin small.", 60, True,
        )  # fmt: skip
        task, of_course = sorted(plan.items.all(), key=lambda item: item.task == "")
        assert (task.task, task.due_on, task.is_required) == (
            "Meet your mentor", min(TODAY + timedelta(days=5), year.ends_on), True,
        )  # fmt: skip
        assert (of_course.course, of_course.due_on, of_course.assigned_by) == (course, None, None)
        assert [review.planned_on for review in plan.reviews.all()] == [year.ends_on]
        assert {plan.history.get().history_user, task.history.get().history_user} == {leader}
        assert AuditEvent.objects.get(verb="plan.started").subject_id == str(plan.pk)
        assert Notice.objects.get(user=teacher.user).facts == {"year": year.label}

    def test_retired_courses_begin_no_plan(self, year, leader):
        template = PlanTemplateFactory()
        TemplateItemFactory(template=template, task="", course=CourseFactory(state="retired"))
        teacher = employed()
        begin_one(teacher=teacher, actor=leader, on=TODAY)
        assert Plan.objects.get(teacher=teacher).template == template
        assert not PlanItem.objects.exists()

    def test_who_has_a_plan_keeps_it(self, year, leader):
        template = PlanTemplateFactory()
        plan = PlanFactory(school_year=year)
        assert begin_plans({plan.teacher_id: template}, year=year, actor=leader, on=TODAY) == []
        assert Plan.objects.get() == plan

    def test_somebody_quicker_is_left_out_and_the_others_begin(self, year, leader, monkeypatch):
        template = PlanTemplateFactory()
        one, other = employed(), employed()
        write = starting.bulk_create_with_history
        quicker = []

        def late(rows, model, **about):
            if model is Plan and not quicker:
                quicker.append(PlanFactory(teacher=one, school_year=year))
            return write(rows, model, **about)

        monkeypatch.setattr(starting, "bulk_create_with_history", late)
        made = begin_plans({one.pk: template, other.pk: template}, year=year, actor=leader, on=TODAY)
        # The other's row went with the step that failed; in this test both stand in one transaction.
        assert {plan.teacher_id for plan in made} == {one.pk, other.pk}
        assert Plan.objects.count() == 2

    def test_one_person_is_told_why_not(self, year, leader):
        teacher = employed()
        with pytest.raises(ValidationError, match="No template fits"):
            begin_one(teacher=teacher, actor=leader, on=TODAY)
        PlanTemplateFactory()
        begin_one(teacher=teacher, actor=leader, on=TODAY)
        with pytest.raises(ValidationError, match="already has a plan"):
            begin_one(teacher=teacher, actor=leader, on=TODAY)


class TestYears:
    def test_the_next_year_is_offered_before_anybody_entered_it(self, year, leader):
        offered = years_to_plan(year.district_id, on=TODAY)
        assert [each.starts_on.year for each in offered] == [year.starts_on.year, year.starts_on.year + 1]
        assert SchoolYear.objects.count() == 1
        kept = kept_year(offered[-1], actor=leader)
        assert kept_year(years_to_plan(year.district_id, on=TODAY)[-1], actor=leader) == kept
        assert kept.census_on == date(year.starts_on.year + 1, 10, 1)

    def test_two_who_are_offered_the_same_year_keep_one(self, year, leader):
        first, second = (years_to_plan(year.district_id, on=TODAY)[-1] for _ in range(2))
        assert kept_year(first, actor=leader) == kept_year(second, actor=leader)
        assert SchoolYear.objects.count() == 2
