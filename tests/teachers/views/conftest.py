"""Somebody of each role, signed in, at two schools."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from teachers.models import School, User
from tests.factories import SchoolFactory, user_with_role


@pytest.fixture
def hill(db: None) -> School:
    return SchoolFactory(name="Hill School")


@pytest.fixture
def lake(db: None) -> School:
    return SchoolFactory(name="Lake School")


@pytest.fixture
def hr(db: None) -> User:
    return user_with_role("hr", name="Harriet Rowe")


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """A browser in which this person is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture
def hr_client(browse: Callable[[User], Client], hr: User) -> Client:
    return browse(hr)


@pytest.fixture
def cost() -> Callable[[Client, str], int]:
    """How many questions a page asks the database; the first visit is not counted, what is cached is cached then."""

    def counted(client: Client, address: str) -> int:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    return counted
