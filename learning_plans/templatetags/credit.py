"""What pages of people say about credit without knowing learning themselves."""

from __future__ import annotations

from typing import Any

from django import template

from learning_plans.credit.contracts import contract_case_of
from learning_plans.credit.telling import Told
from learning_plans.credit.wording import STATUSES, amount_text
from learning_plans.rules.credit.decision import Reason
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


@register.inclusion_tag("learning_plans/rule_packs/unsaid.html", takes_context=True)
def unsaid_categories(context: template.Context, told: Told) -> dict[str, Any]:
    """Categories because of which hours do not count, with the way to the page that says what they mean."""
    decided = {each.index for each in told.decision.lines if each.reason is Reason.UNKNOWN_CATEGORY}
    names = sorted({told.case.entries[index].category for index in decided if index < len(told.case.entries)})
    may_say = context["request"].user.may(Capability.CREDIT_RULES_EDIT)
    return {"names": names, "may_say": may_say}
