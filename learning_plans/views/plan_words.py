"""What stands above a plan: how it stands, what to do next, and who can read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning_plans.models import Plan, PlanDecision
from learning_plans.querysets.plans import approves
from learning_plans.rules.choices import PlanDecisionKind, PlanState
from pd_tracker.access import Capability, Role
from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words
from teachers.models import Teacher, User
from teachers.models.choices import RoleName
from teachers.querysets.reaching import grants_reaching

IN_PLAIN_WORDS = {Role.HR.value: gettext_lazy("HR"), Role.LEADER.value: gettext_lazy("the district’s leaders")}


def listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads a plan, by the roles that open it: those close to the teacher by name, the others in plain words."""

    teacher: Teacher
    reader: User
    on: date

    def with_draft(self) -> list[str]:
        return [self.owner(), *self.named(Capability.PLANS_VIEW_DRAFTS)]

    def owner(self) -> str:
        return _("you") if self.reader.pk == self.teacher.user_id else str(self.teacher)

    def named(self, capability: Capability, *, besides: Sequence[str] = ()) -> list[str]:
        found: dict[str, None] = {}
        for grant in grants_reaching(self.teacher, capability, on=self.on).order_by("user__name", "pk"):
            found[self.name(grant)] = None
        plain = {str(words) for words in IN_PLAIN_WORDS.values()}
        return sorted((name for name in found if name not in besides), key=lambda name: name in plain)

    def name(self, grant: Any) -> str:
        if grant.role in IN_PLAIN_WORDS:
            return str(IN_PLAIN_WORDS[grant.role])
        if grant.user_id == self.reader.pk:
            return _("you")
        return f"{grant.user} ({str(RoleName(grant.role).label).lower()})"


def who_reads(plan: Plan | None, teacher: Teacher, reader: User) -> str:
    readers = Readers(teacher, reader, reader.today)
    close = readers.with_draft()
    if plan is not None and plan.is_apart_from_evaluation:
        words = _(
            "Only %(close)s can read this. It is never used for evaluation: the principal does not see its words."
        )
        return words % {"close": listed(close)}
    others = readers.named(Capability.PLANS_VIEW, besides=close)
    if plan is not None and plan.state != PlanState.DRAFT:
        return _("%(people)s can read this.") % {"people": capfirst(listed([*close, *others]))}
    only = _("Only %(close)s can read this draft.") % {"close": listed(close)}
    if not others:
        return only
    later = _("Once it is handed in, so can %(others)s.") % {"others": listed(others)}
    return f"{only} {later}"


def how_it_stands(plan: Plan | None, decisions: Sequence[PlanDecision], reader: User, *, has_goals: bool) -> str:
    """One sentence on where the plan is on its way, and what comes next."""
    if plan is None or (plan.state == PlanState.DRAFT and not has_goals and not decisions):
        return _("A plan begins with one goal.")
    last = decisions[-1] if decisions else None
    facts = {
        "by": last.decided_by if last and last.decided_by else _("the district"),
        "day": in_words(localtime(last.decided_at).date() if last else None, Kind.DATE),
    }
    if plan.state == PlanState.DRAFT:
        if last is not None and last.kind == PlanDecisionKind.RETURNED:
            return _("%(by)s returned this plan on %(day)s. Change what was asked for, then hand it in again.") % facts
        return _("This is a draft. Hand it in when it is ready.")
    if plan.state == PlanState.IN_REVIEW:
        return _in_review(plan, reader)
    if last is None:
        return ""
    words = {
        PlanState.ACTIVE: _("%(by)s approved this plan on %(day)s."),
        PlanState.CLOSED: _("%(by)s closed this plan on %(day)s. It keeps its words as they were then."),
    }
    return words[PlanState(plan.state)] % facts


def _in_review(plan: Plan, reader: User) -> str:
    approvers = Readers(plan.teacher, reader, reader.today).named(approves(plan))
    if not approvers:
        return _("This plan is handed in, but nobody can approve it yet. Ask HR who takes this part for the school.")
    return _("This plan is handed in. Next, %(approvers)s can approve it.") % {"approvers": listed(approvers)}
