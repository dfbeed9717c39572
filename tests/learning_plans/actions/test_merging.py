"""Two records of one person become one, with everything that hung on either."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from learning_plans.actions.merging import RULES, foresee, keep_apart, merge_people, relations, ways
from learning_plans.actions.standings import bring_up_to_date
from learning_plans.models import (
    Adoption,
    Completion,
    CourseWish,
    Enrollment,
    LicenceStanding,
    Need,
    Practice,
    RuleMember,
    TrainingYear,
)
from learning_plans.sums import differences
from pd_tracker.audit.models import AuditEvent
from teachers.models import Employment, KpiValue, Licence, MergedTeacher, NotADuplicate, Teacher
from tests.factories import (
    AssignmentFactory,
    AssignmentRuleFactory,
    CoachingCycleFactory,
    CompletionFactory,
    CourseFactory,
    CreditLineFactory,
    DistrictFactory,
    EmploymentFactory,
    EnrollmentFactory,
    ExternalIdFactory,
    GoalFactory,
    KpiValueFactory,
    LeaveFactory,
    LicenceFactory,
    NeedReasonFactory,
    PairingFactory,
    PlanFactory,
    RuleMemberFactory,
    SelfAssessmentFactory,
    SessionFactory,
    TeacherFactory,
    UserFactory,
    VisitFactory,
    teacher_with_sign_in,
    user_with_role,
)
from tests.importing import OPERATOR, loaded, planned, problems, totals

pytestmark = pytest.mark.django_db
TODAY = date(2025, 3, 3)


@pytest.fixture
def old():
    return TeacherFactory(staff_id="0042", given_name="Ana", family_name="Reyes", email="", birth_year=1980)


@pytest.fixture
def new():
    return TeacherFactory(staff_id="0043", given_name="Anna", family_name="Reyes", birth_year=None)


@pytest.fixture
def hr():
    return user_with_role("hr")


def merge(old, new, actor=None):
    return merge_people(old=old, new=new, reason="Hired twice", actor=actor, on=TODAY, at=timezone.now())


def refused(old, new, actor=None):
    before = {model: list(model.objects.values_list()) for model in (Teacher, Employment, Licence, Completion)}
    with pytest.raises(ValidationError) as refusal:
        merge(old, new, actor)
    assert before == {model: list(model.objects.values_list()) for model in before}
    return refusal.value.messages


def test_every_way_to_a_teacher_has_a_rule():
    """Whoever lets a new kind of row hang on a teacher says here what becomes of it."""
    assert {name for name, _way in ways()} == set(RULES)
    assert {each.field.name for each in relations() if each.many_to_many} == {"people"}


def test_one_of_each_kind_moves_with_its_history(old, new, hr):
    EmploymentFactory(teacher=old)
    AssignmentFactory(teacher=old)
    LeaveFactory(teacher=old)
    PairingFactory(teacher=old)
    ExternalIdFactory(teacher=old)
    KpiValueFactory(teacher=old)
    held = LicenceFactory(teacher=old)
    CreditLineFactory(completion=CompletionFactory(teacher=old))
    GoalFactory(plan=PlanFactory(teacher=old))
    NeedReasonFactory(need__teacher=old)
    SelfAssessmentFactory(teacher=old)
    EnrollmentFactory(teacher=old)
    VisitFactory(teacher=old)
    CoachingCycleFactory(teacher=old)
    RuleMemberFactory(teacher=old)
    practice = Practice.objects.create(teacher=old, title="A", how="B", written_at=timezone.now())
    Adoption.objects.create(practice=practice, teacher=old, adopted_on=TODAY)
    CourseWish.objects.create(teacher=old, course=CourseFactory(), wished_at=timezone.now())
    rule = AssignmentRuleFactory(audience="people")
    rule.people.add(old)
    old_key = old.pk

    found = merge(old, new, hr)
    assert found.moved.total() == 19
    assert not Teacher.objects.filter(pk=old_key).exists()
    for _name, way in ways():
        assert not way.model._default_manager.filter(**{way.name: old_key}).exists()
    assert list(rule.people.all()) == [new]
    moved = held.history.first()
    assert (moved.teacher_id, moved.history_user) == (new.pk, hr)
    assert moved.history_change_reason == "Merged from 0042: Hired twice"
    event = AuditEvent.objects.get(verb="person.merged")
    assert (event.subject_id, event.detail["old_staff_id"], event.detail["old_key"]) == (str(new.pk), "0042", old_key)
    new.refresh_from_db()
    assert (new.birth_year, new.given_name) == (1980, "Anna")


def test_sums_and_standings_are_right_afterwards(old, new):
    licence = LicenceFactory(
        teacher=new, rule_pack="NY-CTLE", valid_from=date(2022, 7, 1), valid_until=date(2027, 6, 30)
    )
    same = CourseFactory()
    for teacher, minutes, course in ((old, 600, CourseFactory()), (old, 90, same), (new, 90, same)):
        CompletionFactory(
            teacher=teacher, course=course, minutes=minutes, completed_on=date(2024, 10, 1), category="",
        )  # fmt: skip
    bring_up_to_date(district=new.district, on=TODAY, at=timezone.now())
    assert LicenceStanding.objects.get(licence=licence).counted == 1.5

    found = merge(old, new)
    assert found.joined == {"learning_plans.Completion": 1}
    assert sum(TrainingYear.objects.filter(teacher=new).values_list("minutes", flat=True)) == 690
    assert differences(new.district, [new.pk]) == []
    bring_up_to_date(district=new.district, on=TODAY, at=timezone.now())
    assert LicenceStanding.objects.get(licence=licence).counted == 11.5


@pytest.mark.parametrize(("theirs", "mine", "stays"), [("approved", "pending", "old"), ("pending", "pending", "new"),
                                                     ("approved", "approved", "new")])  # fmt: skip
def test_of_one_completion_in_both_the_better_stays(old, new, theirs, mine, stays):
    course = CourseFactory()
    about = {"course": course, "completed_on": TODAY}
    rows = {
        "old": CompletionFactory(teacher=old, state=theirs, **about),
        "new": CompletionFactory(teacher=new, state=mine, **about),
    }
    merge(old, new)

    living = Completion.objects.exclude(state="voided")
    assert list(living) == [rows[stays]]
    assert Completion.objects.filter(state="voided").get().void_reason == "Merged from 0042: Hired twice"
    assert Completion.objects.filter(teacher=new).count() == 2


def test_one_key_of_another_system_in_both_is_told_apart(old, new):
    CompletionFactory(teacher=old, external_key="K1")
    CompletionFactory(teacher=new, external_key="K1")
    merge(old, new)

    assert set(Completion.objects.values_list("external_key", "state")) == {("K1 (0042)", "voided"), ("K1", "approved")}


def test_overlapping_employment_stands_in_the_way_and_is_named(old, new):
    EmploymentFactory(teacher=old, started_on=date(2015, 8, 15), ended_on=date(2020, 6, 30))
    EmploymentFactory(teacher=new, started_on=date(2020, 6, 30))
    LicenceFactory(teacher=old, valid_from=date(2020, 7, 1))
    LicenceFactory(teacher=new, valid_from=date(2021, 7, 1))
    words = refused(old, new)
    assert [sentence.split("“")[0] for sentence in words] == ["Employment ", "License "]

    Licence.objects.filter(teacher=old).delete()
    spell = Employment.objects.get(teacher=old)
    spell.ended_on = date(2020, 6, 29)
    spell.save()
    assert merge(old, new).moved == {"teachers.Employment": 1}


def test_what_is_the_same_in_both_counts_once(old, new):
    for teacher in (old, new):
        EmploymentFactory(teacher=teacher)
        LicenceFactory(teacher=teacher, number="L1")
    found = merge(old, new)

    assert found.joined == {"teachers.Employment": 1, "teachers.Licence": 1}
    assert Employment.objects.count() == Licence.objects.count() == 1
    assert Employment.history.filter(history_type="-").get().history_change_reason.startswith("Merged from 0042")


def test_rows_of_learning_that_both_have_become_one(old, new):
    session, rule, course = SessionFactory(), AssignmentRuleFactory(), CourseFactory()
    first = NeedReasonFactory(need__teacher=old)
    NeedReasonFactory(need__teacher=new, need__competency=first.need.competency, source="observation")
    for teacher in (old, new):
        EnrollmentFactory(teacher=teacher, session=session)
        RuleMemberFactory(teacher=teacher, rule=rule)
        SelfAssessmentFactory(teacher=teacher, finished_at=None)
        CourseWish.objects.create(teacher=teacher, course=course, wished_at=timezone.now())
    merge(old, new)

    assert sorted(Enrollment.objects.values_list("state", flat=True)) == ["registered", "withdrawn"]
    assert RuleMember.objects.filter(left_on=None).count() == 1
    assert CourseWish.objects.count() == 1
    assert Need.objects.get().reasons.count() == 2


def test_two_plans_of_a_year_must_be_settled_first_unless_one_is_empty(old, new):
    plan = PlanFactory(teacher=old)
    PlanFactory(teacher=new, school_year=plan.school_year)
    assert not foresee(old=old, new=new, actor=None, on=TODAY, at=timezone.now()).problems
    GoalFactory(plan=plan)

    assert "stands in the way" in refused(old, new)[0]


def test_figures_that_differ_stand_in_the_way(old, new):
    value = KpiValueFactory(teacher=old)
    other = KpiValueFactory(teacher=new, school=value.school, value=1)
    assert refused(old, new)

    other.value, other.n = value.value, value.n
    other.save()
    merge(old, new)
    assert KpiValue.objects.count() == 1


def test_a_preview_says_the_same_and_changes_nothing(old, new):
    LicenceFactory(teacher=old)
    CompletionFactory(teacher=old)
    seen = foresee(old=old, new=new, actor=None, on=TODAY, at=timezone.now())

    assert Teacher.objects.count() == 2
    assert not MergedTeacher.objects.exists()
    assert merge(old, new).moved == seen.moved


def test_sign_ins(old, new, hr):
    login, other = UserFactory(), UserFactory()
    old.user = login
    old.save()
    new.user = other
    new.save()
    assert "can sign in" in refused(old, new)[0]

    login.is_active = False
    login.save()
    merge(old, new)
    new.refresh_from_db()
    assert new.user == other

    third = teacher_with_sign_in()
    lone = TeacherFactory()
    merge(third, lone)
    lone.refresh_from_db()
    assert lone.user == third.user


def test_who_may_not_be_merged(old, new):
    own = teacher_with_sign_in()
    assert "own record" in refused(own, new, own.user)[0]
    assert "two districts" in refused(old, TeacherFactory(district=DistrictFactory(name="B")))[0]
    assert refused(old, old)
    with pytest.raises(ValidationError, match="Say why"):
        merge_people(old=old, new=new, reason=" ", actor=None, on=TODAY, at=timezone.now())


def test_the_old_id_goes_on_finding_the_person(old, new):
    merge(old, new)
    assert list(Teacher.objects.named("0042")) == [new]
    course = CourseFactory(code="PD-101")
    row = {"staff_id": "0042", "course_code": "PD-101", "completed_on": "2025-10-06", "hours": "6"}
    assert totals(loaded("completions", [row]).plan) == {"created": 1}
    assert Completion.objects.get(course=course).teacher == new

    person = {"staff_id": "0042", "given_name": "Ana", "family_name": "Reyes", "employment_start": "2019-08-19"}
    found = problems(planned("roster", [person], actor=OPERATOR))
    assert found == {(2, "staff_id"): "0042 became part of 0043 when two records were merged; use that id"}


def test_a_record_that_took_one_up_can_be_taken_up_itself(old, new):
    third = TeacherFactory(staff_id="0044")
    merge(old, new)
    merge(new, third)

    assert list(Teacher.objects.named("0042")) == [third]
    assert MergedTeacher.objects.filter(teacher=third).count() == 2


def test_two_people_who_look_alike_are_kept_apart_for_good(old, new):
    for _time in range(2):
        keep_apart(one=new, other=old, reason="Cousins", actor=None, at=timezone.now() + timedelta(seconds=1))
    pair = NotADuplicate.objects.get()

    assert (pair.teacher, pair.other, pair.reason) == (old, new, "Cousins")
    merge(old, new)
    assert not NotADuplicate.objects.exists()
