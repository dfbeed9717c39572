"""What a notice says, in the reader's language. No names of other people's records, no reasons, no notes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# (kind, its facts that must be known) → sentence; the first that fits is used.
SENTENCES: tuple[tuple[str, dict[str, str], Promise], ...] = (
    ("training_assigned", {"by": "", "course": ""}, _("%(by)s added “%(course)s” to your plan.")),
    ("training_assigned", {}, _("New training was added to your plan.")),
    ("training_withdrawn", {"by": "", "course": ""}, _("%(by)s took “%(course)s” out of your plan again.")),
    ("training_withdrawn", {"by": ""}, _("%(by)s took training out of your plan again.")),
    ("training_withdrawn", {}, _("Training was taken out of your plan again.")),
    ("plan_changed", {"by": "", "what": ""}, _("%(by)s changed your plan: %(what)s")),
    ("plan_changed", {}, _("Your plan was changed.")),
    ("completion_changed", {"course": ""}, _("Your record of “%(course)s” was changed.")),
    ("completion_changed", {}, _("Your record of finished training was changed.")),
    ("seats_drawn", {"course": "", "won": "True"}, _("You drew a seat in “%(course)s”.")),
    (
        "seats_drawn",
        {"course": "", "place": ""},
        _("The seats in “%(course)s” were drawn. You have none yet; you are number %(place)s on the waiting list."),
    ),
    ("seats_drawn", {}, _("The seats you applied for were drawn.")),
    ("job_ended", {"title": "", "state": "failed"}, _("This could not be finished: %(title)s")),
    ("job_ended", {"title": ""}, _("Finished: %(title)s")),
    ("job_ended", {}, _("Work you started has ended.")),
)


def sentence(kind: str, facts: dict[str, Any]) -> str:
    """The words of a notice; facts that were never stored leave a plainer sentence."""
    known = defaultdict(str, {key: str(value) for key, value in facts.items()})
    for of_kind, needed, words in SENTENCES:
        if of_kind == kind and all(known[key] and value in ("", known[key]) for key, value in needed.items()):
            return str(words) % known
    return ""
