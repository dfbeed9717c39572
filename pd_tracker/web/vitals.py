"""Signs of life of what people do not see: the background worker, its queue, the disk."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Min
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

WORKER_SEEN = "worker-seen"
SILENCE = timedelta(minutes=5)  # the worker signs every minute; on SQLite a long import keeps it waiting
DAY = 86_400
LOW_SHARE, LEAST_SHARE, LEAST_BYTES = 0.15, 0.05, 2**30


def worker_signs(*, at: datetime) -> None:
    cache.set(WORKER_SEEN, at, timeout=DAY)


def worker_is_silent(*, at: datetime) -> bool:
    seen = cache.get(WORKER_SEEN)
    return seen is None or at - seen > SILENCE


def longest_wait(*, at: datetime) -> timedelta:
    """How long the oldest job in the queue has been waiting for a worker."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    oldest = ready.aggregate(oldest=Min("enqueued_at"))["oldest"]
    return max(at - oldest, timedelta(0)) if oldest else timedelta(0)


def work_stands_still(*, at: datetime) -> bool:
    return longest_wait(at=at) > SILENCE


def disk_is_low() -> bool:
    usage = shutil.disk_usage(settings.DATA_DIR)
    return usage.free < LOW_SHARE * usage.total


def disk_is_full() -> bool:
    usage = shutil.disk_usage(settings.DATA_DIR)
    return usage.free < max(LEAST_SHARE * usage.total, LEAST_BYTES)


def refuse_when_disk_is_full(upload: object) -> None:
    """For file fields: what is left belongs to the database."""
    if disk_is_full():
        raise ValidationError(
            _("The disk of this site is almost full, so it takes no files now. Tell whoever runs it, and try later.")
        )
