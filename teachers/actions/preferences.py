"""What people choose for themselves."""

from __future__ import annotations

from teachers.models import User


def choose_language(*, user: User, language: str) -> User:
    user.language = language
    user.full_clean(exclude=["password"])
    user.save(update_fields=["language"])
    return user
