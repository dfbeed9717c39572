"""Writes that may be sent twice. A key binds what was asked to what was answered; both stand with the effect."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from pd_tracker.api.models import KeptAnswer
from pd_tracker.api.problems import HEADER, Problem, UsedKey, line
from pd_tracker.api.rendering import QuickJson

NAME = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 200
KEPT_FOR = timedelta(days=7)
KEPT_HEADERS = ("ETag", "Location")

Handler = Callable[..., Response]


def writes(handler: Handler) -> Handler:
    """For every method that changes something: one transaction, and one effect however often a key is sent."""

    @functools.wraps(handler)
    @transaction.atomic
    def once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(NAME)
        if key is None:
            return handler(view, request, *args, **kwargs)
        kept, is_new = claimed(request, key)
        if not is_new:
            return replayed(kept, request)
        response = handler(view, request, *args, **kwargs)
        keep(kept, response)
        return response

    once.__dict__["writes"] = True  # a test asks every unsafe method for it
    return once


def claimed(request: Any, key: str) -> tuple[KeptAnswer, bool]:
    """The row of this key. Who comes second waits here until the first is done."""
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        words = _("Choose a key of 1 to %(longest)d letters and digits.") % {"longest": LONGEST_KEY}
        raise Problem(words, [line(NAME, words, HEADER)])
    now, of_user = timezone.now(), KeptAnswer.objects.filter(user=request.user.pk)
    of_user.filter(made_at__lt=now - KEPT_FOR).delete()
    fresh = {"fingerprint": fingerprint(request), "made_at": now}
    return KeptAnswer.objects.get_or_create(user=request.user, key=key, defaults=fresh)


def fingerprint(request: Request) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(asked).hexdigest()


def keep(kept: KeptAnswer, response: Response) -> None:
    kept.status, kept.body = response.status_code, QuickJson().render(response.data).decode()
    kept.headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    kept.save()


def replayed(kept: KeptAnswer, request: Request) -> Response:
    if kept.fingerprint != fingerprint(request):
        words = _("This key was used for another request. Choose a new key for a new request.")
        raise UsedKey(words, [line(NAME, words, HEADER)])
    data = json.loads(kept.body) if kept.body else None
    return Response(data, status=kept.status, headers=kept.headers | {REPLAYED: "true"})
