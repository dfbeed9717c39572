"""Writing templates. Plans that began with one keep what they began with."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from learning_plans.models import PlanTemplate, TemplateItem
from pd_tracker.audit.actions import record
from teachers.actions.keeping import keep, sign
from teachers.models import User


@transaction.atomic
def save_template(
    *,
    template: PlanTemplate,
    items: Iterable[TemplateItem],
    actor: User,
    removed: Iterable[TemplateItem] = (),
    reason: str = "",
) -> PlanTemplate:
    keep(template, actor=actor, verb="template.saved", reason=reason)
    for item in items:
        item.template = template
        keep(item, actor=actor, verb="template_item.saved", reason=reason)
    for item in removed:
        sign(item, actor=actor, reason=reason)
        record(actor=actor, verb="template_item.removed", subject=item, template=template.pk)
        item.delete()
    return template


def retire_template(*, template: PlanTemplate, is_retired: bool, actor: User) -> PlanTemplate:
    """Retired, it begins no plan any more; it can come back."""
    template.is_retired = is_retired
    return keep(template, actor=actor, verb="template.retired" if is_retired else "template.brought_back")
