"""Who may do what, and how far: the one table from role to capabilities. Strings only; it knows no app."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    TEACHER = "teacher"
    COACH = "coach"
    MENTOR = "mentor"
    PRINCIPAL = "principal"
    HR = "hr"
    FINANCE = "finance"
    LEADER = "leader"
    ADMIN = "admin"


class Scope(StrEnum):
    """How far a capability carries. A grant's own scope decides between school and district."""

    OWN = "own"  # the person's own record
    CASELOAD = "caseload"  # people with a live, dated pairing
    GRANT = "grant"  # the schools, or the district, that the role was granted for


class Capability(StrEnum):
    PEOPLE_VIEW = "people.view"
    PEOPLE_PERSONAL_VIEW = "people.view_personal"  # e-mail, birth year, experience, ids in other systems
    PEOPLE_EDIT = "people.edit"
    EMPLOYMENT_VIEW = "employment.view"
    EMPLOYMENT_REASON_VIEW = "employment.view_reason"
    PLANS_VIEW = "plans.view"
    PLANS_EDIT = "plans.edit"
    PLANS_VIEW_DRAFTS = "plans.view_drafts"  # and plans that stay apart from evaluation
    PLANS_WRITE_OWN = "plans.write_own"
    PLANS_APPROVE = "plans.approve"
    PLANS_APPROVE_APART = "plans.approve_apart"  # of those that stay apart from evaluation
    PLANS_START = "plans.start"  # a cycle for a school or the district
    TEMPLATES_EDIT = "plans.edit_templates"
    REVIEWS_HOLD = "reviews.hold"
    TRAINING_ASSIGN = "training.assign"
    RULES_EDIT = "training.edit_rules"
    NEEDS_VIEW = "needs.view"
    NEEDS_ANSWER = "needs.answer"
    NEEDS_SUGGEST = "needs.suggest"
    PRIORITIES_EDIT = "needs.edit_priorities"
    COACHING_VIEW = "coaching.view"
    COACHING_WRITE = "coaching.write"
    COACHING_COUNT = "coaching.count"  # hours and visits, never what was written
    PRACTICES_SHARE = "practices.share"
    FRAMEWORKS_EDIT = "frameworks.edit"
    RECOMMENDATIONS_EDIT = "recommendations.edit"
    COMPLETIONS_VIEW = "completions.view"
    COMPLETIONS_EDIT = "completions.edit"
    LICENCES_VIEW = "licences.view"
    LICENCES_EDIT = "licences.edit"  # waivers and what rules ask beside hours
    RENEWALS_VIEW = "licences.view_renewals"  # the board of those one renews or leads, never one's own alone
    CREDIT_RULES_EDIT = "credit.edit_rules"
    KPIS_VIEW = "kpis.view"
    COURSES_VIEW = "courses.view"
    COURSES_EDIT = "courses.edit"
    CASELOAD_VIEW = "caseload.view"
    IMPORTS_RUN = "imports.run"
    EXPORTS_HR = "exports.hr"
    REPORTS_VIEW = "reports.view"
    REPORTS_KPI = "reports.view_kpis"
    HISTORY_VIEW = "history.view"
    ROLES_VIEW = "roles.view"
    ROLES_GRANT = "roles.grant"
    DISTRICT_EDIT = "district.edit"
    TOKENS_REVOKE = "tokens.revoke"


class TokenScope(StrEnum):
    """What a program may be let in for."""

    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    COURSES_READ = "courses:read"
    COMPLETIONS_READ = "completions:read"
    COMPLETIONS_WRITE = "completions:write"
    LICENCES_READ = "licences:read"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    NEEDS_READ = "needs:read"
    NEEDS_WRITE = "needs:write"
    COACHING_READ = "coaching:read"
    COACHING_WRITE = "coaching:write"
    PRACTICES_WRITE = "practices:write"
    KPIS_READ = "kpis:read"
    REPORTS_READ = "reports:read"


