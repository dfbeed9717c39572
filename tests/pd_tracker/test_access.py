"""The one table of rights, and what a reach opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from pd_tracker.access import GRANTABLE, TABLE, Capability, HeldRole, Operator, Reach, Role, reach_of
from teachers.models import Teacher
from tests.factories import (
    AssignmentFactory,
    PairingFactory,
    RoleGrantFactory,
    SchoolFactory,
    TeacherFactory,
    UserFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

DAY = timedelta(days=1)


def test_every_role_is_in_the_table():
    assert set(TABLE) == set(Role)


def test_reach_is_the_union_of_roles_and_scopes():
    held = [
        HeldRole(Role.PRINCIPAL, 1, 3),
        HeldRole(Role.PRINCIPAL, 1, 4),
        HeldRole(Role.COACH, 1),
        HeldRole(Role.TEACHER, 1),
    ]
    assert reach_of(Capability.PEOPLE_VIEW, held) == Reach(school_ids=frozenset({3, 4}), caseload=True, own=True)
    assert not reach_of(Capability.IMPORTS_RUN, held)


def test_a_reach_covers_only_what_it_surely_holds():
    district, own = Reach(district_ids=frozenset({1})), Reach(own=True)
    both = Reach(district_ids=frozenset({1}), own=True)
    everything, three = Reach(everything=True), Reach(school_ids=frozenset({3}))
    assert all(larger.covers(smaller) for larger, smaller in ((both, district), (both, own), (everything, both)))
    wrong = ((own, district), (district, own), (both, everything), (three, Reach(school_ids=frozenset({3, 4}))))
    assert not any(larger.covers(smaller) for larger, smaller in wrong)


@pytest.mark.parametrize("role", [Role.COACH, Role.MENTOR, Role.PRINCIPAL, Role.LEADER, Role.ADMIN, Role.FINANCE])
def test_only_hr_and_oneself_read_a_reason_for_leaving(role):
    assert Capability.EMPLOYMENT_REASON_VIEW not in TABLE[role]


def test_admin_is_no_reader_of_personnel_records():
    assert not {Capability.PEOPLE_VIEW, Capability.PLANS_VIEW, Capability.COMPLETIONS_VIEW} & set(TABLE[Role.ADMIN])


def test_hr_never_hands_out_its_own_rank():
    assert not GRANTABLE[Role.HR] & {Role.HR, Role.LEADER, Role.ADMIN, Role.FINANCE}


def test_the_operator_may_everything():
    operator = Operator(today=timezone.localdate())
    assert all(operator.may(capability) for capability in Capability)


@pytest.mark.django_db
class TestVisibleTeachers:
    def seen_by(self, user):
        return set(Teacher.objects.visible_to(user))

    def test_a_teacher_sees_themself(self):
        teacher = teacher_with_sign_in()
        employed()
        assert self.seen_by(teacher.user) == {teacher}

    def test_a_principal_sees_a_school_until_the_last_day_of_the_assignment(self):
        school, today = SchoolFactory(), timezone.localdate()
        here, last_day = employed(school), employed(school, until=today)
        employed(school, until=today - DAY)
        employed(school, since=today + DAY)
        employed()
        assert self.seen_by(user_with_role(Role.PRINCIPAL, school)) == {here, last_day}

    def test_a_teacher_of_two_schools_is_seen_once_by_whoever_leads_both(self):
        school, other, teacher = SchoolFactory(), SchoolFactory(), TeacherFactory()
        for place in (school, other):
            AssignmentFactory(teacher=teacher, school=place)
        user = user_with_role(Role.PRINCIPAL, school)
        RoleGrantFactory(user=user, role=Role.PRINCIPAL.value, district=other.district, school=other)
        assert list(Teacher.objects.visible_to(user)) == [teacher]

    def test_a_role_ends_with_its_last_day(self):
        teacher, today = employed(), timezone.localdate()
        user = UserFactory()
        grant = RoleGrantFactory(user=user, role=Role.HR.value, district=teacher.district, ends_on=today)
        assert self.seen_by(user) == {teacher}
        grant.ends_on = today - DAY
        grant.save()
        user = type(user).objects.get(pk=user.pk)
        assert self.seen_by(user) == set()

    def test_another_district_stays_out_of_sight(self):
        mine = employed()
        TeacherFactory(district__name="Elsewhere")
        assert self.seen_by(user_with_role(Role.HR)) == {mine}

    def test_a_coach_sees_live_pairings_of_their_own(self):
        coach, today = user_with_role(Role.COACH), timezone.localdate()
        mine = PairingFactory(coach=coach, teacher=employed()).teacher
        PairingFactory(coach=coach, teacher=employed(), ended_on=today - DAY)
        PairingFactory(teacher=employed())
        assert self.seen_by(coach) == {mine}

    def test_a_pairing_without_the_role_opens_nothing(self):
        user = UserFactory()
        PairingFactory(coach=user, teacher=employed())
        assert self.seen_by(user) == set()


@pytest.mark.django_db
def test_a_stopped_sign_in_holds_nothing_whoever_asks_in_its_name():
    user = user_with_role(Role.HR, is_active=False)
    assert not any(user.may(capability) for capability in Capability)
