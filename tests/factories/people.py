"""One factory per model, all in one invented district unless a test asks for another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory, Password

from pd_tracker.access import Role
from teachers.models import (
    Assignment,
    District,
    Employment,
    ExternalId,
    Kpi,
    KpiValue,
    Leave,
    Licence,
    Pairing,
    RoleGrant,
    School,
    SchoolYear,
    SchoolYearProfile,
    Teacher,
    User,
)
from teachers.rules.periods import Year, year_of

LONG_AGO = date(2015, 8, 15)
DISTRICT_TIME = ZoneInfo("America/Los_Angeles")
PASSWORD = "a long sign-in phrase"


class DistrictFactory(DjangoModelFactory):
    class Meta:
        model = District
        django_get_or_create = ("name",)

    name = "Alder Valley"


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = School

    district = factory.SubFactory(DistrictFactory)
    school_id = factory.Sequence(lambda n: f"0{n + 100}")
    name = factory.Sequence(lambda n: f"School {n + 1}")
    level = "elementary"


class SchoolYearFactory(DjangoModelFactory):
    """`SchoolYearFactory(start=2024)` is 2024-25; asking again gives the same row."""

    class Meta:
        model = SchoolYear
        django_get_or_create = ("district", "label")
        exclude = ("start",)

    start = factory.LazyFunction(lambda: year_of(date.today()).start)
    district = factory.SubFactory(DistrictFactory)
    label = factory.LazyAttribute(lambda made: Year(made.start).label)
    starts_on = factory.LazyAttribute(lambda made: Year(made.start).starts_on)
    ends_on = factory.LazyAttribute(lambda made: Year(made.start).ends_on)
    census_on = factory.LazyAttribute(lambda made: Year(made.start).census_on)


class SchoolYearProfileFactory(DjangoModelFactory):
    class Meta:
        model = SchoolYearProfile

    school = factory.SubFactory(SchoolFactory)
    school_year = factory.SubFactory(SchoolYearFactory, district=factory.SelfAttribute("..school.district"))
    title_i = True
    frpm_percent = Decimal("61.50")
    enrollment = 420


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n + 1}@alder.example")
    name = factory.Sequence(lambda n: f"Person {n + 1}")
    password = Password(PASSWORD)


class RoleGrantFactory(DjangoModelFactory):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = Role.TEACHER.value
    district = factory.SubFactory(DistrictFactory)
    starts_on = LONG_AGO


class TeacherFactory(DjangoModelFactory):
    """A person on the roster without post or sign-in; see `employed` and `teacher_with_sign_in`."""

    class Meta:
        model = Teacher

    district = factory.SubFactory(DistrictFactory)
    staff_id = factory.Sequence(lambda n: f"00{n + 1000}")
    given_name = factory.Sequence(lambda n: f"Given{n + 1}")
    family_name = factory.Sequence(lambda n: f"Family{n + 1}")
    email = factory.LazyAttribute(lambda made: f"{made.given_name}.{made.family_name}@alder.example".lower())


class ExternalIdFactory(DjangoModelFactory):
    class Meta:
        model = ExternalId

    teacher = factory.SubFactory(TeacherFactory)
    system = "SIS"
    value = factory.Sequence(lambda n: f"X{n + 1}")


class EmploymentFactory(DjangoModelFactory):
    class Meta:
        model = Employment

    teacher = factory.SubFactory(TeacherFactory)
    started_on = LONG_AGO


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = Assignment

    teacher = factory.SubFactory(TeacherFactory)
    school = factory.SubFactory(SchoolFactory, district=factory.SelfAttribute("..teacher.district"))
    subject = "Mathematics"
    grades = "4-5"
    started_on = LONG_AGO


class LeaveFactory(DjangoModelFactory):
    class Meta:
        model = Leave

    teacher = factory.SubFactory(TeacherFactory)
    started_on = LONG_AGO
    kind = "parental"


class LicenceFactory(DjangoModelFactory):
    class Meta:
        model = Licence

    teacher = factory.SubFactory(TeacherFactory)
    jurisdiction = "WA"
    licence_type = "Professional"
    number = factory.Sequence(lambda n: f"L{n + 1}")
    valid_from = LONG_AGO
    valid_until = date(2035, 6, 30)


class PairingFactory(DjangoModelFactory):
    class Meta:
        model = Pairing

    coach = factory.SubFactory(UserFactory)
    teacher = factory.SubFactory(TeacherFactory)
    started_on = LONG_AGO


class KpiFactory(DjangoModelFactory):
    """The catalogue is seeded by a migration: `KpiFactory(code="growth")` is that row."""

    class Meta:
        model = Kpi
        django_get_or_create = ("code",)

    code = "growth"
    name = factory.LazyAttribute(lambda made: made.code.replace("_", " ").capitalize())
    unit = "points"
    level = "classroom"
    better = "higher"


class KpiValueFactory(DjangoModelFactory):
    class Meta:
        model = KpiValue

    district = factory.SubFactory(DistrictFactory)
    kpi = factory.SubFactory(KpiFactory)
    school_year = factory.SubFactory(SchoolYearFactory, district=factory.SelfAttribute("..district"))
    level = "classroom"
    teacher = factory.SubFactory(TeacherFactory, district=factory.SelfAttribute("..district"))
    school = factory.SubFactory(SchoolFactory, district=factory.SelfAttribute("..district"))
    value = Decimal("50.5")
    n = 24


def employed(
    school: School | None = None, *, since: date = LONG_AGO, until: date | None = None, **fields: Any
) -> Teacher:
    """A teacher with a spell of employment and an assignment to a school over the same days."""
    school = school or SchoolFactory()
    teacher: Teacher = TeacherFactory(district=school.district, **fields)
    EmploymentFactory(teacher=teacher, started_on=since, ended_on=until)
    AssignmentFactory(teacher=teacher, school=school, started_on=since, ended_on=until)
    return teacher


def user_with_role(role: Role | str, school: School | None = None, **fields: Any) -> User:
    """Somebody who may sign in and holds one role for a school, or for the whole district without one."""
    district = school.district if school else DistrictFactory()
    user: User = UserFactory(**fields)
    RoleGrantFactory(user=user, role=Role(role).value, district=district, school=school)
    return user


def teacher_with_sign_in(school: School | None = None, **fields: Any) -> Teacher:
    """An employed teacher whose `user` holds the role of a teacher."""
    teacher = employed(school, **fields)
    teacher.user = user_with_role(Role.TEACHER, email=teacher.email, name=str(teacher))
    teacher.save()
    return teacher
