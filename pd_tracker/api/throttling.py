"""How much one person or program may ask for in a minute.

Counted in a small file for each, under a lock of the system: exact for all processes of one machine, and nobody waits
for the database to be let in. Behind several machines each counts for itself.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import os
import struct
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

WINDOW_SECONDS = 60
COUNTED = struct.Struct("<QI")  # the minute and how often it was asked in it


def count_in(path: Path, window: int) -> int:
    """One more in this window; tells how many that makes."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        stored = os.pread(file, COUNTED.size, 0)
        before, count = COUNTED.unpack(stored) if stored else (window, 0)
        count = count + 1 if before == window else 1
        os.pwrite(file, COUNTED.pack(window, count), 0)
    finally:
        os.close(file)
    return int(count)


class PerMinute(BaseThrottle):
    """`settings.API_REQUESTS_PER_MINUTE` for each signed-in person, however many tokens they have."""

    retry_after: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        folder: Path = settings.DATA_DIR / "limits"
        folder.mkdir(exist_ok=True, mode=0o700)
        now = time.time()
        path = folder / hashlib.sha256(f"api {request.user.pk}".encode()).hexdigest()[:32]
        self.retry_after = WINDOW_SECONDS - now % WINDOW_SECONDS
        most: int = settings.API_REQUESTS_PER_MINUTE
        return count_in(path, int(now // WINDOW_SECONDS)) <= most

    def wait(self) -> float | None:
        return math.ceil(self.retry_after) if self.retry_after is not None else None
