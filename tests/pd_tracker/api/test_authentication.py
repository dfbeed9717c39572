"""Tokens: what they open, for how long, and that nobody but their maker ever has them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from pd_tracker.access import Role, TokenScope
from pd_tracker.api.actions import make_token, revoke_token, scopes_for
from pd_tracker.api.models import Token
from pd_tracker.api.tables import ALL_TOKENS
from pd_tracker.audit.models import AuditEvent
from teachers.actions.accounts import deactivate
from teachers.models import RoleGrant, User
from tests.factories import PASSWORD, RoleGrantFactory, SchoolFactory, employed, teacher_with_sign_in, user_with_role
from tests.programs import API, program, rows, token_of, with_token

pytestmark = pytest.mark.django_db

TEACHERS = f"{API}/teachers/"


@pytest.fixture
def hr() -> User:
    return user_with_role("hr")


def status(secret: str, address: str = TEACHERS) -> int:
    return with_token(secret).get(address).status_code


def test_a_token_is_long_random_and_begins_like_one(hr):
    first, second = token_of(hr), token_of(hr)
    random_part = first.removeprefix("pdt_")
    assert first.startswith("pdt_")
    assert len(bytes.fromhex(random_part)) * 8 >= 128
    assert first != second


def test_only_a_digest_is_stored(hr):
    secret = token_of(hr)
    assert status(secret) == 200
    everything = [
        str(row) for model in apps.get_models() for row in model._default_manager.values_list() if model._meta.managed
    ]
    assert any(secret[:15] in row for row in everything)  # what is shown of it in the list
    assert not any(secret in row or secret[4:] in row for row in everything)


def test_a_token_works_and_says_when_it_was_last_used(hr):
    secret = token_of(hr)
    assert Token.objects.get().last_used_at is None
    assert status(secret) == 200
    first_use = Token.objects.get().last_used_at
    assert timezone.now() - first_use < timedelta(minutes=1)
    assert status(secret) == 200
    assert Token.objects.get().last_used_at == first_use  # not written again for minutes


def test_an_old_use_is_written_anew(hr):
    secret = token_of(hr)
    Token.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    assert status(secret) == 200
    assert timezone.now() - Token.objects.get().last_used_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token ",
        "Token{secret}",
        "Token {secret} {secret}",
        "Token {secret} more",
        "Token {upper}",
        "Token {short}",
        "Token {long}",
        "Token x{secret}",
        "Token pdt_",
        "Bearer {secret}",
        "Basic {secret}",
        "Token \u00e9\u00ff",
        "Token \xff\xfe",
        "Token pdt_\x00",
        "Token {huge}",
        "{secret}",
    ],
)
def test_odd_headers_open_nothing(hr, header):
    secret = token_of(hr)
    words = header.format(secret=secret, upper=secret.upper(), short=secret[:-1], long=f"{secret}0", huge="a" * 10_000)
    response = Client(HTTP_AUTHORIZATION=words).get(TEACHERS)
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN"])
def test_the_scheme_may_be_written_as_one_likes(hr, scheme):
    assert Client(HTTP_AUTHORIZATION=f"{scheme}  {token_of(hr)}").get(TEACHERS).status_code == 200


def test_a_token_does_not_open_pages(hr):
    response = with_token(token_of(hr)).get("/people/")
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_a_token_makes_no_token_and_sees_only_its_owners(hr):
    other = user_with_role("hr")
    theirs, _secret = make_token(owner=other, name="Payroll", scopes=["people:read"], days=1)
    client = program(hr)
    assert client.post(f"{API}/tokens/", {}, content_type="application/json").status_code == 405
    assert client.post("/tokens/new/", {}).status_code == 302  # to sign in
    assert [row["name"] for row in client.get(f"{API}/tokens/").json()] == ["Test program"]
    assert client.delete(f"{API}/tokens/{theirs.token_key}/").status_code == 404
    assert Token.objects.filter(user=other).exists()


def test_a_token_ends_itself(hr):
    client = program(hr)
    beginning = client.get(f"{API}/tokens/").json()[0]["beginning"]
    assert client.delete(f"{API}/tokens/{beginning}/").status_code == 204
    assert client.get(TEACHERS).status_code == 401


class TestEnding:
    def test_a_token_that_was_taken_back(self, hr):
        token, secret = make_token(owner=hr, name="Payroll", scopes=["people:read"], days=1)
        assert status(secret) == 200
        revoke_token(token=token, actor=hr)
        assert status(secret) == 401

    def test_a_token_that_ran_out(self, hr):
        secret = token_of(hr)
        Token.objects.update(expiry=timezone.now() - timedelta(seconds=1))
        assert status(secret) == 401

    def test_a_stopped_sign_in(self, hr):
        secret, admin = token_of(hr), user_with_role("admin")
        assert status(secret) == 200
        deactivate(user=hr, actor=admin, reason="Left", on=timezone.localdate())
        assert status(secret) == 401

    def test_another_password(self, hr):
        secret = token_of(hr)
        assert status(secret) == 200
        hr.set_password("another long phrase")
        hr.save()
        assert status(secret) == 401

    def test_a_new_key_of_the_site_that_still_knows_the_old_one_keeps_tokens(self, hr, settings):
        secret = token_of(hr)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of the site", [settings.SECRET_KEY]
        assert status(secret) == 200
        settings.SECRET_KEY_FALLBACKS = []
        assert status(secret) == 401

    def test_a_role_that_ended(self, hr):
        employed()
        client = program(hr)
        assert client.get(TEACHERS).json()["count"] == 1
        RoleGrant.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
        assert client.get(TEACHERS).status_code == 403

    def test_a_role_that_reaches_less_far(self):
        school, other = SchoolFactory(), SchoolFactory()
        employed(school)
        employed(other)
        principal = user_with_role("principal", school)
        second = RoleGrantFactory(user=principal, role=Role.PRINCIPAL.value, school=other)
        client = program(principal)
        assert client.get(TEACHERS).json()["count"] == 2
        second.ends_on = timezone.localdate() - timedelta(days=1)
        second.save()
        assert client.get(TEACHERS).json()["count"] == 1


READS = {
    "teachers": "people:read",
    "schools": "people:read",
    "courses": "courses:read",
    "sessions": "courses:read",
    "completions": "completions:read",
    "plans": "plans:read",
    "plan-items": "plans:read",
    "kpi-values": "kpis:read",
    "licenses": "licences:read",
    "reports": "reports:read",
}
ALSO_READS = {
    "people:write": "people:read",
    "completions:write": "completions:read",
    "plans:write": "plans:read",
}
WRITES = {
    "teachers": "people:write",
    "completions": "completions:write",
    "plan-items": "plans:write",
    "plan-items/assign": "plans:write",
    "completions/1/void": "completions:write",
    "completions/1/restore": "completions:write",
    "completions/1/approve": "completions:write",
    "plan-items/1/withdraw": "plans:write",
    "plan-items/1/restore": "plans:write",
}
# One records and assigns courses that one can read, and needs lead to them.
CATALOGUE_TOO = {"completions:write", "plans:write", "needs:read", "needs:write", "practices:write"}


@pytest.mark.parametrize("scope", [scope.value for scope in TokenScope])
def test_a_scope_opens_what_it_says_and_nothing_else(scope):
    everything = user_with_role("hr")
    roles = (Role.COACH, Role.PRINCIPAL, Role.TEACHER)
    if scope.startswith("coaching:"):  # who evaluates may not hold these
        everything, roles = user_with_role("coach"), (Role.TEACHER,)
    for role in roles:
        RoleGrantFactory(user=everything, role=role.value, school=SchoolFactory() if role is Role.PRINCIPAL else None)
    client, names = program(everything, scope), {scope, ALSO_READS.get(scope)}
    opened = {resource for resource in READS if client.get(f"{API}/{resource}/").status_code != 403}
    expected = {resource for resource, needed in READS.items() if needed in names}
    assert opened == expected | ({"courses", "sessions"} if scope in CATALOGUE_TOO else set())
    written = {
        resource
        for resource in WRITES
        if client.post(f"{API}/{resource}/", {}, content_type="application/json").status_code != 403
    }
    assert written == {resource for resource, needed in WRITES.items() if needed == scope}


def test_a_scope_that_no_longer_exists_opens_nothing(hr):
    client = program(hr)
    Token.objects.update(scopes=["people:everything"])
    assert client.get(TEACHERS).status_code == 403


def test_a_token_reads_no_reasons_for_leaving(hr):
    person = employed(until=timezone.localdate() - timedelta(days=3))
    person.employments.update(separation_reason="pay", separation_type="voluntary")
    (row,) = rows(program(hr), "teachers", status="left")
    assert row["left_on"]
    assert "separation_reason" not in row


def test_what_a_teachers_token_reads_is_their_own():
    teacher = teacher_with_sign_in()
    employed()
    assert [row["id"] for row in rows(program(teacher.user), "teachers")] == [teacher.pk]


class TestMaking:
    def page(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return client

    def given(self, **other: object) -> dict[str, object]:
        return {"name": "Payroll", "scopes": ["people:read"], "days": "90"} | other

    def test_it_is_shown_once(self, hr):
        client = self.page(hr)
        response = client.post("/tokens/new/", self.given())
        assert status(response.context["secret"]) == 200
        assert response.context["secret"] in response.content.decode()
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.context["secret"] not in client.get("/tokens/").content.decode()
        event = AuditEvent.objects.get(verb="token.made")
        assert (event.actor, event.detail["scopes"], event.detail["days"]) == (hr, ["people:read"], 90)
        assert response.context["secret"] not in str(event.detail)

    def test_it_asks_for_the_password_again(self, hr):
        client = Client()
        client.force_login(hr)  # a session whose password was not just given
        for response in (client.get("/tokens/new/"), client.post("/tokens/new/", self.given())):
            assert response.status_code == 302
            assert response.url.startswith("/accounts/reauthenticate/")
        assert not Token.objects.exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"name": "x" * 81},
            {"name": "a\x00b"},
            {"scopes": []},
            {"scopes": ["kpis:read"]},  # not among the rights of HR
            {"scopes": ["people:read", "everything"]},
            {"days": "366"},
            {"days": "0"},
            {"days": "-1"},
            {"days": "1e9"},
            {"days": ""},
        ],
    )
    def test_what_cannot_be_had_is_refused(self, hr, wrong):
        response = self.page(hr).post("/tokens/new/", self.given(**wrong))
        assert response.status_code == 200
        assert response.context["form"].errors
        assert not Token.objects.exists()

    @pytest.mark.parametrize("wrong", [{"scopes": ["kpis:read"]}, {"scopes": []}, {"days": 366}, {"days": 0}])
    def test_the_action_itself_refuses_it_too(self, hr, wrong):
        with pytest.raises(ValidationError) as refusal:
            make_token(owner=hr, **{"name": "Payroll", "scopes": ["people:read"], "days": 30} | wrong)
        assert set(refusal.value.error_dict) == set(wrong)

    def test_nobody_collects_tokens(self, hr):
        for _ in range(20):
            token_of(hr)
        response = self.page(hr).post("/tokens/new/", self.given())
        assert "You have 20 tokens" in response.content.decode()
        assert Token.objects.count() == 20

    def test_who_may_nothing_gets_no_token(self):
        assert scopes_for(user_with_role("finance")) == []


class TestTakingBack:
    def test_an_administrator_takes_back_what_they_cannot_use(self, hr):
        token, secret = make_token(owner=hr, name="Payroll", scopes=["people:read"], days=1)
        admin, client = user_with_role("admin"), Client()
        client.force_login(admin)
        page = client.get("/tokens/").content.decode()
        assert "Payroll" in page
        assert hr.name in page
        assert secret not in page
        assert token.digest not in page
        client.post(f"/tokens/{token.token_key}/revoke/")
        assert status(secret) == 401
        event = AuditEvent.objects.get(verb="token.revoked")
        assert (event.actor, event.detail["owner"]) == (admin, hr.pk)
        assert "owner" in [column.key for column in ALL_TOKENS.columns]

    def test_nobody_else_sees_or_ends_it(self, hr):
        token, secret = make_token(owner=hr, name="Payroll", scopes=["people:read"], days=1)
        client = Client()
        client.force_login(user_with_role("hr"))
        assert "Payroll" not in client.get("/tokens/").content.decode()
        assert client.get(f"/tokens/{token.token_key}/revoke/").status_code == 404
        assert client.post(f"/tokens/{token.token_key}/revoke/").status_code == 404
        assert status(secret) == 200


def test_a_session_writes_only_with_its_csrf_token(hr):
    client = Client(enforce_csrf_checks=True)
    client.force_login(hr)
    assert client.get(TEACHERS).status_code == 200
    response = client.post(TEACHERS, {}, content_type="application/json")
    assert response.status_code == 403
    assert "CSRF" in response.json()["detail"]
