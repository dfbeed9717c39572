"""Writes that are sent more than once: one effect and one answer for each key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from pd_tracker import api_v1
from pd_tracker.api import idempotency
from pd_tracker.api.models import KeptAnswer
from teachers.models import Teacher
from tests.factories import user_with_role
from tests.programs import API, token_of, with_token

TEACHERS = f"{API}/teachers/"
SOMEBODY = {"staff_id": "0042", "given_name": "Ana", "family_name": "Reyes"}
UNSAFE = {"post", "put", "patch", "delete"}


def send(secret: str, key: str = "one", **body: Any) -> Any:
    headers = {"Idempotency-Key": key}
    return with_token(secret).post(TEACHERS, SOMEBODY | body, content_type="application/json", headers=headers)


@pytest.fixture
def secret(db) -> str:
    return token_of(user_with_role("hr"))


class TestOneAfterTheOther:
    def test_the_second_answer_is_the_first_one(self, secret):
        first, second = send(secret), send(secret)
        assert (first.status_code, second.status_code) == (201, 201)
        assert second.content == first.content
        assert second.headers["ETag"] == first.headers["ETag"]
        assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (False, "true")
        assert (Teacher.objects.count(), Teacher.history.count()) == (1, 1)

    def test_the_key_of_another_request_is_refused(self, secret):
        send(secret)
        answer = send(secret, given_name="Ben")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
        assert Teacher.objects.get().given_name == "Ana"

    def test_the_same_words_at_another_address_are_another_request(self, secret):
        send(secret)
        headers = {"Idempotency-Key": "one"}
        client = with_token(secret)
        answer = client.post(f"{API}/completions/", SOMEBODY, content_type="application/json", headers=headers)
        assert answer.status_code == 422

    def test_somebody_elses_key_is_another_key(self, secret):
        other = token_of(user_with_role("hr"))
        assert send(secret).status_code == 201
        assert send(other).status_code == 400  # the staff id is taken: it was done, not answered from what is kept
        assert send(other, staff_id="0043").status_code == 201

    def test_a_refusal_keeps_nothing(self, secret):
        assert send(secret, staff_id="").status_code == 400
        assert not KeptAnswer.objects.exists()
        assert send(secret).status_code == 201

    def test_a_right_that_ended_ends_the_replay_too(self, secret):
        send(secret)
        user = Teacher.history.get().history_user
        user.role_grants.update(ends_on=timezone.localdate() - timedelta(days=1))
        assert send(secret).status_code == 403

    def test_an_old_key_is_forgotten(self, secret):
        send(secret)
        KeptAnswer.objects.update(made_at=timezone.now() - idempotency.KEPT_FOR - timedelta(minutes=1))
        assert send(secret, staff_id="0043").status_code == 201
        assert Teacher.objects.count() == 2

    @pytest.mark.parametrize("key", ["", "x" * 201, "a\x00b", "a\tb", "\x7f"])
    def test_a_key_is_short_and_printable(self, secret, key):
        answer = send(secret, key)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
        assert not Teacher.objects.exists()

    @pytest.mark.parametrize("key", ["x", "x" * 200, "a key, with spaces", "\u00e9"])
    def test_any_other_key_will_do(self, secret, key):
        assert (send(secret, key).status_code, send(secret, key).status_code) == (201, 201)
        assert Teacher.objects.count() == 1

    def test_an_answer_that_was_lost_on_the_way_is_given_again(self, secret, monkeypatch):
        client = with_token(secret)
        client.raise_request_exception = False
        with monkeypatch.context() as patched:
            patched.setattr("pd_tracker.api.resources.ApiViewSet.finalize_response", lost)
            headers = {"Idempotency-Key": "one"}
            assert client.post(TEACHERS, SOMEBODY, content_type="application/json", headers=headers).status_code == 500
        assert Teacher.objects.count() == 1
        again = send(secret)
        assert (again.status_code, again.json()["staff_id"]) == (201, "0042")
        assert Teacher.objects.count() == 1


def lost(*args: Any, **kwargs: Any) -> Any:
    raise ConnectionError("The line was cut after the effect.")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("copies", [40])
def test_many_copies_at_once_have_one_effect(copies):
    secret = token_of(user_with_role("hr"))

    def sent(_copy: int) -> tuple[int, bytes]:
        try:
            answer = send(secret)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(sent, range(copies)))
    assert {status for status, _body in answers} == {201}
    assert len(answers) == 1
    assert (Teacher.objects.count(), Teacher.history.count(), KeptAnswer.objects.count()) == (1, 1, 1)


def test_every_method_that_changes_something_may_be_sent_twice():
    """The writers of each view, as the router finds them."""
    handlers = {
        f"{viewset.__name__}.{name}": getattr(viewset, name, None)
        for _prefix, viewset, _basename in api_v1.router.registry
        for route in api_v1.router.get_routes(viewset)
        for method, name in route.mapping.items()
        if method in UNSAFE
    }
    wrapped = {name: getattr(handler, "writes", False) for name, handler in handlers.items() if handler is not None}
    assert len(wrapped) > 10
    assert [name for name, is_wrapped in wrapped.items() if not is_wrapped] == []
