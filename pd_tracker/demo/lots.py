"""A course whose few seats go by lot every year: drawn as the site draws them, so each draw can be repeated."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from learning_plans.models import Completion, Course, Enrollment, SeatDraw, Session
from learning_plans.rules.choices import ActivityType, EnrollmentState, SeatPolicy
from learning_plans.rules.lottery import draw, seed_of
from pd_tracker.access import Role
from pd_tracker.demo.careers import Career
from pd_tracker.demo.learning_rows import credit_of
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.planted import DRAWN_COURSE
from pd_tracker.demo.rows import add, moment, session_row
from pd_tracker.demo.training import working_day
from teachers.models import Teacher
from teachers.rules.periods import Year

MINUTES = 120
MOST_APPLICANTS, SHARE_OF_STAFF = 80, 4
CAME = 0.85
SOURCE = "Evening numbers of the state lottery on the day of the draw"
APPLIED_BEFORE, DRAWN_BEFORE = timedelta(days=30), timedelta(days=21)
COMING, COMING_SEATS = timedelta(days=40), 12


def add_lots(loaded: Loaded) -> None:
    course = add(
        [
            Course(
                district=loaded.district,
                code=DRAWN_COURSE,
                title="Peer coaching circle",
                activity_type=ActivityType.LEARNING_COMMUNITY.value,
                minutes=MINUTES,
                category="Coaching",
                approved_from=loaded.played.first.starts_on,
            )
        ]
    )[0]
    for year in loaded.played.years[:-1]:
        on = working_day(date(year.start, 11, 19))
        _held(loaded, course, year, on, Random(f"seats of {year.start}"))
    _coming(loaded, course, Random("seats to come"))


def _session(course: Course, on: date, seats: int) -> Session:
    session = session_row(course, on, capacity=seats, section="L")
    session.seat_policy, session.seed_source = SeatPolicy.LOTTERY.value, SOURCE
    session.draw_on = on - DRAWN_BEFORE
    made: Session = add([session], with_history=False)[0]
    return made


def _applicants(loaded: Loaded, on: date, rng: Random) -> list[Teacher]:
    """Chance alone decides who applies; the teacher whose story is told has other plans."""
    here = [one for one in loaded.played.careers if _is_there(one, on) and one is not loaded.cast.teacher]
    chosen = rng.sample(here, min(MOST_APPLICANTS, len(here) // SHARE_OF_STAFF))
    return [loaded.teacher(one) for one in chosen]


def _is_there(career: Career, on: date) -> bool:
    return career.teaches_on(on) and career.teaches_on(on - APPLIED_BEFORE)


def _held(loaded: Loaded, course: Course, year: Year, on: date, rng: Random) -> None:
    people = {teacher.staff_id: teacher for teacher in _applicants(loaded, on, rng)}
    session = _session(course, on, len(people) // 2)
    said = "-".join(f"{number:02}" for number in rng.sample(range(1, 50), 5))
    drawn = draw([*people], len(people) // 2, seed_of(said, session.pk))
    made = SeatDraw(
        session=session,
        seed=seed_of(said, session.pk),
        seats=drawn.seats,
        order=list(drawn.order),
        drawn_at=moment(on - DRAWN_BEFORE, hour=23),
        drawn_by=loaded.user(Role.HR),
    )
    add([made], with_history=False)
    came = [people[staff_id] for staff_id in drawn.winners if rng.random() < CAME]
    states = dict.fromkeys(drawn.waiting, EnrollmentState.WAITLISTED) | dict.fromkeys(
        drawn.winners, EnrollmentState.NO_SHOW
    )
    states |= {teacher.staff_id: EnrollmentState.COMPLETED for teacher in came}
    _enroll(session, [(people[staff_id], states[staff_id], place) for place, staff_id in enumerate(drawn.order, 1)], on)
    finished = [_completion(loaded, teacher, session, on) for teacher in came]
    add(finished, with_history=False)
    add((line for completion in finished for line in credit_of(completion)), with_history=False)


def _enroll(session: Session, rows: list[tuple[Teacher, EnrollmentState, int | None]], on: date) -> None:
    add(
        (
            Enrollment(teacher=teacher, session=session, state=state.value, drawn_place=place)
            for teacher, state, place in rows
        ),
        with_history=False,
    )
    Enrollment.objects.filter(session=session).update(registered_at=moment(on - APPLIED_BEFORE))


def _completion(loaded: Loaded, teacher: Teacher, session: Session, on: date) -> Completion:
    recorded = moment(on + timedelta(days=3))
    return Completion(
        teacher=teacher,
        course=session.course,
        session=session,
        completed_on=on,
        recorded_at=recorded,
        minutes=MINUTES,
        category=session.course.category,
        source="session",
        approved_at=recorded,
        approved_by=loaded.user(Role.HR),
    )


def _coming(loaded: Loaded, course: Course, rng: Random) -> None:
    today = loaded.played.today
    on = working_day(today + COMING)
    session = _session(course, on, COMING_SEATS)
    people = _applicants(loaded, today, rng)[: 2 * COMING_SEATS]
    _enroll(session, [(teacher, EnrollmentState.IN_DRAW, None) for teacher in people], today + APPLIED_BEFORE)
