"""Frameworks and their parts: retired, never deleted, since courses, needs and goals point at them."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from learning_plans.models import Competency, Framework, KpiCompetency
from teachers.actions.keeping import keep, remove
from teachers.models import Kpi, User


@transaction.atomic
def retire_framework(*, framework: Framework, is_retired: bool, actor: User, reason: str = "") -> Framework:
    """Retires a framework, or brings it back."""
    if is_retired and framework.is_default:
        raise ValidationError(_("This framework is used where nothing else is chosen. Choose another default first."))
    framework.is_retired = is_retired
    verb = "framework.retired" if is_retired else "framework.brought_back"
    return keep(framework, actor=actor, verb=verb, reason=reason)


@transaction.atomic
def retire_competency(*, competency: Competency, is_retired: bool, actor: User, reason: str = "") -> Competency:
    """Retires a part with everything below it, or brings it back alone."""
    if is_retired:
        for part in competency.children.filter(is_retired=False):
            retire_competency(competency=part, is_retired=True, actor=actor, reason=reason)
    competency.is_retired = is_retired
    verb = "competency.retired" if is_retired else "competency.brought_back"
    return keep(competency, actor=actor, verb=verb, reason=reason)


@transaction.atomic
def make_default(*, framework: Framework, actor: User) -> Framework:
    if framework.is_retired:
        raise ValidationError(_("A retired framework cannot be the default. Bring it back first."))
    for before in Framework.objects.select_for_update().filter(is_default=True).exclude(pk=framework.pk):
        before.is_default = False
        keep(before, actor=actor, verb="framework.saved")
    framework.is_default = True
    return keep(framework, actor=actor, verb="framework.made_default")


@transaction.atomic
def link_kpis(*, competency: Competency, kpis: Collection[Kpi], actor: User) -> None:
    """Says which figures speak about a competency: exactly these."""
    wanted = {kpi.pk: kpi for kpi in kpis}
    linked = {link.kpi_id: link for link in competency.kpi_links.all()}
    for key, link in linked.items():
        if key not in wanted:
            remove(link, actor=actor, verb="competency.kpi_unlinked", reason=_("Unlinked on the framework's page"))
    for key, kpi in wanted.items():
        if key not in linked:
            keep(KpiCompetency(kpi=kpi, competency=competency), actor=actor, verb="competency.kpi_linked")
