"""Keeping what somebody is typing. Nothing here is ever read by anybody else."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from teachers.models import Draft, User

LARGEST = 100_000  # characters; the longest note is a fifth of it
LONGEST_PATH = 300
MOST = 50  # of one person; nobody has more forms open
Fields = dict[str, list[str]]


def keep_draft(*, user: User, path: str, fields: Fields, at: datetime) -> None:
    if not path.startswith("/") or len(path) > LONGEST_PATH:
        raise ValidationError(_("This form cannot be kept."))
    if sum(len(name) + len(value) for name, values in fields.items() for value in values) > LARGEST:
        raise ValidationError(_("This is too long to be kept while you type. Save it."))
    kept = {"fields": fields, "saved_at": at}
    _draft, is_new = Draft.objects.update_or_create(user=user, path=path, defaults=kept)
    if is_new:
        older = Draft.objects.filter(user=user).order_by("-saved_at", "-pk")[MOST:]
        Draft.objects.filter(pk__in=list(older.values_list("pk", flat=True))).delete()


def forget_drafts(*, before: datetime) -> int:
    """What nobody came back to: whoever typed it may long do other work."""
    gone, _of_models = Draft.objects.filter(saved_at__lt=before).delete()
    return gone


def drop_draft(*, user: User, path: str) -> None:
    Draft.objects.visible_to(user).filter(path=path).delete()
