"""The rows that others hang on, found by what they were made from."""

from __future__ import annotations

from dataclasses import dataclass, field

from learning_plans.models import Competency, Course
from pd_tracker.access import Role
from pd_tracker.demo.careers import Career
from pd_tracker.demo.cast import Cast, email_of
from pd_tracker.demo.district import DemoDistrict
from teachers.models import District, School, SchoolYear, Teacher, User
from teachers.rules.periods import Year


@dataclass(slots=True)
class Loaded:
    played: DemoDistrict
    cast: Cast
    district: District
    years: dict[Year, SchoolYear] = field(default_factory=dict)
    schools: dict[int, School] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    teachers: dict[int, Teacher] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    competencies: dict[str, Competency] = field(default_factory=dict)

    def user(self, role: Role) -> User:
        return self.users[email_of(role)]

    def teacher(self, career: Career) -> Teacher:
        return self.teachers[career.number]
