"""Rows of places, people, their work and the figures of their classes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from pd_tracker.access import Role
from pd_tracker.demo import words
from pd_tracker.demo.careers import Career
from pd_tracker.demo.cast import NAMES, PASSWORD, email_of
from pd_tracker.demo.figures import Figure, figures
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.places import GRADE_SPAN, TITLE_I_PERCENT
from pd_tracker.demo.rows import add, decimal, moment
from teachers.models import (
    Assignment,
    Employment,
    ExternalId,
    Kpi,
    KpiValue,
    Leave,
    Licence,
    Pairing,
    RoleGrant,
    RosterExtract,
    School,
    SchoolYear,
    SchoolYearProfile,
    Teacher,
    User,
)


def add_places(loaded: Loaded) -> None:
    played, district = loaded.played, loaded.district
    years = add(
        SchoolYear(
            district=district,
            label=year.label,
            starts_on=year.starts_on,
            ends_on=year.ends_on,
            census_on=year.census_on,
        )
        for year in played.years
    )
    loaded.years = dict(zip(played.years, years, strict=True))
    for place in sorted(played.places, key=lambda place: place.successor is not None):  # successors exist first
        low, high = GRADE_SPAN[place.level]
        school = School(
            district=district,
            school_id=place.school_id,
            name=place.name,
            level=place.level,
            grade_low=low,
            grade_high=high,
            opened_on=date(1962 + place.number % 50, 9, 1),
            closed_on=place.closed_on,
            successor=loaded.schools[place.successor.number] if place.successor else None,
        )
        loaded.schools[place.number] = school
        add([school])
    add(profile_rows(loaded))
    add_extracts(loaded)


def profile_rows(loaded: Loaded) -> list[SchoolYearProfile]:
    first = loaded.played.first
    return [
        SchoolYearProfile(
            school=loaded.schools[place.number],
            school_year=row,
            frpm_percent=decimal(place.frpm_in(year, first), 2),
            title_i=place.frpm_in(year, first) >= TITLE_I_PERCENT,
            enrollment=place.students + 7 * ((year.start + place.number) % 6 - 3),
        )
        for year, row in loaded.years.items()
        for place in loaded.played.places
        if place.is_open(year.census_on)
    ]


def add_extracts(loaded: Loaded) -> None:
    """Every fall a full roster, and the newest one of the day itself."""
    today = loaded.played.today
    days = {date(year.start, 10, 15) for year in loaded.played.years if date(year.start, 10, 15) < today} | {today}
    extracts = [RosterExtract(district=loaded.district, as_of=day, is_full=True) for day in sorted(days)]
    add(extracts, with_history=False)
    for extract in extracts:
        RosterExtract.objects.filter(pk=extract.pk).update(loaded_at=moment(extract.as_of))


def add_users(loaded: Loaded) -> None:
    encoded = make_password(PASSWORD)  # once: a good hash takes its time
    begin = loaded.played.first.starts_on
    names = {email_of(role): name for role, name in NAMES.items()}
    names |= {coach.email: coach.name for coach in loaded.cast.coaches}
    joined = moment(begin)
    users = add(User(email=email, name=name, password=encoded, joined_at=joined) for email, name in names.items())
    loaded.users = {user.email: user for user in users}
    roles = {email_of(role): role for role in NAMES} | {coach.email: coach.role for coach in loaded.cast.coaches}
    add(
        RoleGrant(
            user=loaded.users[email],
            role=role.value,
            district=loaded.district,
            school=loaded.schools[loaded.cast.school.number] if role is Role.PRINCIPAL else None,
            starts_on=begin,
        )
        for email, role in roles.items()
    )


def add_people(loaded: Loaded) -> None:
    careers, star = loaded.played.careers, loaded.cast.teacher
    seen: dict[str, int] = {}
    rows = []
    for career in careers:
        is_star = career is star
        rows.append(
            Teacher(
                district=loaded.district,
                user=loaded.user(Role.TEACHER) if is_star else None,
                staff_id=career.staff_id,
                given_name=career.given,
                family_name=career.family,
                email=email_of(Role.TEACHER) if is_star else address(career, seen),
                birth_year=career.birth_year,
                experience_years=decimal(career.experience, 1),
            )
        )
    loaded.teachers = {career.number: row for career, row in zip(careers, add(rows), strict=True)}


def address(career: Career, seen: dict[str, int]) -> str:
    local = f"{career.given}.{career.family}".lower()
    seen[local] = seen.get(local, 0) + 1
    again = seen[local] if seen[local] > 1 else ""
    return f"{local}{again}@{words.DOMAIN}"


def add_work(loaded: Loaded) -> None:
    careers = loaded.played.careers
    add(
        Employment(
            teacher=loaded.teacher(career),
            started_on=spell.start,
            ended_on=spell.end,
            position=spell.position.value,
            fte=Decimal(spell.fte),
            separation_type=spell.separation.value if spell.separation else "",
            separation_reason=spell.reason.value if spell.reason else "",
        )
        for career in careers
        for spell in career.spells
    )
    add(
        Assignment(
            teacher=loaded.teacher(career),
            school=loaded.schools[post.place.number],
            position=post.position.value,
            subject=post.subject,
            grades=post.grades,
            fte=Decimal(post.fte),
            started_on=post.start,
            ended_on=post.end,
        )
        for career in careers
        for post in career.posts
    )
    add(
        Leave(
            teacher=loaded.teacher(career),
            started_on=away.start,
            ended_on=away.end,
            kind=away.kind.value,
            right_of_return=away.may_return,
        )
        for career in careers
        for away in career.leaves
    )
    add(licence_rows(loaded))
    add(
        ExternalId(teacher=teacher, system="payroll", id_type="employee number", value=f"P{number + 700_001}")
        for number, teacher in loaded.teachers.items()
    )


def licence_rows(loaded: Loaded) -> list[Licence]:
    """Five years each, so that some end within the next months."""
    rows = []
    for career in loaded.played.careers:
        if career.post.subject:
            begin = date(loaded.played.last.start - career.number % 5, 7, 1)
            rows.append(
                Licence(
                    teacher=loaded.teacher(career),
                    jurisdiction=words.STATE,
                    licence_type="Initial" if career.is_early(loaded.played.today) else "Professional",
                    number=f"L{career.number + 400_000}",
                    valid_from=begin,
                    valid_until=license_end(career, begin, loaded.played.today),
                    endorsements=career.post.subject,
                )
            )
    return rows


def license_end(career: Career, begin: date, today: date) -> date:
    """Most end with a school year; a few ended lately or end within the next months, for HR to see."""
    if career.number % 29 == 0:
        return max(begin, today + timedelta(days=career.number % 9 * 40 - 30))
    return date(begin.year + 5, 6, 30)


def add_pairings(loaded: Loaded) -> None:
    begin = min(loaded.played.last.starts_on + timedelta(days=62), loaded.played.today)
    add(
        Pairing(
            coach=loaded.users[coach.email],
            teacher=loaded.teacher(career),
            kind=coach.role.value,
            started_on=max(begin, career.spell.start),
        )
        for coach in loaded.cast.coaches
        for career in coach.caseload
    )


def figure_rows(loaded: Loaded) -> list[KpiValue]:
    kpis = {kpi.code: kpi for kpi in Kpi.objects.all()}
    return [figure_row(loaded, kpis, figure) for figure in figures(loaded.played)]


def figure_row(loaded: Loaded, kpis: dict[str, Kpi], figure: Figure) -> KpiValue:
    return KpiValue(
        district=loaded.district,
        kpi=kpis[figure.kpi],
        school_year=loaded.years[figure.year],
        level=figure.level.value,
        teacher=loaded.teacher(figure.career) if figure.career else None,
        school=loaded.schools[figure.place.number] if figure.place else None,
        subject=figure.subject,
        grades=figure.grades,
        student_group=figure.student_group,
        value=decimal(figure.value),
        n=figure.n,
        sd=decimal(figure.sd),
        suppressed_at_source=figure.value is None,
    )
