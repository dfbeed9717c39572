"""What the invented teachers tried and took up, what they say about courses, and how the district weighs them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from learning_plans.models import (
    Adoption,
    Completion,
    Course,
    CourseOpinion,
    CourseWish,
    Need,
    Practice,
    RecommendationWeights,
)
from learning_plans.rules.choices import NeedAnswer
from pd_tracker.access import Role
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add, moment
from teachers.models import Teacher

# days ago | focus area | competency | course | how many try it | title | how | what happened
_LINES = """
290 | classroom talk | 3 | PD-214 | 31 | Wait seven seconds | I count to seven in my head after every question, and say nothing. | After two weeks, students who never spoke began to.
262 | classroom talk | 3 | PD-122 | 17 | Questions on the wall | Five question stems hang where I look while teaching. | I ask “How do you know?” without thinking now.
240 | project-based learning | 2 | PD-123 | 12 | A museum of small machines | Each group builds one machine and a label; another class visits. | The visit kept everybody at work to the last day.
215 | data | 4 | PD-132 | 22 | Three piles | I sort exit tickets into three piles before I go home, and plan ten minutes for each pile. | Ten minutes a day replaced an evening of grading.
190 | family engagement | 7 | PD-190 | 9 | Good news first | Each Friday two families get a short good message. | The first hard talk of the year went calmly.
170 | inclusion | 6 | PD-151 | 14 | One lesson, two voices | My co-teacher and I change who leads at the half. | Fewer students left the room.
130 | literacy | 2 | PD-170 | 8 | Word of the day, by students | A student brings one word and its parts. | They look for parts in every subject.
95 | project-based learning | 6 | PD-124 | 6 | Exhibition in the hallway | Posters for one week, comment cards below. | Comments from the custodian were the best.
60 | personalized pathways | 6 | | 3 | A menu for Thursdays | Students choose two of four tasks; one is mine to give. | The choice itself took practice.
30 | data | 4 | PD-130 | 5 | Confidence dots | A green, yellow or red dot beside each answer. | Yellow answers are where the lesson starts.
"""  # noqa: E501 (one line for each)
OWN = ("Talk partners for a week", "Partners stay the same for five days and greet each other by name.", "literacy")
OWN_DRAFT = ("Silent start", "Five minutes of silent work at the door. Not sure yet.", "classroom talk")
WENT = (
    "Hard for me at first, then the room changed.",
    "My first period needed longer than seven seconds.",
    "Works better when I write the question on the board.",
)
TOUCHES = {"PD-214": "2", "PD-130": "3", "PD-132": "3", "PD-123": "3", "PD-160": "4", "PD-200": "4", "PD-171": "3"}
WISHED = {"PD-152": 14, "PD-161": 9, "PD-191": 4}
NEEDS = {"3": NeedAnswer.ACCEPTED, "6": NeedAnswer.OPEN}
SAYS = 0.35


def add_practices(loaded: Loaded) -> None:
    """Draws from numbers of its own, so that nothing else of the district changes with it."""
    rng = Random(loaded.played.today.toordinal())
    link_competencies(loaded)
    today = loaded.played.today
    here = [loaded.teacher(one) for one in loaded.played.careers if one.teaches_on(today) and one.spell.end is None]
    star = loaded.teacher(loaded.cast.teacher)
    others = [teacher for teacher in here if teacher != star]
    practices = add(practice_rows(loaded, others, rng))
    own = add(own_rows(loaded, star))
    add(adoption_rows(loaded, practices, others, rng))
    add(
        Adoption(practice=row, teacher=star, adopted_on=today - timedelta(days=12))
        for row in (practices[0], practices[3])
    )
    add(Adoption(practice=own[0], teacher=teacher, adopted_on=today) for teacher in others[:2])
    add_opinions(rng)
    add_wishes(loaded, others, rng)
    weights = RecommendationWeights(district=loaded.district, evidence=Decimal(3))
    weights._history_user = loaded.user(Role.LEADER)  # type: ignore[attr-defined]
    weights._change_reason = "Courses that are shown to work come first"  # type: ignore[attr-defined]
    weights.save()
    add_needs(loaded, star)


def link_competencies(loaded: Loaded) -> None:
    links = Course.also_touches.through
    links._default_manager.bulk_create(
        links(course=loaded.courses[course], competency=loaded.competencies[code]) for course, code in TOUCHES.items()
    )


def practice_rows(loaded: Loaded, others: list[Teacher], rng: Random) -> list[Practice]:
    rows = []
    for line in _LINES.strip().splitlines():
        days, area, competency, course, _tried, title, how, outcome = (part.strip() for part in line.split("|"))
        shared_at = moment(loaded.played.today - timedelta(days=int(days)))
        rows.append(
            Practice(
                teacher=rng.choice(others),
                title=title,
                how=how,
                outcome=outcome,
                focus_area=area,
                competency=loaded.competencies[competency],
                course=loaded.courses.get(course),
                written_at=shared_at,
                shared_at=shared_at,
            )
        )
    return rows


def own_rows(loaded: Loaded, star: Teacher) -> list[Practice]:
    at = moment(loaded.played.today - timedelta(days=9))
    made = [
        Practice(teacher=star, title=title, how=how, focus_area=area, written_at=at)
        for title, how, area in (OWN, OWN_DRAFT)
    ]
    made[0].shared_at = at
    return made


def adoption_rows(loaded: Loaded, practices: list[Practice], others: list[Teacher], rng: Random) -> list[Adoption]:
    """It spreads from the author's day to today, a little faster at the beginning."""
    rows = []
    for practice, line in zip(practices, _LINES.strip().splitlines(), strict=True):
        days, tried = int(line.split("|")[0]), int(line.split("|")[4])
        free = [teacher for teacher in others if teacher != practice.teacher]
        for teacher in rng.sample(free, min(tried, len(free))):
            day = loaded.played.today - timedelta(days=int(days * rng.random() ** 0.7))
            rows.append(Adoption(practice=practice, teacher=teacher, adopted_on=day))
    for row, comment in zip(rows, WENT, strict=False):
        row.comment = comment
    return rows


def add_opinions(rng: Random) -> None:
    rows = list(Completion.objects.counted().order_by("pk").values_list("pk", "course__code", "recorded_at"))
    CourseOpinion.objects.bulk_create(
        (
            CourseOpinion(completion_id=key, stars=_stars(code, rng), given_at=at)
            for key, code, at in rows
            if rng.random() < SAYS
        ),
        batch_size=2_000,
    )


def _stars(code: str, rng: Random) -> int:
    """Some courses are liked more than others."""
    liked = int(code.removeprefix("PD-"))
    return rng.choices((2, 3, 4, 5), (1, 2, 4 + liked % 3, 2 + liked % 5))[0]


def add_wishes(loaded: Loaded, others: list[Teacher], rng: Random) -> None:
    at = moment(loaded.played.today - timedelta(days=7))
    CourseWish.objects.bulk_create(
        CourseWish(teacher=teacher, course=loaded.courses[code], wished_at=at)
        for code, count in WISHED.items()
        for teacher in rng.sample(others, min(count, len(others)))
    )


def add_needs(loaded: Loaded, star: Teacher) -> None:
    """Where nobody has found needs yet, the teacher has two, so that there is something to help with."""
    at = moment(loaded.played.today - timedelta(days=20))
    known = set(Need.objects.filter(teacher=star).values_list("competency__code", flat=True))
    add(
        Need(teacher=star, competency=loaded.competencies[code], answer=answer.value, answered_at=at)
        for code, answer in NEEDS.items()
        if code not in known
    )
