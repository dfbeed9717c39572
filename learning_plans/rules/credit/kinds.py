"""How the district's kinds of activity and topics are said in rule packs."""

from __future__ import annotations

from learning_plans.rules.choices import ActivityType

ACTIVITY_CODES: dict[str, str] = {
    ActivityType.WORKSHOP: "workshop",
    ActivityType.COURSE: "course_series",
    ActivityType.CONFERENCE: "workshop",
    ActivityType.COACHING: "coaching",
    ActivityType.MENTORING: "mentoring",
    ActivityType.LEARNING_COMMUNITY: "course_series",
    ActivityType.ONLINE: "workshop",
    ActivityType.SELF_STUDY: "independent_study",
    ActivityType.OBSERVATION: "coaching",
    ActivityType.COLLEGE: "college_course",
    ActivityType.PRESENTING: "presenting",
    ActivityType.EXAM: "exam",
    ActivityType.GROWTH_PLAN: "growth_plan",
    ActivityType.ACADEMY: "administrators_academy",
    ActivityType.OTHER: "other",
}


def topic_of(focus_areas: str) -> str:
    """The first focus area of a course: what its hours are about where rules ask for a least number on one topic."""
    return focus_areas.split(",")[0].strip().casefold()