_OWN_RECORD = (
    Capability.PEOPLE_VIEW,
    Capability.PEOPLE_PERSONAL_VIEW,
    Capability.EMPLOYMENT_VIEW,
    Capability.EMPLOYMENT_REASON_VIEW,
    Capability.PLANS_VIEW,
    Capability.COMPLETIONS_VIEW,
    Capability.LICENCES_VIEW,
    Capability.KPIS_VIEW,
    Capability.PLANS_VIEW_DRAFTS,
    Capability.PLANS_WRITE_OWN,
    Capability.NEEDS_VIEW,
    Capability.NEEDS_ANSWER,
    Capability.COACHING_VIEW,
    Capability.PRACTICES_SHARE,
)
_ALONGSIDE_TEACHERS = (
    Capability.PEOPLE_VIEW,
    Capability.PLANS_VIEW,
    Capability.PLANS_EDIT,
    Capability.TRAINING_ASSIGN,
    Capability.COMPLETIONS_VIEW,
    Capability.LICENCES_VIEW,
    Capability.CASELOAD_VIEW,
    Capability.PLANS_VIEW_DRAFTS,
    Capability.PLANS_APPROVE_APART,
    Capability.REVIEWS_HOLD,
    Capability.NEEDS_VIEW,
    Capability.NEEDS_SUGGEST,
    Capability.COACHING_VIEW,
    Capability.COACHING_WRITE,
)
_LEADING = (
    Capability.PEOPLE_VIEW,
    Capability.PLANS_VIEW,
    Capability.COMPLETIONS_VIEW,
    Capability.LICENCES_VIEW,
    Capability.RENEWALS_VIEW,
    Capability.REPORTS_VIEW,
    Capability.REPORTS_KPI,
    Capability.PLANS_START,
    Capability.RULES_EDIT,
    Capability.PRIORITIES_EDIT,
)
_PERSONNEL = (
    Capability.PEOPLE_VIEW,
    Capability.PEOPLE_PERSONAL_VIEW,
    Capability.PEOPLE_EDIT,
    Capability.EMPLOYMENT_VIEW,
    Capability.EMPLOYMENT_REASON_VIEW,
    Capability.PLANS_VIEW,
    Capability.COMPLETIONS_VIEW,
    Capability.COMPLETIONS_EDIT,
    Capability.LICENCES_VIEW,
    Capability.RENEWALS_VIEW,
    Capability.LICENCES_EDIT,
    Capability.CREDIT_RULES_EDIT,
    Capability.COURSES_EDIT,
    Capability.IMPORTS_RUN,
    Capability.EXPORTS_HR,
    Capability.REPORTS_VIEW,
    Capability.HISTORY_VIEW,
    Capability.ROLES_VIEW,
    Capability.ROLES_GRANT,
    Capability.RULES_EDIT,
    Capability.FRAMEWORKS_EDIT,
)


def _reaching(scope: Scope, capabilities: Iterable[Capability]) -> dict[Capability, Scope]:
    return dict.fromkeys(capabilities, scope)


TABLE: dict[Role, dict[Capability, Scope]] = {
    Role.TEACHER: _reaching(Scope.OWN, _OWN_RECORD) | {Capability.COURSES_VIEW: Scope.GRANT},
    Role.COACH: _reaching(Scope.CASELOAD, _ALONGSIDE_TEACHERS) | {Capability.COURSES_VIEW: Scope.GRANT},
    Role.MENTOR: _reaching(Scope.CASELOAD, _ALONGSIDE_TEACHERS) | {Capability.COURSES_VIEW: Scope.GRANT},
    Role.PRINCIPAL: _reaching(
        Scope.GRANT, (*_LEADING, Capability.PLANS_APPROVE, Capability.EMPLOYMENT_VIEW, Capability.KPIS_VIEW)
    )
    | {Capability.COURSES_VIEW: Scope.GRANT},
    Role.HR: _reaching(Scope.GRANT, (*_PERSONNEL, Capability.COURSES_VIEW)),
    Role.FINANCE: {},
    Role.LEADER: _reaching(
        Scope.GRANT,
        (
            *_LEADING,
            Capability.COURSES_VIEW,
            Capability.TEMPLATES_EDIT,
            Capability.COACHING_COUNT,
            Capability.FRAMEWORKS_EDIT,
            Capability.RECOMMENDATIONS_EDIT,
        ),
    ),
    Role.ADMIN: _reaching(
        Scope.GRANT,
        (
            Capability.HISTORY_VIEW,
            Capability.ROLES_VIEW,
            Capability.ROLES_GRANT,
            Capability.DISTRICT_EDIT,
            Capability.TOKENS_REVOKE,
            Capability.RECOMMENDATIONS_EDIT,
        ),
    ),
}

# Who decides about people's jobs never reads what a coach wrote, even where they coach somebody themselves.
EVALUATORS = frozenset({Role.PRINCIPAL, Role.HR, Role.LEADER})
APART_FROM_EVALUATION = frozenset({Capability.COACHING_VIEW, Capability.COACHING_WRITE})

