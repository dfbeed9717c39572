"""The teacher of the demonstration: one thing in every state a teacher, a coach and HR can meet."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Model
from django.urls import reverse

from learning_plans.models import Completion, Course, Enrollment, Session
from learning_plans.rules.choices import CompletionState, EnrollmentState
from pd_tracker.access import Role
from pd_tracker.demo.careers import Career, Training
from pd_tracker.demo.catalogue import BY_CODE
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.plans import TASKS, Item, PlanOf
from pd_tracker.demo.rows import add, moment, session_row
from pd_tracker.demo.training import working_day
from pd_tracker.notices.actions import tell as notify
from pd_tracker.notices.models import Notice
from teachers.models import Teacher
from teachers.rules.periods import Year

FINISHED = ("PD-101", "PD-120", "PD-160", "PD-112", "PD-201")  # five categories, this year
PENDING, WAITLISTED, REGISTERED = "PD-171", "PD-150", "PD-122"
OFFERED = ("PD-122", "PD-150", "PD-110", "PD-130", "PD-151", "PD-160", "PD-190", "PD-103", "PD-124", "PD-214")
FEW_SEATS = 8


def train(career: Career, *, today: date, year: Year) -> None:
    """What the teacher finished this year, over the last weeks."""
    days = [max(year.starts_on, today - timedelta(days=16 + 11 * number)) for number in range(len(FINISHED))]
    finished = [Training(code, on, BY_CODE[code].minutes) for code, on in zip(FINISHED, reversed(days), strict=True)]
    career.training[year] = finished


def story_of(career: Career, *, today: date, year: Year) -> PlanOf:
    def day(days: int) -> date:
        return max(min(today + timedelta(days=days), year.ends_on), year.starts_on)

    note = "We said in our talk that this would help your second group."
    return PlanOf(
        career,
        goals=[0, 1],
        items=[
            Item("PD-101", day(-50), day(-90), goal=None),
            Item("PD-120", day(-20), day(-80)),
            Item("PD-103", day(-9), day(-60), goal=None),
            Item(REGISTERED, day(12), day(-25), is_from_coach=True, note=note),
            Item(PENDING, day(20), day(-40), goal=1),
            Item(WAITLISTED, day(28), day(-18), goal=1, is_from_coach=True),
            Item("PD-130", day(75), day(-6), goal=1, is_from_coach=True),
            Item(None, day(18), day(-6), task=TASKS[0], is_from_coach=True, is_required=False),
            Item(None, day(-15), day(-45), task=TASKS[2], is_required=False, task_done_on=day(-16)),
        ],
    )


def tell(loaded: Loaded) -> None:
    teacher = loaded.teacher(loaded.cast.teacher)
    sessions = add_coming_sessions(loaded)
    fill_seats(loaded, teacher, sessions)
    add_pending(loaded, teacher)
    change_records(loaded, teacher)
    add_notices(loaded)


def add_coming_sessions(loaded: Loaded) -> dict[str, Session]:
    rows = [
        session_row(
            loaded.courses[code],
            working_day(loaded.played.today + timedelta(days=6 + 5 * number)),
            capacity=FEW_SEATS if code == WAITLISTED else 30,
            section="B",
        )
        for number, code in enumerate(OFFERED)
    ]
    return dict(zip(OFFERED, add(rows), strict=True))


def fill_seats(loaded: Loaded, teacher: Teacher, sessions: dict[str, Session]) -> None:
    """One session is full, and the teacher waits for a seat in it."""
    today, rng = loaded.played.today, loaded.played.rng
    star = loaded.cast.teacher
    here = [career for career in loaded.played.careers if career.teaches_on(today) and career is not star]
    rows = []
    for code, session in sessions.items():
        taken = FEW_SEATS if code == WAITLISTED else rng.randrange(3, 14)
        rows += [
            Enrollment(teacher=loaded.teacher(one), session=session) for one in rng.sample(here, min(taken, len(here)))
        ]
    mine = {REGISTERED: EnrollmentState.REGISTERED, WAITLISTED: EnrollmentState.WAITLISTED}
    rows += [Enrollment(teacher=teacher, session=sessions[code], state=state.value) for code, state in mine.items()]
    add(rows)
    keys = [row.pk for row in rows]
    Enrollment.objects.filter(pk__in=keys).update(registered_at=moment(today - timedelta(days=5)))


def add_pending(loaded: Loaded, teacher: Teacher) -> None:
    """Learning outside the district that waits for approval, and a line that HR took back."""
    today, year = loaded.played.today, loaded.played.last
    on = max(year.starts_on, today - timedelta(days=12))
    waiting = outside(teacher, loaded.courses[PENDING], on)
    taken_back = outside(teacher, loaded.courses["PD-142"], on)
    add([waiting, taken_back])
    taken_back.state, taken_back.void_reason = CompletionState.VOIDED.value, "Entered for the wrong person"
    _changed(taken_back, loaded, reason=taken_back.void_reason)


def outside(teacher: Teacher, course: Course, on: date) -> Completion:
    return Completion(
        teacher=teacher,
        course=course,
        completed_on=on,
        recorded_at=moment(on + timedelta(days=1)),
        recorded_by=teacher.user,
        minutes=course.minutes,
        category=course.category,
        source="external",
        state=CompletionState.PENDING.value,
    )


def change_records(loaded: Loaded, teacher: Teacher) -> None:
    """A few corrections, so that the history of the person has something to show."""
    teacher.preferred_name = "May"
    _changed(teacher, loaded, reason="Asked for it in writing")
    post = teacher.assignments.order_by("-started_on")[0]
    post.grades = "3-4" if post.grades == "3-5" else post.grades + " (team lead)"
    _changed(post, loaded, reason="New timetable")
    licence = teacher.licences.order_by("-valid_from")[0]
    licence.endorsements += ", Reading"
    _changed(licence, loaded, reason="Endorsement added by the state")


def _changed(row: Model, loaded: Loaded, *, reason: str) -> None:
    row._history_user = loaded.user(Role.HR)  # type: ignore[attr-defined]
    row._change_reason = reason  # type: ignore[attr-defined]
    row.full_clean()
    row.save()


def add_notices(loaded: Loaded) -> None:
    coach = loaded.user(Role.COACH).name
    for code in (REGISTERED, WAITLISTED, "PD-130"):
        notify(
            [loaded.user(Role.TEACHER).pk],
            kind=Notice.Kind.TRAINING_ASSIGNED,
            url=reverse("learning_plans:my_plan"),
            course=loaded.courses[code].title,
            by=coach,
        )
