"""What pages of people say about credit without knowing learning themselves."""

from __future__ import annotations

from typing import Any

from django import template

from learning_plans.contract_cases import contract_case_of
from learning_plans.wording import STATUSES, amount_text
from pd_tracker.access import Capability
from teachers.models import Teacher
from teachers.querysets.people import reaches

register = template.Library()


@register.inclusion_tag("learning_plans/rule_packs/contract_bar.html", takes_context=True)
def contract_hours(context: template.Context, teacher: Teacher) -> dict[str, Any]:
    """How many hours of the contract somebody has, with a link to the reasons; nothing where none are asked for."""
    user = context["request"].user
    case = contract_case_of(teacher, on=user.today) if reaches(user, Capability.LICENCES_VIEW, teacher) else None
    if case is None or not case.decision.required:
        return {}
    found = case.decision
    return {
        "teacher": teacher,
        "counted": found.counted,
        "required": found.required,
        "counted_words": amount_text(found.counted),
        "required_words": amount_text(found.required),
        "state": found.status.value,
        "label": STATUSES[found.status],
    }