# What a token opens at most; its owner's roles decide how far. Reasons for leaving, roles and settings are for people.
_READ_PEOPLE = frozenset({Capability.PEOPLE_VIEW, Capability.PEOPLE_PERSONAL_VIEW, Capability.EMPLOYMENT_VIEW})
_READ_PLANS = frozenset({Capability.PLANS_VIEW, Capability.PLANS_VIEW_DRAFTS})
_READ_NEEDS = frozenset({Capability.NEEDS_VIEW, Capability.COURSES_VIEW})
_READ_COACHING = frozenset({Capability.COACHING_VIEW, Capability.COACHING_COUNT})
_WRITE_PLANS = frozenset(
    {
        Capability.PLANS_EDIT,
        Capability.PLANS_WRITE_OWN,
        Capability.PLANS_APPROVE,
        Capability.PLANS_APPROVE_APART,
        Capability.PLANS_START,
        Capability.TEMPLATES_EDIT,
        Capability.REVIEWS_HOLD,
        Capability.TRAINING_ASSIGN,
        Capability.RULES_EDIT,
        Capability.COURSES_VIEW,
    }
)
_READ_COMPLETIONS = frozenset({Capability.COMPLETIONS_VIEW})
SCOPES: dict[TokenScope, frozenset[Capability]] = {
    TokenScope.PEOPLE_READ: _READ_PEOPLE,
    TokenScope.PEOPLE_WRITE: _READ_PEOPLE | {Capability.PEOPLE_EDIT},
    TokenScope.COURSES_READ: frozenset({Capability.COURSES_VIEW}),
    TokenScope.COMPLETIONS_READ: _READ_COMPLETIONS,
    TokenScope.COMPLETIONS_WRITE: _READ_COMPLETIONS | {Capability.COMPLETIONS_EDIT, Capability.COURSES_VIEW},
    TokenScope.LICENCES_READ: frozenset({Capability.LICENCES_VIEW}),
    TokenScope.PLANS_READ: _READ_PLANS,
    TokenScope.PLANS_WRITE: _READ_PLANS | _WRITE_PLANS,
    TokenScope.NEEDS_READ: _READ_NEEDS,
    TokenScope.NEEDS_WRITE: _READ_NEEDS | {Capability.NEEDS_ANSWER, Capability.NEEDS_SUGGEST},
    TokenScope.COACHING_READ: _READ_COACHING,
    TokenScope.COACHING_WRITE: _READ_COACHING | {Capability.COACHING_WRITE},
    TokenScope.PRACTICES_WRITE: frozenset({Capability.PRACTICES_SHARE, Capability.COURSES_VIEW}),
    TokenScope.KPIS_READ: frozenset({Capability.KPIS_VIEW}),
    TokenScope.REPORTS_READ: frozenset({Capability.REPORTS_VIEW, Capability.REPORTS_KPI}),
}

# Nobody hands out a role as strong as their own by this rule alone: HR staffs the schools, admin staffs HR.
GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.HR: frozenset({Role.TEACHER, Role.COACH, Role.MENTOR, Role.PRINCIPAL}),
    Role.ADMIN: frozenset(Role),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """The rows one capability opens to one reader: the union over the roles they hold today."""

    everything: bool = False
    district_ids: frozenset[int] = frozenset()
    school_ids: frozenset[int] = frozenset()
    caseload: bool = False
    own: bool = False

    def __bool__(self) -> bool:
        return self.everything or bool(self.district_ids or self.school_ids) or self.caseload or self.own

    def covers(self, other: Reach) -> bool:
        """Whether every row that the other one opens is surely open here too."""
        return self.everything or (
            not other.everything
            and other.district_ids <= self.district_ids
            and other.school_ids <= self.school_ids
            and other.caseload <= self.caseload
            and other.own <= self.own
        )


NOTHING = Reach()
EVERYTHING = Reach(everything=True)


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role somebody holds today; no school means the whole district."""

    role: Role
    district_id: int
    school_id: int | None = None


class Reader(Protocol):
    """Whoever asks: a signed-in user, or the operator at the command line."""

    @property
    def pk(self) -> int | None: ...

    @property
    def today(self) -> date: ...

    def reach(self, capability: Capability) -> Reach: ...

    def may(self, capability: Capability) -> bool: ...


@dataclass(frozen=True, slots=True)
class Operator:
    """The person at the server's command line, who can open the database file anyway."""

    today: date
    pk: None = None

    def reach(self, capability: Capability) -> Reach:
        return EVERYTHING

    def may(self, capability: Capability) -> bool:
        return True


def opened_by(scopes: Iterable[str]) -> frozenset[Capability]:
    """The capabilities that scopes open at most; a scope that no longer exists opens nothing."""
    known = [SCOPES[scope] for scope in TokenScope if scope in set(scopes)]
    return frozenset().union(*known)


def reach_of(capability: Capability, held: Iterable[HeldRole]) -> Reach:
    reach, held = NOTHING, tuple(held)
    is_kept_out = capability in APART_FROM_EVALUATION and any(grant.role in EVALUATORS for grant in held)
    for grant in held:
        scope = TABLE[grant.role].get(capability)
        if is_kept_out and scope is not Scope.OWN:
            continue  # one may always read what one was shown as a teacher
        if scope is Scope.GRANT and grant.school_id is not None:
            reach = replace(reach, school_ids=reach.school_ids | {grant.school_id})
        elif scope is Scope.GRANT:
            reach = replace(reach, district_ids=reach.district_ids | {grant.district_id})
        elif scope is Scope.CASELOAD:
            reach = replace(reach, caseload=True)
        elif scope is Scope.OWN:
            reach = replace(reach, own=True)
    return reach
