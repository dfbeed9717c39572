"""Four people at two schools whose every number can be counted by hand; the day is January 15, 2026."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from learning_plans.models import LicenceStanding
from teachers.models import District, Licence, RosterExtract, School, Teacher
from tests.factories import (
    AssignmentFactory,
    AssignmentRuleFactory,
    CompetencyFactory,
    CompletionFactory,
    CourseFactory,
    CreditLineFactory,
    DistrictFactory,
    EmploymentFactory,
    EnrollmentFactory,
    ExternalIdFactory,
    GoalFactory,
    LicenceFactory,
    PairingFactory,
    PlanFactory,
    PlanItemFactory,
    ProviderFactory,
    RuleMemberFactory,
    SchoolFactory,
    SchoolYearFactory,
    SchoolYearProfileFactory,
    SessionFactory,
    TeacherFactory,
    UserFactory,
    employed,
)


@dataclass(frozen=True)
class Tiny:
    district: District
    oak: School
    elm: School
    ana: Teacher
    ben: Teacher
    cyd: Teacher
    dee: Teacher


def moment(month: int, day: int, hour: int = 12, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def tiny() -> Tiny:
    district = DistrictFactory(time_zone="UTC")
    RosterExtract.objects.create(district=district, as_of=date(2026, 1, 10), is_full=True)
    year = SchoolYearFactory(start=2025)
    oak = SchoolFactory(school_id="0101", name="Oak", level="elementary")
    elm = SchoolFactory(school_id="0102", name="Elm", level="middle")
    SchoolYearProfileFactory(school=oak, school_year=year, title_i=True)
    names = {"staff_id": "0001", "family_name": "Ash", "given_name": "Ana", "email": "ana@alder.example"}
    ana = employed(oak, since=date(2020, 8, 15), **names)
    cyd_names = {"staff_id": "0003", "family_name": "Cedar", "given_name": "Cyd", "email": "cyd@alder.example"}
    cyd = employed(oak, since=date(2021, 8, 15), until=date(2025, 12, 19), **cyd_names)
    made = Tiny(district, oak, elm, ana, ben_of(oak, elm), cyd, dee_of(district))
    learn(made)
    plan(made, year)
    return made


def ben_of(oak: School, elm: School) -> Teacher:
    """Half time, at Oak in 2024-25 and at Elm since."""
    ben: Teacher = TeacherFactory(staff_id="0002", family_name="Birch", given_name="Ben", email="", birth_year=1980)
    EmploymentFactory(teacher=ben, started_on=date(2024, 8, 15), fte=Decimal("0.5"))
    AssignmentFactory(
        teacher=ben, school=oak, started_on=date(2024, 8, 15), ended_on=date(2025, 6, 30), fte=Decimal("0.5")
    )
    AssignmentFactory(teacher=ben, school=elm, subject="Art", grades="6-8", started_on=date(2025, 8, 15), fte="0.5")
    TeacherFactory(staff_id="0009", family_name="BIRCH", given_name="ben", email="", birth_year=1980)
    return ben


def dee_of(district: District) -> Teacher:
    """An aide without a site, whose name looks like a formula."""
    dee: Teacher = TeacherFactory(
        district=district, staff_id="0004", family_name="=1+1", given_name="@Dee", email="+d@alder.example"
    )
    EmploymentFactory(teacher=dee, started_on=date(2025, 8, 1), position="aide")
    return dee


def learn(tiny: Tiny) -> None:
    reading = CourseFactory(
        code="PD-1", title="-Reading", provider=ProviderFactory(name="Lit Co", number="0512"), minutes=360,
        cost=Decimal("25.50"), evidence_tier="strong", focus_areas="Phonics",
    )  # fmt: skip
    safety = CourseFactory(code="PD-2", title="Safety", provider=None, minutes=120)
    visit = CourseFactory(code="PD-3", title="Visit", provider=None, minutes=60, category="")
    reading.competencies.set([CompetencyFactory(code="B2", place=2), CompetencyFactory(code="A1", place=1)])
    paid = {"fund": "Title II-A"}
    CompletionFactory(teacher=tiny.ana, course=reading, completed_on=date(2025, 9, 10), external_key="=K1", **paid)
    CompletionFactory(teacher=tiny.ana, course=visit, completed_on=date(2025, 11, 5), minutes=180)
    CompletionFactory(teacher=tiny.ana, course=visit, completed_on=date(2025, 6, 30), minutes=60)  # the year before
    waiting = {"state": "pending", "recorded_at": moment(12, 2)}
    CompletionFactory(teacher=tiny.ana, course=safety, completed_on=date(2025, 12, 1), minutes=90, **waiting)
    approved = {"approved_by": UserFactory(name="Ivy HR"), "approved_at": moment(10, 3)}
    done = CompletionFactory(teacher=tiny.ben, course=safety, completed_on=date(2025, 10, 1), **approved)
    CreditLineFactory(completion=done, unit="hour", amount=Decimal(2), category="Safety")
    CreditLineFactory(completion=done, unit="ceu", amount=Decimal("0.2"))
    CompletionFactory(teacher=tiny.cyd, course=safety, completed_on=date(2026, 1, 8), minutes=30)
    CompletionFactory(
        teacher=tiny.cyd, course=visit, completed_on=date(2025, 10, 2), state="voided", void_reason="Twice"
    )
    attend(tiny, reading, safety)


def attend(tiny: Tiny, reading: object, safety: object) -> None:
    """Ana sits in two sessions at once; Ben does not come; Cyd waits for a seat."""
    room = {"section": "07", "location": "Room 1", "capacity": 20}
    long = SessionFactory(course=reading, starts_at=moment(10, 6, 16), ends_at=moment(10, 6, 22), **room)
    short = SessionFactory(course=safety, starts_at=moment(10, 6, 20), ends_at=moment(10, 6, 21))
    SessionFactory(course=reading, starts_at=moment(10, 7, 16), ends_at=moment(10, 7, 22), is_canceled=True)
    EnrollmentFactory(teacher=tiny.ana, session=long, state="attended")
    EnrollmentFactory(teacher=tiny.ben, session=long, state="no_show")
    EnrollmentFactory(teacher=tiny.cyd, session=long, state="waitlisted")
    EnrollmentFactory(teacher=tiny.ana, session=short)


def plan(tiny: Tiny, year: object) -> None:
    LicenceFactory(
        teacher=tiny.ana,
        licence_type="Professional",
        number="0077",
        valid_from=date(2022, 7, 1),
        valid_until=date(2026, 6, 30),
        extended_until=date(2027, 6, 30),
        rule_pack="wa-residency",
        issued_on=date(2022, 6, 20),
        endorsements="Reading",
    )
    LicenceFactory(teacher=tiny.ana, licence_type="Coach", valid_until=date(2026, 1, 14))
    LicenceFactory(teacher=tiny.ana, licence_type="Reading", valid_until=date(2026, 1, 15))
    ExternalIdFactory(teacher=tiny.ana, system="state", id_type="educator id", value="000123")  # fmt: skip
    PairingFactory(coach=UserFactory(name="Cora Coach"), teacher=tiny.ana)
    PairingFactory(coach=UserFactory(name="Mo Mentor"), teacher=tiny.ana, kind="mentor")
    own = PlanFactory(teacher=tiny.ana, school_year=year)
    GoalFactory(plan=own)
    GoalFactory(plan=own, state="met")
    reading = tiny.ana.completions.get(course__code="PD-1").course
    PlanItemFactory(plan=own, course=reading, due_on=date(2025, 10, 1))
    PlanItemFactory(plan=own, course=None, task="Visit a colleague", due_on=date(2026, 1, 14))
    PlanItemFactory(plan=own, course=None, task="Share it back", due_on=date(2026, 1, 15))
    asked_of(tiny, own)


def asked_of(tiny: Tiny, own: object) -> None:
    """A rule holds for Ana, who has still to do it, and for Cyd, who has done it; Ben is exempt."""
    rule = AssignmentRuleFactory(district=tiny.district, made_by=UserFactory())
    RuleMemberFactory(rule=rule, teacher=tiny.ana, item=PlanItemFactory(plan=own, course=None, task="Read the rules"))
    cyds = PlanFactory(teacher=tiny.cyd, school_year=own.school_year)
    done = PlanItemFactory(plan=cyds, course=None, task="Read the rules", task_done_on=date(2025, 9, 1))
    RuleMemberFactory(rule=rule, teacher=tiny.cyd, item=done)
    exempt = {"exempted_at": moment(9, 1), "exempted_by": UserFactory(), "exemption_reason": "On leave"}
    RuleMemberFactory(rule=rule, teacher=tiny.ben, **exempt)


def stands(licence: Licence, **fields: Any) -> LicenceStanding:
    """Half of what is asked is there, a little less than half of the period is over on January 15, 2026."""
    amounts = dict.fromkeys(("pending", "uncounted", "carried_in", "carried_out"), Decimal(0))
    amounts |= {"required": Decimal(100), "counted": Decimal(45), "uncounted": Decimal("3.5")}
    days = {"begins_on": date(2022, 7, 1), "ends_on": date(2027, 6, 30)}
    kept = {"decided_on": date(2026, 1, 15), "decided_at": timezone.now(), "holds_until": date(2026, 1, 31)}
    names = {"rule_pack": "WA-STANDARD", "unit": "hour", "status": "behind"}
    return LicenceStanding.objects.create(licence=licence, **amounts | days | kept | names | fields)
