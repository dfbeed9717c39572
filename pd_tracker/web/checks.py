"""What `manage.py check --deploy` says about the surroundings: possible, but somebody should have decided it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

VERIFIED = {"verify-full", "verify-ca"}


@register(Tags.security, deploy=True)
def surroundings(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    found = [database_file(), database_traffic(), mail_traffic(), hostile_xml()]
    return [message for message in found if message is not None]


def database_file() -> CheckMessage | None:
    if settings.EMBEDDED or not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return None
    return Warning(
        "The site is served to others from an SQLite file, which one writer at a time may change.",
        hint="Name a PostgreSQL database in DATABASE_URL, unless the district is small and all runs on one machine.",
        id="pd_tracker.W001",
    )


def database_traffic() -> CheckMessage | None:
    mode = settings.DATABASES["default"].get("OPTIONS", {}).get("sslmode")
    if not settings.DATABASE_IS_ELSEWHERE or mode in VERIFIED:
        return None
    return Warning(
        f"sslmode={mode} in DATABASE_URL does not prove that the database is the right one.",
        hint="Use sslmode=verify-full with sslrootcert, unless the network between site and database is yours alone.",
        id="pd_tracker.W002",
    )


def mail_traffic() -> CheckMessage | None:
    is_sent = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and settings.EMAIL_HOST not in settings.LOOPBACK
    if not is_sent or settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL:
        return None
    return Warning(
        "Mail with links to sign in leaves this machine unprotected.",
        hint="Use smtp+tls:// or smtp+ssl:// in EMAIL_URL.",
        id="pd_tracker.W003",
    )


def hostile_xml() -> CheckMessage | None:
    from openpyxl import DEFUSEDXML  # slow to load, and asked for here only

    if DEFUSEDXML:
        return None
    return Error(
        "Workbooks would be read without protection against hostile XML.",
        hint="Install defusedxml (it stands in requirements.txt), and do not set OPENPYXL_DEFUSEDXML.",
        id="pd_tracker.E001",
    )
