"""Every address of the live site, asked by every kind of person: the table below is the whole of who gets in where."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import (
    COLLEAGUE,
    ELSEWHERE,
    EVERYBODY,
    SIGNED_IN,
    STRANGER,
    World,
    build,
    clients_of,
    stored,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TEACHERS = {"teacher", COLLEAGUE}
ALONGSIDE = {"teacher", "coach", "principal", "hr", "leader"}  # who may read the learning of the world's one teacher
LEADING = {"principal", "leader", ELSEWHERE}
STAFF = TEACHERS | LEADING | {"coach", "mentor", "hr"}
RULING = {"principal", "hr", "leader"}  # who makes rules for the school of the world's one teacher
COACHES = {"coach", "mentor"}
GRANTING = {"hr", "admin"}
KEEPING = {"hr", "leader"}  # of frameworks

# Every route of our own, and who gets in. Whoever is not named is refused: 403 for the act, 404 for the row.
WHO_GETS_IN: dict[str, set[str]] = {
    "dashboards:home": SIGNED_IN,
    "dashboards:search": SIGNED_IN,
    "dashboards:language": EVERYBODY,
    "dashboards:privacy": EVERYBODY,
    "dashboards:accessibility": EVERYBODY,
    "dashboards:help": EVERYBODY,
    "health:live": EVERYBODY,
    "health:ready": EVERYBODY,
    "learning_plans:my_plan": TEACHERS,
    "learning_plans:my_next_year": TEACHERS,
    "learning_plans:mark_task": {"teacher"},
    "learning_plans:my_record": TEACHERS,
    "learning_plans:courses": STAFF,
    "learning_plans:course": STAFF,
    "learning_plans:register": TEACHERS,
    "learning_plans:withdraw": TEACHERS,
    "learning_plans:seats": {"hr"},
    "learning_plans:draw_seats": {"hr"},
    "learning_plans:recommendations": {"teacher", "coach"},
    "learning_plans:add_for_need": {"teacher", "coach"},
    "learning_plans:undo_add_for_need": {"teacher", "coach"},
    "learning_plans:ask_for_course": TEACHERS,
    "learning_plans:give_opinion": {"teacher"},
    "learning_plans:practices": STAFF,
    "learning_plans:practice": STAFF,
    "learning_plans:practices_spread": LEADING | {"hr"},
    "learning_plans:write_practice": TEACHERS,
    "learning_plans:change_practice": {"teacher"},
    "learning_plans:share_practice": {"teacher"},
    "learning_plans:try_practice": TEACHERS,
    "learning_plans:stop_practice": {"teacher"},
    "learning_plans:weights": {"leader", "admin"},
    "learning_plans:caseload": COACHES,
    "learning_plans:assign": COACHES,
    "learning_plans:undo_assign": COACHES,
    "learning_plans:plans": LEADING | COACHES | {"hr"},
    "learning_plans:plan": ALONGSIDE,
    "learning_plans:add_goal": {"coach"},  # the plan is approved, so its teacher adds no goals
    "learning_plans:add_item": {"teacher", "coach"},
    "learning_plans:start_cycle": LEADING,
    "learning_plans:started": {"principal", "leader"},
    "learning_plans:undo_start": {"principal", "leader"},
    "learning_plans:start_one": {"teacher", "coach"},
    "learning_plans:add_review": {"coach"},
    "learning_plans:review": {"teacher", "coach"},
    "learning_plans:templates": {"leader"},
    "learning_plans:add_template": {"leader"},
    "learning_plans:shipped_templates": {"leader"},
    "learning_plans:fit_today": {"leader"},
    "learning_plans:template": {"leader"},
    "learning_plans:retire_template": {"leader"},
    "learning_plans:edit_goal": {"coach"},
    "learning_plans:drop_goal": {"coach"},
    "learning_plans:meet_goal": {"coach"},
    "learning_plans:move_goal": {"coach"},
    "learning_plans:edit_item": {"coach"},
    "learning_plans:withdraw_item": {"coach"},
    "learning_plans:rules": LEADING | {"hr"},
    "learning_plans:new_rule": LEADING | {"hr"},
    **{f"learning_plans:{name}": RULING for name in ("rule", "change_rule", "end_rule", "hold_rule")},
    **{f"learning_plans:{name}": RULING for name in ("rule_member", "end_exemption")},
    "learning_plans:overdue": STAFF,
    "learning_plans:calendar": TEACHERS | COACHES,
    "learning_plans:calendar_file": TEACHERS | COACHES,
    "learning_plans:teacher": {"coach"},
    "learning_plans:log_visit": {"coach"},
    "learning_plans:edit_visit": {"coach"},
    "learning_plans:remove_visit": {"coach"},
    "learning_plans:share_note": {"coach"},
    "learning_plans:delete_note": {"coach"},
    "learning_plans:start_coaching": {"coach"},
    "learning_plans:edit_cycle": {"coach"},
    "learning_plans:close_cycle": {"coach"},
    "learning_plans:reopen_cycle": {"coach"},
    "learning_plans:coaching_time": COACHES,
    "learning_plans:coaching_counts": {"leader"},
    "learning_plans:my_coaching": TEACHERS,
    "learning_plans:growth": TEACHERS,
    "learning_plans:answer_need": {"teacher"},
    "learning_plans:take_up_priority": {"teacher"},
    "learning_plans:person_growth": {"teacher", "coach"},
    "learning_plans:suggest_need": {"coach"},
    "learning_plans:take_back_suggestion": set(),  # somebody else's, in this world
    "learning_plans:assess": TEACHERS,
    "learning_plans:assessment": {"teacher", "coach"},
    "learning_plans:keep_assessment": {"teacher"},
    "learning_plans:frameworks": STAFF,
    "learning_plans:framework": STAFF,
    "learning_plans:retire_framework": KEEPING,
    "learning_plans:make_default": KEEPING,
    "learning_plans:retire_competency": KEEPING,
    "learning_plans:competency_kpis": KEEPING,
    "learning_plans:priorities": LEADING,
    "learning_plans:add_priority": LEADING,
    "learning_plans:priority": {"principal", "leader"},
    "learning_plans:end_priority": {"principal", "leader"},
    "learning_plans:submit_plan": {"teacher", "coach"},
    "learning_plans:take_back_plan": {"teacher", "coach"},
    "learning_plans:return_plan": {"principal"},
    "learning_plans:approve_plan": {"principal"},
    "learning_plans:close_plan": {"teacher", "coach", "principal"},
    "learning_plans:next_year": {"teacher", "coach"},
    "learning_plans:plan_session": {"hr"},
    "learning_plans:change_session": {"hr"},
    "learning_plans:cancel_session": {"hr"},
    "learning_plans:completions": {"hr"},
    "learning_plans:changes": GRANTING,
    "learning_plans:person_record": ALONGSIDE,
    "learning_plans:person_history": {"hr"},
    "learning_plans:record_completion": {"hr"},
    "learning_plans:completion": ALONGSIDE,
    "learning_plans:correct_completion": {"hr"},
    "learning_plans:void_completion": {"hr"},
    "learning_plans:approve_completion": {"hr"},
    "teachers:people": LEADING | {"hr"},
    "teachers:add_person": {"hr"},
    "teachers:give_sign_ins": GRANTING,
    "teachers:seen": TEACHERS,
    "teachers:person": ALONGSIDE,
    "teachers:licences": ALONGSIDE,
    "teachers:link_sign_in": {"hr"},
    "teachers:profile": {"hr"},
    "teachers:restore_part": {"hr"},
    "teachers:end_employment": {"hr"},
    "teachers:reopen_employment": {"hr"},
    "teachers:add_part": {"hr"},
    "teachers:edit_part": {"hr"},
    "teachers:remove_part": {"hr"},
    "teachers:drafts": SIGNED_IN,
    "teachers:drop_draft": SIGNED_IN,
    "teachers:typed": SIGNED_IN,
    "teachers:roles": GRANTING,
    "teachers:grant_role": GRANTING,
    "teachers:settings_history": GRANTING,
    "teachers:role": GRANTING,
    "teachers:end_role": GRANTING,
    "teachers:stop_sign_in": GRANTING,
    "teachers:send_link": GRANTING,
    "teachers:schools": LEADING | {"hr"},
    "teachers:school": {"principal", "hr", "leader"},
    "teachers:district": {"admin"},
    "teachers:school_year": {"admin"},
    "imports:runs": {"hr"},
    "imports:upload": {"hr"},
    "imports:template": {"hr"},
    "imports:run": {"hr"},
    "imports:match": {"hr"},
    "imports:preview": {"hr"},
    "imports:check": {"hr"},
    "imports:confirm": {"hr"},
    "imports:result": {"hr"},
    "imports:rejected": set(),  # nothing was rejected in this world
    "jobs:job": {"hr"},
    "notices:list": SIGNED_IN,
    "notices:read_all": SIGNED_IN,
    "notices:open": {"teacher"},
    "api:tokens": SIGNED_IN,
    "api:make_token": SIGNED_IN,  # once they have given their password again
    "api:revoke_token": {"hr", "admin"},
    "reports:catalogue": LEADING | {"hr"},
    "reports:hr_summary": {"hr"},
    "reports:methods": LEADING | {"hr"},
    "reports:report": LEADING | {"hr"},
}
# The API: who reads, and who writes.
API: dict[str, tuple[set[str], set[str]]] = {
    "teachers-list": (STAFF, {"hr"}),
    "teachers-detail": (ALONGSIDE, {"hr"}),
    "schools-list": (STAFF, set()),
    "schools-detail": ({"principal", "hr", "leader"}, set()),
    "kpi_values-list": (TEACHERS | {"principal", ELSEWHERE}, set()),
    "kpi_values-detail": ({"teacher", "principal"}, set()),
    "courses-list": (STAFF, set()),
    "courses-detail": (STAFF, set()),
    "sessions-list": (STAFF, set()),
    "sessions-detail": (STAFF, set()),
    "frameworks-list": (STAFF, set()),
    "frameworks-detail": (STAFF, set()),
    "competencies-list": (STAFF, set()),
    "competencies-detail": (STAFF, set()),
    "priorities-list": (STAFF, set()),
    "priorities-detail": (STAFF, set()),
    "self_assessments-list": (TEACHERS | COACHES, TEACHERS),
    "self_assessments-detail": ({"teacher", "coach"}, set()),
    "self_assessments-rate": (set(), {"teacher"}),
    "self_assessments-finish": (set(), {"teacher"}),
    "needs-list": (TEACHERS | COACHES, COACHES),
    "needs-detail": ({"teacher", "coach"}, set()),
    "needs-answer": (set(), {"teacher"}),
    "completions-list": (STAFF, {"hr"}),
    "completions-detail": (ALONGSIDE, {"hr"}),
    "completions-void": (set(), {"hr"}),
    "completions-restore": (set(), {"hr"}),
    "completions-approve": (set(), {"hr"}),
    "plans-list": (STAFF, set()),
    "plans-detail": (ALONGSIDE, set()),
    "plans-submit": (set(), {"teacher", "coach"}),
    "plans-take-back": (set(), {"teacher", "coach"}),
    "plans-return-to-teacher": (set(), {"principal"}),
    "plans-approve": (set(), {"principal"}),
    "plans-close": (set(), {"teacher", "coach", "principal"}),
    "goals-list": (STAFF, TEACHERS | COACHES),
    "goals-detail": (ALONGSIDE, {"coach"}),
    "goals-set-state": (set(), {"coach"}),
    "plan_items-list": (STAFF, TEACHERS | COACHES),
    "plan_items-detail": (ALONGSIDE, {"coach"}),
    "plan_items-assign": (set(), COACHES),
    "plan_items-withdraw": (set(), {"coach"}),
    "plan_items-restore": (set(), {"coach"}),
    "assignment_rules-list": (LEADING | {"hr"}, LEADING | {"hr"}),
    "assignment_rules-detail": (RULING, set()),
    "assignment_rules-hold": (set(), RULING),
    "assignment_rules-end": (set(), RULING),
    "rule_members-list": (LEADING | {"hr"}, set()),
    "rule_members-detail": (RULING, set()),
    "rule_members-exempt": (set(), RULING),
    "rule_members-end-exemption": (set(), RULING),
    "coaching_cycles-list": (TEACHERS | COACHES, COACHES),
    "coaching_cycles-detail": ({"teacher", "coach"}, {"coach"}),
    "coaching_cycles-close": (set(), {"coach"}),
    "coaching_cycles-reopen": (set(), {"coach"}),
    "visits-list": (TEACHERS | COACHES, COACHES),
    "visits-detail": ({"teacher", "coach"}, {"coach"}),
    "coaching_notes-list": (TEACHERS | COACHES, COACHES),
    "coaching_notes-detail": ({"coach"}, {"coach"}),  # the note of this world is private
    "plan_templates-list": ({"leader"}, set()),
    "plan_templates-detail": ({"leader"}, set()),
    "plan_cycles-list": (set(), LEADING),
    "plan_cycles-preview": (set(), LEADING),
    "plan_cycles-detail": ({"principal", "leader"}, set()),
    "plan_reviews-list": (TEACHERS | COACHES, COACHES),
    "plan_reviews-detail": ({"teacher", "coach"}, set()),
    "plan_reviews-hold": (set(), {"coach"}),
    "plan_reviews-words": (set(), {"coach"}),
    "recommendations-detail": ({"teacher", "coach"}, set()),
    "course_opinions-list": (TEACHERS, TEACHERS),
    "course_wishes-list": (STAFF, TEACHERS),
    "course_wishes-detail": (set(), {"teacher"}),
    "practices-list": (STAFF, TEACHERS),
    "practices-detail": (STAFF, {"teacher"}),
    "practices-share": (set(), {"teacher"}),
    "practices-take-back": (set(), {"teacher"}),
    "practices-take-up": (set(), TEACHERS),
    "practices-stop": (set(), {"teacher"}),
    "reports-list": (LEADING | {"hr"}, set()),
    "reports-detail": (LEADING | {"hr"}, set()),
    "tokens-list": (SIGNED_IN, set()),
    "tokens-detail": (set(), {"hr"}),
    "schema": (SIGNED_IN, set()),
    "docs": (SIGNED_IN, set()),
    "nothing": (set(), set()),
}
READERS = WHO_GETS_IN | {f"api_v1:{name}": readers for name, (readers, _writers) in API.items()}
WRITERS = WHO_GETS_IN | {f"api_v1:{name}": writers for name, (_readers, writers) in API.items()}
# allauth's pages that a stranger may open; its others send them to the sign-in page.
OPEN_ACCOUNT_PAGES = {
    "account_login",
    "account_logout",  # goes home
    "account_signup",  # says that nobody signs up here
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "mfa_authenticate",
}
ONLY_SENT_TO = {
    "dashboards:language",
    "imports:check",
    "imports:confirm",
    "learning_plans:add_for_need",
    "learning_plans:approve_completion",
    "learning_plans:ask_for_course",
    "learning_plans:draw_seats",
    "learning_plans:end_exemption",
    "learning_plans:hold_rule",
    "learning_plans:drop_goal",
    "learning_plans:give_opinion",
    "learning_plans:mark_task",
    "learning_plans:meet_goal",
    "learning_plans:move_goal",
    "learning_plans:register",
    "learning_plans:reopen_cycle",
    "learning_plans:share_note",
    "learning_plans:make_default",
    "learning_plans:take_back_suggestion",
    "learning_plans:take_up_priority",
    "learning_plans:retire_template",
    "learning_plans:start_one",
    "learning_plans:share_practice",
    "learning_plans:stop_practice",
    "learning_plans:try_practice",
    "learning_plans:undo_add_for_need",
    "learning_plans:undo_assign",
    "learning_plans:undo_start",
    "learning_plans:withdraw",
    "learning_plans:withdraw_item",
    "notices:read_all",
    "teachers:drop_draft",
    "teachers:give_sign_ins",
    "teachers:link_sign_in",
    "teachers:reopen_employment",
    "teachers:restore_part",
    "teachers:send_link",
}
SAFE = ("get", "head", "options")
UNSAFE = ("post", "put", "patch", "delete")
REFUSED = {401, 403, 404, 405}


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, set[str]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", set(entry.pattern.converters)


LIVE = dict(routes(get_resolver()))
OUTSIDE = ("account_", "mfa_")  # allauth's own; what strangers may open of them is listed below


@pytest.fixture
def world() -> Iterator[World]:
    logging.disable(logging.WARNING)  # thousands of refusals
    yield build()
    logging.disable(logging.NOTSET)


def refused(client: Client, address: str, method: str, who: str) -> bool:
    response = getattr(client, method)(address)
    if response.streaming:
        b"".join(response)  # read to its end, a file is closed
    if who == STRANGER and response.status_code == 302:
        return "/accounts/login/" in response.url
    # Which methods an address has is no secret; the answer says nothing else.
    names_methods_only = method == "options" and not response.content and response.has_header("Allow")
    return response.status_code in REFUSED or names_methods_only


def address_of(world: World, route: str) -> str:
    return "/api/v1/else/" if route == "api_v1:nothing" else reverse(route, kwargs=world.keys.get(route, {}))


def test_every_route_has_a_declared_policy():
    ours = {route for route in LIVE if not route.startswith(OUTSIDE)}
    assert ours == set(READERS)


def test_who_gets_in_by_reading(world):
    clients = clients_of(world.people)
    addresses = {route: address_of(world, route) for route in READERS}
    found = {
        route: {who for who, client in clients.items() if not refused(client, address, "get", who)}
        for route, address in addresses.items()
    }
    assert found == {route: set() if route in ONLY_SENT_TO else READERS[route] for route in READERS}


@pytest.mark.parametrize("method", [*SAFE[1:], *UNSAFE])
def test_nobody_else_gets_in_by_any_other_method(world, method):
    allowed = READERS if method in SAFE else WRITERS
    clients, before = clients_of(world.people), stored()
    wrongly = {
        (route, who)
        for route in READERS
        for who in EVERYBODY - allowed[route]
        if not refused(clients[who], address_of(world, route), method, who)
    }
    assert wrongly == set()
    assert stored() == before


def test_strangers_open_only_the_listed_account_pages():
    keys = {"account_reset_password_from_key": {"uidb36": "1", "key": "x-y"}, "account_confirm_email": {"key": "x"}}
    opened = set()
    for route in (route for route in LIVE if route.startswith(OUTSIDE)):
        response = Client().get(reverse(route, kwargs=keys.get(route, {})))
        if not (response.status_code == 302 and response.url.startswith("/accounts/login/?next=")):
            opened.add(route)
    assert opened == OPEN_ACCOUNT_PAGES
