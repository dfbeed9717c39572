"""What speaks for needs in the demonstration: self-assessments, a coach's word, priorities, figures."""

from __future__ import annotations

from datetime import date, timedelta

from learning_plans.actions.assessing import store_self_ratings
from learning_plans.actions.frameworks import make_default
from learning_plans.actions.needs import suggest_need
from learning_plans.models import KpiCompetency, Priority, SelfAssessment, SelfRating
from pd_tracker.access import Role
from pd_tracker.demo.loaded import Loaded
from pd_tracker.demo.rows import add, moment
from pd_tracker.reports.refreshing import refresh_needs
from teachers.models import Kpi, Teacher

FIGURES = (("growth", "3"), ("assessment_mean", "4"), ("discipline_per_100", "5"), ("observation", "2"))
# Level, confidence and relevance of the teacher, competency by competency: a year ago, and this fall.
BEFORE = {
    "1": (2, 2, 3),
    "2": (2, 2, 4),
    "3": (1, 1, 4),
    "4": (2, 2, 4),
    "5": (3, 3, 4),
    "6": (1, 1, 3),
    "7": (2, 2, 2),
}
NOW = {"1": (3, 3, 3), "2": (3, 3, 4), "3": (2, 2, 4), "4": (2, 3, 3), "5": (3, 3, 4), "6": (1, 2, 4), "8": (3, 3, 2)}
COMMENTS = {"6": "My third group needs other tasks than I have.", "3": "They answer me, and seldom each other."}
OTHERS = 20  # people of the coaches who have assessed themselves, too


def add_needs(loaded: Loaded) -> None:
    teacher, today = loaded.teacher(loaded.cast.teacher), loaded.played.today
    make_default(framework=loaded.competencies["1"].framework, actor=loaded.user(Role.LEADER))
    add(KpiCompetency(kpi=Kpi.objects.get(code=code), competency=loaded.competencies[part]) for code, part in FIGURES)
    add_priorities(loaded)
    assess(loaded, teacher, BEFORE, on=today - timedelta(days=350))
    assess(loaded, teacher, NOW, on=today - timedelta(days=24))
    for career in [career for coach in loaded.cast.coaches for career in coach.caseload][1 : OTHERS + 1]:
        said = {part: (1 + (career.number + place) % 4, 2, 2 + place % 3) for place, part in enumerate(NOW)}
        assess(loaded, loaded.teacher(career), said, on=today - timedelta(days=10 + career.number % 20))
    suggest_need(
        teacher=teacher,
        competency=loaded.competencies["3"],
        words="In both visits the same five students answered. Talking in pairs first would let the others try it out.",
        actor=loaded.user(Role.COACH),
        on=today - timedelta(days=8),
    )
    refresh_needs(on=today)


def add_priorities(loaded: Loaded) -> None:
    """One of the teacher's school, one of the whole district."""
    begin = max(loaded.played.last.starts_on, loaded.played.today - timedelta(days=60))
    school = loaded.schools[loaded.cast.school.number]
    add(
        [
            Priority(
                district=loaded.district,
                school=school,
                competency=loaded.competencies["7"],
                reason="Families told us that they hear from us only when something is wrong.",
                started_on=begin,
            ),
            Priority(
                district=loaded.district,
                competency=loaded.competencies["6"],
                reason="Students who learn English fall behind in grade 5; every room can help.",
                started_on=begin,
            ),
        ]
    )


def assess(loaded: Loaded, teacher: Teacher, said: dict[str, tuple[int, int, int]], *, on: date) -> None:
    framework = loaded.competencies["1"].framework
    begun = SelfAssessment(teacher=teacher, framework=framework, started_at=moment(on), saved_at=moment(on, 17))
    begun.finished_at = begun.saved_at
    begun.save()
    for part, (level, confidence, relevance) in said.items():
        SelfRating.objects.create(
            assessment=begun,
            competency=loaded.competencies[part],
            level=level,
            confidence=confidence,
            relevance=relevance,
            comment=COMMENTS.get(part, "") if said is NOW else "",
        )
    store_self_ratings(teacher.pk, actor=None, on=on)
