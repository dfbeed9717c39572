"""Who signs in to the demonstration, and who looks after whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pd_tracker.access import Role
from pd_tracker.demo.careers import Career
from pd_tracker.demo.district import DemoDistrict
from pd_tracker.demo.places import Place
from pd_tracker.demo.words import DOMAIN, FAMILY, GIVEN
from teachers.rules.choices import Position

PASSWORD = "sapling-demonstration"  # noqa: S105 (printed for everybody who tries the product)
CASELOAD = 15
MENTEES = 5

NAMES = {
    Role.TEACHER: "Maya Lindqvist",
    Role.COACH: "Theo Brightwater",
    Role.MENTOR: "Rosa Calloway",
    Role.PRINCIPAL: "Naomi Okafor",
    Role.HR: "Helen Fairweather",
    Role.LEADER: "Carlos Villanueva",
    Role.ADMIN: "Priya Novak",
}


def email_of(role: Role) -> str:
    return f"{role.value}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Coach:
    name: str
    email: str
    role: Role
    caseload: list[Career]


@dataclass(frozen=True, slots=True)
class Cast:
    teacher: Career
    school: Place
    coaches: list[Coach]  # the first two are those with a known sign-in


def cast_for(district: DemoDistrict) -> Cast:
    """The teacher of the demonstration gets a name to remember; coaches take newer teachers, school by school."""
    here = [career for career in district.careers if _teaches_all_day(career, district.today)]
    teacher = min(here, key=lambda career: (_unlike_the_part(career, district.today), career.number))
    teacher.given, teacher.family = NAMES[Role.TEACHER].split()
    school = teacher.post.place
    near = sorted(here, key=lambda career: (career is not teacher, career.post.place is not school, career.number))
    caseload, mentees = near[:CASELOAD], sorted(near[CASELOAD:], key=lambda career: career.spell.start)[-MENTEES:]
    known = [
        Coach(NAMES[Role.COACH], email_of(Role.COACH), Role.COACH, caseload),
        Coach(NAMES[Role.MENTOR], email_of(Role.MENTOR), Role.MENTOR, mentees),
    ]
    taken = {career.number for coach in known for career in coach.caseload}
    return Cast(teacher, school, known + _more_coaches(district, [one for one in here if one.number not in taken]))


def _more_coaches(district: DemoDistrict, free: list[Career]) -> list[Coach]:
    """Other coaches look after the newer half of the staff."""
    free.sort(key=lambda career: (career.post.place.number, career.number))
    newer = [career for career in free if career.spell.start > district.today - timedelta(days=4 * 365)]
    coaches = []
    for number, begin in enumerate(range(0, len(newer), CASELOAD), 2):
        name = f"{district.rng.choice(GIVEN)} {district.rng.choice(FAMILY)}"
        coaches.append(Coach(name, f"coach{number}@{DOMAIN}", Role.COACH, newer[begin : begin + CASELOAD]))
    return coaches


def _teaches_all_day(career: Career, today: date) -> bool:
    post = career.post_on(today)
    is_teacher = career.spell.position is Position.CLASSROOM_TEACHER and career.spell.end is None
    return is_teacher and post is career.post and post.end is None and career.teaches_on(today)


def _unlike_the_part(career: Career, today: date) -> int:
    """How far somebody is from the part: here for a few years, in the first school, full time."""
    years = (today - career.spell.start).days // 365
    flaws = (not 3 <= years <= 6, len(career.spells) > 1, career.post.fte != "1.000", career.post.place.number != 0)
    return sum(flaws)
