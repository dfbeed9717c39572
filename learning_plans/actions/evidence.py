"""Adding what proves a completion, and taking it out again."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from learning_plans.actions.completions import refuse_silence
from learning_plans.models import Completion, Evidence
from learning_plans.rules.choices import CompletionState
from learning_plans.rules.evidence import ENOUGH, LARGEST, is_named_so, kind_of
from teachers.actions.keeping import keep
from teachers.models import User

MOST = 20  # files and links of one completion


def checked_kind(file: UploadedFile[Any]) -> str:
    """The content type, told by the bytes; anything that is not taken is refused in a sentence."""
    if (file.size or 0) > LARGEST:
        raise ValidationError(_("This file is larger than 10 MB. Make it smaller, or give a link."))
    file.seek(0)
    found = kind_of(file.read(ENOUGH))
    file.seek(0)
    if found is None or not is_named_so(str(file.name), found[0]):
        raise ValidationError(_("This is not a PDF, PNG or JPEG file. Save it as one of these, or give a link."))
    return found[0]


@transaction.atomic
def add_evidence(
    *,
    completion: Completion,
    file: UploadedFile[Any] | None,
    link: str,
    note: str,
    actor: User | None,
    at: datetime,
) -> Evidence:
    """A file or a link; what was returned goes back into the line of those who approve."""
    found: Completion = Completion.objects.select_for_update().get(pk=completion.pk)
    if found.state == CompletionState.VOIDED:
        raise ValidationError(_("This completion is voided, so nothing can be added to it."))
    if found.evidence.standing().count() >= MOST:
        raise ValidationError(_("More than %(most)d files and links cannot be added.") % {"most": MOST})
    row = Evidence(completion=found, link=link, note=note, added_by=actor, added_at=at)
    if file is not None:
        row.content_type, row.size = checked_kind(file), file.size or 0
        row.sha256 = hashlib.sha256(b"".join(file.chunks())).hexdigest()
        row.filename, row.file = str(file.name)[:200], file
        if found.evidence.standing().filter(sha256=row.sha256).exists():
            raise ValidationError({"file": _("This file is there already.")})
    return keep(row, actor=actor, verb="evidence.added", teacher=found.teacher_id, completion=found.pk)


@transaction.atomic
def remove_evidence(*, evidence: Evidence, reason: str, actor: User | None, at: datetime) -> Evidence:
    """Nobody opens it any more; that it was there, and why it went, stays in the history."""
    refuse_silence(reason)
    evidence.removed_at = at
    teacher = evidence.completion.teacher_id
    return keep(evidence, actor=actor, verb="evidence.removed", reason=reason, teacher=teacher)
