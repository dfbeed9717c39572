"""Templates that come with the product: a start that a district takes over and then changes as it likes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learning_plans.actions.templates import save_template
from learning_plans.models import PlanTemplate, TemplateItem
from teachers.models import District, User
from teachers.rules.choices import Position

TEACHING = {"position": Position.CLASSROOM_TEACHER.value}


@dataclass(frozen=True, slots=True)
class Shipped:
    key: str
    name: Promise
    guidance: Promise
    tasks: tuple[tuple[Promise, int, bool], ...]  # what, due after days, whether it is required
    fields: Mapping[str, Any] = field(default_factory=dict)


INDUCTION = Shipped(
    "induction",
    _("California induction"),
    _(
        "Your induction plan belongs to you and your mentor and is never used to evaluate you. You meet your mentor "
        "within 30 days, set your goals together within 60 days, and have about one hour with a mentor each week."
    ),
    (
        (_("Meet your mentor and look at your transition plan together"), 30, True),
        (_("Set your goals for growth with your mentor"), 60, True),
        (_("Watch a colleague teach and talk it over with your mentor"), 120, False),
        (_("Look back with your mentor at how you grew in each standard"), 270, True),
    ),
    TEACHING
    | {
        "place": 10,
        "experience_from": 0,
        "experience_to": 1,
        "is_apart_from_evaluation": True,
        "mentor_within_days": 30,
        "goals_within_days": 60,
        "weekly_minutes": 60,
        "review_days": "90, 180, 270",
    },
)
FIRST_YEAR = Shipped(
    "first_year",
    _("First-year teacher"),
    _(
        "One or two goals are plenty in a first year. Choose what would make next week easier for you and your "
        "students."
    ),
    (
        (_("Set up the routines of your classroom with your coach or mentor"), 30, False),
        (_("Watch two colleagues teach and write down what you would try"), 90, False),
        (_("Ask for a visit on the one thing you want to get better at"), 120, False),
    ),
    TEACHING | {"place": 20, "experience_from": 0, "experience_to": 0, "review_days": "60, 120, 240"},
)
COACHING = Shipped(
    "coach",
    _("Mentor or coach"),
    _("This plan is about your own craft: how you listen, ask and help others to see their teaching."),
    (
        (_("Let a colleague watch one of your feedback talks"), 90, False),
        (_("Read and discuss one study on coaching with the other coaches"), 150, False),
    ),
    {"place": 30, "subject": "Instructional coaching"},
)
SPECIAL_EDUCATION = Shipped(
    "special_education",
    _("Special education"),
    _("Begin with the students you serve: what do their plans ask of you that you would like to do better?"),
    (
        (_("Go through the goals of your students' IEPs with the general education teachers"), 45, True),
        (_("Plan and teach one unit together with a colleague"), 150, False),
    ),
    TEACHING | {"place": 40, "subject": "Special education"},
)
ORDINARY = Shipped(
    "teacher",
    _("Teacher"),
    _("Look at where you could grow, choose one or two goals, and say how you will know that you reached them."),
    ((_("Talk your goals over with somebody you trust"), 60, False),),
    TEACHING | {"place": 100},
)
SHIPPED = (INDUCTION, FIRST_YEAR, COACHING, SPECIAL_EDUCATION, ORDINARY)


@transaction.atomic
def take_shipped(*, district: District, keys: Collection[str], actor: User) -> list[PlanTemplate]:
    """The chosen ones as the district's own, in the language of whoever takes them; a name in use stays as it is."""
    wanted = [each for each in SHIPPED if each.key in keys]
    names = set(PlanTemplate.objects.filter(district=district).values_list("name", flat=True))
    return [_take(each, district, actor) for each in wanted if str(each.name) not in names]


def _take(shipped: Shipped, district: District, actor: User) -> PlanTemplate:
    template = PlanTemplate(district=district, name=str(shipped.name), guidance=str(shipped.guidance), **shipped.fields)
    items = [
        TemplateItem(task=str(task), due_after_days=days, is_required=is_required)
        for task, days, is_required in shipped.tasks
    ]
    return save_template(template=template, items=items, actor=actor)
