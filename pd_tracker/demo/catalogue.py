"""What staff of the demonstration district can learn, from whom and towards what. Everything here is invented."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pd_tracker.demo.planted import COURSE

FRAMEWORK = "District framework"
COMPETENCIES = {
    "1": "Knowing students and how they learn",
    "2": "Planning lessons that build on each other",
    "3": "Talk, questions and feedback in class",
    "4": "Checking understanding and acting on it",
    "5": "A calm, fair and welcoming room",
    "6": "Reaching every learner",
    "7": "Working with families",
    "8": "Growing as a professional",
}
PROVIDERS = (
    # name, kind, partner of the district
    ("District learning office", "internal", True),
    ("Quilltarn University", "university", True),
    ("Otterwithy Teaching Collective", "partner", True),
    ("Ferngarrow Learning Works", "business", False),
    ("Emberlune Parents' Circle", "parents", True),
)
FREE = Decimal(0)
ANNUAL = "PD-101"  # nearly everybody takes it in the first weeks of each school year
PATHOGENS, HARASSMENT = "PD-104", "PD-105"  # required of everybody every two years
NUMBERS = {"Quilltarn University": "500-114", "Ferngarrow Learning Works": "500-271"}  # as the state knows them


@dataclass(frozen=True, slots=True)
class CourseOffer:
    code: str
    title: str
    provider: int
    activity_type: str
    minutes: int
    category: str
    competencies: tuple[str, ...]
    focus_areas: str = ""
    cost: Decimal | None = None
    tier: str = "unknown"
    has_sessions: bool = True
    state: str = "approved"


def _offer(line: str) -> CourseOffer:
    code, title, provider, kind, minutes, category, competencies, focus, cost, tier = (
        part.strip() for part in line.split("|")
    )
    return CourseOffer(
        code=code,
        title=title,
        provider=int(provider),
        activity_type=kind,
        minutes=int(minutes),
        category=category,
        competencies=tuple(competencies.split()),
        focus_areas=focus,
        cost=Decimal(cost) if cost else FREE if provider == "0" else None,  # the district's own courses are free
        tier=tier or "unknown",
        has_sessions=kind in {"workshop", "course", "learning_community", "conference"},
        state="retired" if code == "PD-140" else "approved",
    )


# code | title | provider | activity type | minutes | category | competencies | focus areas | cost | evidence
_LINES = f"""
{ANNUAL} | Keeping children safe: yearly update | 0 | online | 60 | Required | 5 | | |
PD-102 | Data privacy for school staff | 0 | online | 60 | Required | 8 | | |
PD-103 | Emergency procedures | 0 | workshop | 90 | Required | 5 | | |
{PATHOGENS} | Bloodborne pathogens | 3 | online | 45 | Required | 8 | health and safety | |
{HARASSMENT} | Preventing sexual harassment | 3 | online | 60 | Required | 8 | a safe workplace | |
PD-110 | First weeks: routines that hold | 0 | workshop | 180 | Classroom climate | 5 | new teachers | | promising
PD-111 | Restorative conversations | 2 | workshop | 360 | Classroom climate | 5 7 | inclusion | 85 | promising
PD-112 | Trauma-aware classrooms | 2 | course | 600 | Classroom climate | 1 5 | inclusion | 140 | rationale
PD-120 | Planning backwards from the goal | 0 | workshop | 240 | Instruction | 2 | | | rationale
PD-121 | Worked examples and practice | 1 | online | 180 | Instruction | 2 3 | | | moderate
PD-122 | Questions that make thinking visible | 1 | workshop | 240 | Instruction | 3 | | 60 | promising
PD-123 | A first project | 3 | course | 960 | Instruction | 2 6 | project-based learning | 320 | rationale
PD-124 | Exhibitions of student work | 3 | workshop | 360 | Instruction | 2 6 | project-based learning | 150 | rationale
PD-125 | Teaching with fewer slides | 0 | self_study | 120 | Instruction | 3 | | |
PD-130 | Using exit tickets | 0 | workshop | 120 | Assessment | 4 | | | moderate
PD-131 | Grading for growth | 1 | course | 720 | Assessment | 4 | | 210 | rationale
PD-132 | Reading interim results together | 0 | learning_community | 480 | Assessment | 4 8 | data | | promising
PD-140 | The old gradebook, step by step | 0 | online | 60 | Technology | 4 | | |
PD-141 | Screen readers and captions in class | 3 | workshop | 180 | Technology | 6 | inclusion | 45 |
PD-142 | Spreadsheets for class records | 3 | online | 120 | Technology | 4 8 | data | 20 |
PD-150 | Sheltered instruction | 1 | course | 900 | Inclusion | 6 | English learners | 260 | promising
PD-151 | Co-teaching that works for two | 2 | workshop | 360 | Inclusion | 6 | inclusion | 90 | rationale
PD-152 | Reading difficulties: spotting and helping | 1 | course | 840 | Inclusion | 1 6 | literacy | 240 | moderate
PD-153 | Writing goals in plans for students with disabilities | 0 | workshop | 180 | Inclusion | 6 | inclusion | |
PD-160 | Number talks | 1 | workshop | 240 | Content: mathematics | 3 | mathematics | 55 | promising
PD-161 | Fractions, seen and understood | 1 | course | 600 | Content: mathematics | 1 2 | mathematics | 180 | promising
PD-170 | Structured word study | 1 | course | 720 | Content: literacy | 1 2 | literacy | 200 | moderate
PD-171 | Writing across subjects | 2 | workshop | 360 | Content: literacy | 2 3 | literacy | 80 | rationale
PD-180 | Schoolyard science | 2 | workshop | 480 | Content: science | 2 | project-based learning | 120 | rationale
PD-190 | Conversations with families | 4 | workshop | 150 | Families | 7 | family engagement | | rationale
PD-191 | Home visits: how and why | 4 | workshop | 300 | Families | 7 | family engagement | 30 | promising
PD-200 | Coaching cycle | 0 | coaching | 420 | Coaching | 3 8 | | | moderate
PD-201 | Visiting a colleague's lesson | 0 | observation | 90 | Coaching | 8 | | |
PD-202 | Mentoring a new colleague | 0 | mentoring | 600 | Coaching | 8 | new teachers | | promising
PD-210 | Regional teaching conference | 2 | conference | 840 | Instruction | 8 | | 390 |
{COURSE} | Talk that builds understanding | 1 | course | 900 | Instruction | 3 4 | classroom talk | 280 | strong
PD-220 | Graduate seminar: learning sciences | 1 | college_course | 1800 | Instruction | 1 8 | | 950 | rationale
PD-230 | Leading a team of teachers | 0 | learning_community | 540 | Leadership | 8 | leadership | |
"""
COURSES = tuple(_offer(line) for line in _LINES.strip().splitlines())
BY_CODE = {offer.code: offer for offer in COURSES}
