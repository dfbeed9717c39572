"""Whether the site answers, and whether it can work; for load balancers and monitors, in words and never with data."""

from __future__ import annotations

import functools
import ipaddress
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pd_tracker.web.backups.contents import applied_migrations, known_migrations
from pd_tracker.web.vitals import disk_is_full, disk_is_low, longest_wait, work_stands_still, worker_is_silent

GOOD = "good"
Check = Callable[[], str]  # says what it found; raises what went wrong


@login_not_required
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "live"})


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Unavailable (503) when no page would work; attention, still 200, when somebody should look soon."""
    facts = dict(until_failure(NEEDED))
    status = "ready" if set(facts.values()) == {GOOD} else "unavailable"
    if status == "ready":
        facts |= {name: outcome(check) for name, check in WATCHED.items()}
        status = "ready" if set(facts.values()) == {GOOD} else "attention"
    details = {"version": settings.VERSION, "facts": facts} if is_insider(request) else {}
    return JsonResponse({"status": status} | details, status=503 if status == "unavailable" else 200)


def until_failure(checks: dict[str, Check]) -> Iterator[tuple[str, str]]:
    """Without a database each further check would wait for it once more."""
    for name, check in checks.items():
        found = outcome(check)
        yield name, found
        if found != GOOD:
            return


def outcome(check: Check) -> str:
    try:
        return check()
    except Exception as error:
        return f"failed: {type(error).__name__}"


def is_insider(request: HttpRequest) -> bool:
    """The monitor that knows the secret, or a program of this machine; a proxy is one, but says whom it asks for."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.HEALTH_TOKEN and scheme.lower() == "bearer":
        return constant_time_compare(token.strip(), settings.HEALTH_TOKEN)
    is_forwarded = any(name.startswith(("X-Forwarded", "Forwarded", "X-Real", "Via")) for name in request.headers)
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback and not is_forwarded
    except ValueError:  # a socket file has no address
        return False


# --- What no page works without ---------------------------------------------------------------------------------


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return GOOD


def migrations() -> str:
    return "run manage.py prepare" if expected_migrations() - applied_migrations(connection.alias) else GOOD


expected_migrations = functools.cache(known_migrations)


def shared_cache() -> str:
    cache.get("health")
    return GOOD


def storage() -> str:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"health")
    return GOOD


# --- What somebody should look at -------------------------------------------------------------------------------


def worker() -> str:
    return "not seen; start manage.py worker" if worker_is_silent(at=timezone.now()) else GOOD


def queue() -> str:
    minutes = int(longest_wait(at=timezone.now()).total_seconds() // 60)
    return f"a job waits for {minutes} minutes" if work_stands_still(at=timezone.now()) else GOOD


def disk() -> str:
    if disk_is_full():
        return "almost full; files are refused"
    return "less than 15 % free" if disk_is_low() else GOOD


NEEDED = {"database": database, "migrations": migrations, "cache": shared_cache, "storage": storage}
WATCHED = {"worker": worker, "queue": queue, "disk": disk}
