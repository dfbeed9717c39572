"""Programs that call the API, each with a token of its own."""

from __future__ import annotations

from typing import Any

from django.test import Client

from pd_tracker.api.actions import make_token, scopes_for
from teachers.models import User

API = "/api/v1"


def token_of(user: User, *scopes: str, days: int = 30) -> str:
    """A new token with these scopes, or with all that the person could choose."""
    _token, secret = make_token(
        owner=user, name="Test program", scopes=scopes or [scope.value for scope in scopes_for(user)], days=days
    )
    return secret


def program(user: User, *scopes: str) -> Client:
    return with_token(token_of(user, *scopes))


def with_token(secret: str) -> Client:
    return Client(headers={"Authorization": f"Token {secret}"})


def rows(client: Client, resource: str, **query: Any) -> list[dict[str, Any]]:
    """All rows of a list, page by page."""
    found: list[dict[str, Any]] = []
    page = client.get(f"{API}/{resource}/", query).json()
    while True:
        found += page["results"]
        if page["next"] is None:
            return found
        page = client.get(page["next"]).json()
