"""What the coaches of the demonstration logged: visits with their time, cycles, and notes of every kind."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from learning_plans.models import CoachingCycle, CoachingNote, Visit
from learning_plans.rules.choices import CoachingActivity, Sharing
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add, moment
from teachers.models import Teacher, User

FOCUS = (
    # focus, tags, next step, note
    ("Wait time after questions", "questions, wait time", "Count to three before calling on anybody",
     "Twelve questions in ten minutes; waited after four. Students at the back began to answer once there was time."),
    ("Starting lessons calmly", "routines", "Post the first task on the board before the bell",
     "The first task was on the board. Seven minutes until everybody was at work; four last time."),
    ("Exit tickets that shape tomorrow", "checks, planning", "Sort tonight's tickets into three piles",
     "The tickets ask for one idea each, which makes them quick to sort. We planned tomorrow's groups from them."),
    ("Every student explains once", "talk, grouping", "Try sentence starters with the second group",
     "Nine students explained their thinking aloud. We talked about how to draw in the quiet table by the window."),
)  # fmt: skip
STEPS = (
    CoachingActivity.GOAL_SETTING,
    CoachingActivity.VISIT,
    CoachingActivity.FEEDBACK,
    CoachingActivity.RE_VISIT,
)
WITH_NEXT_STEP = {CoachingActivity.GOAL_SETTING, CoachingActivity.FEEDBACK}
SHARING = (Sharing.SHARED, Sharing.PRIVATE, Sharing.EXISTENCE)
MINUTES = (20, 30, 45, 45, 60)
EVERY_DAYS = 9
IN_CYCLES = 6  # of each coach's teachers


def add_coaching(loaded: Loaded) -> None:
    rng = Random("visits and notes")
    for coach in loaded.cast.coaches:
        user = loaded.users[coach.email]
        for place, career in enumerate(coach.caseload):
            visits = _visits(loaded, user, loaded.teacher(career), place, rng)
            _notes(add(visits, with_history=False), place)


def _visits(loaded: Loaded, coach: User, teacher: Teacher, place: int, rng: Random) -> list[Visit]:
    """The first of a caseload are seen often; with the last there has been no contact for a while."""
    focus, tags, step, _note = FOCUS[place % len(FOCUS)]
    taken = STEPS[: 1 + place % len(STEPS)]
    newest = loaded.played.today - timedelta(days=3 + 2 * place)
    days = [newest - timedelta(days=EVERY_DAYS * number) for number in reversed(range(len(taken)))]
    cycle = _cycle(coach, teacher, focus, days[0]) if place < IN_CYCLES else None
    return [
        Visit(
            teacher=teacher,
            coach=coach,
            cycle=cycle,
            visited_on=on,
            minutes=rng.choice(MINUTES),
            activity=activity.value,
            focus_tags=tags,
            next_step=step if activity in WITH_NEXT_STEP else "",
            next_step_on=on + timedelta(days=14) if activity in WITH_NEXT_STEP else None,
            logged_at=moment(on, hour=22),
        )
        for on, activity in zip(days, taken, strict=True)
    ]


def _cycle(coach: User, teacher: Teacher, focus: str, on: date) -> CoachingCycle:
    row = CoachingCycle(teacher=teacher, coach=coach, focus=focus, started_on=on)
    made: CoachingCycle = add([row], with_history=False)[0]
    return made


def _notes(visits: list[Visit], place: int) -> None:
    add(
        (
            CoachingNote(
                visit=visit,
                author=visit.coach,
                text=FOCUS[place % len(FOCUS)][3],
                sharing=(sharing := SHARING[(place + number) % len(SHARING)]).value,
                written_at=visit.logged_at,
                changed_at=visit.logged_at,
                shared_at=visit.logged_at if sharing is Sharing.SHARED else None,
            )
            for number, visit in enumerate(visits)
        ),
        with_history=False,
    )
