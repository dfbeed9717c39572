"""What a notice says, in the reader's language. No names of other people's records, no reasons, no notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pd_tracker.sheets.table import Kind
from pd_tracker.web.cells import in_words

# (kind, its facts that must be known) → sentence; the first that fits is used.
SENTENCES: tuple[tuple[str, dict[str, str], Promise], ...] = (
    ("training_assigned", {"by": "", "course": ""}, _("%(by)s added “%(course)s” to your plan.")),
    (
        "training_assigned",
        {"rule": "", "course": ""},
        _("“%(course)s” was added to your plan; this goes by the rule “%(rule)s”."),
    ),
    ("training_assigned", {}, _("New training was added to your plan.")),
    ("training_withdrawn", {"by": "", "course": ""}, _("%(by)s took “%(course)s” out of your plan again.")),
    (
        "training_withdrawn",
        {"rule": "", "course": ""},
        _("“%(course)s” was taken out of your plan: the rule “%(rule)s” does not hold for you any more."),
    ),
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
    ("session_changed", {"course": "", "at": ""}, _("“%(course)s” has another time or place. It begins %(at)s.")),
    ("session_changed", {}, _("A session of yours has another time or place.")),
    ("session_canceled", {"course": "", "at": ""}, _("“%(course)s” on %(at)s is canceled.")),
    ("session_canceled", {}, _("A session of yours is canceled.")),
    ("plan_started", {"year": ""}, _("Your learning plan for %(year)s has begun.")),
    ("plan_started", {}, _("Your learning plan has begun.")),
    (
        "plan_submitted",
        {"by": "", "taken_back": "True"},
        _("%(by)s took a learning plan back. It does not wait for you any more."),
    ),
    ("plan_submitted", {"by": ""}, _("%(by)s handed in a learning plan for you to read.")),
    ("plan_submitted", {}, _("A learning plan waits for you to read it.")),
    ("plan_returned", {"by": ""}, _("%(by)s returned your plan with a comment.")),
    ("plan_returned", {}, _("Your plan was returned with a comment.")),
    ("plan_approved", {"by": ""}, _("%(by)s approved your plan.")),
    ("plan_approved", {}, _("Your plan was approved.")),
    ("plan_closed", {"year": ""}, _("Your learning plan for %(year)s is closed. You can read it at any time.")),
    ("plan_closed", {}, _("Your learning plan is closed. You can read it at any time.")),
    ("review_due", {"day": ""}, _("A review of a plan is due on %(day)s.")),
    ("review_due", {}, _("A review of a plan is due.")),
    ("item_due", {"course": "", "days": "0"}, _("“%(course)s” is due today.")),
    ("item_due", {"course": "", "days": "1"}, _("“%(course)s” is due tomorrow.")),
    ("item_due", {"course": "", "days": ""}, _("“%(course)s” is due in %(days)s days.")),
    ("item_due", {}, _("Something in your plan is due soon.")),
    ("item_overdue", {"course": ""}, _("“%(course)s” is overdue for somebody you look after.")),
    ("item_overdue", {}, _("Something is overdue for somebody you look after.")),
    ("need_suggested", {"by": ""}, _("%(by)s suggested something to grow in.")),
    ("need_suggested", {}, _("Your coach suggested something to grow in.")),
    ("visit_logged", {"by": ""}, _("%(by)s logged a visit with you.")),
    ("visit_logged", {}, _("A visit with you was logged.")),
    ("note_shared", {"by": ""}, _("%(by)s shared a note with you.")),
    ("note_shared", {}, _("A note was shared with you.")),
    ("practice_adopted", {"title": ""}, _("Somebody tries “%(title)s” too.")),
    ("practice_adopted", {}, _("Somebody tries something that you shared.")),
    (
        "export_not_made",
        {"name": "", "who": "", "state": "refused"},
        _("“%(name)s” was not made for %(who)s: their roles do not open HR exports any more."),
    ),
    ("export_not_made", {"name": "", "who": ""}, _("“%(name)s” could not be made for %(who)s.")),
    ("export_not_made", {}, _("A saved export could not be made.")),
    (
        "licence_ends",
        {"license": "", "day": ""},
        _("HR wrote to you about your license %(license)s, valid until %(day)s."),
    ),
    ("licence_ends", {}, _("HR wrote to you about a license.")),
    ("job_ended", {"title": "", "state": "failed"}, _("This could not be finished: %(title)s")),
    ("job_ended", {"title": ""}, _("Finished: %(title)s")),
    ("job_ended", {}, _("Work you started has ended.")),
)


# Days and moments are stored as ISO texts, and said in the reader's language and zone.
SAID: dict[str, Callable[[str], str]] = {
    "day": lambda text: in_words(date.fromisoformat(text), Kind.DATE),
    "at": lambda text: in_words(datetime.fromisoformat(text), Kind.MOMENT),
}


def sentence(kind: str, facts: dict[str, Any]) -> str:
    """The words of a notice; facts that were never stored leave a plainer sentence."""
    known = defaultdict(str, {key: str(value) for key, value in facts.items()})
    for of_kind, needed, words in SENTENCES:
        if of_kind == kind and all(known[key] and value in ("", known[key]) for key, value in needed.items()):
            said = {key: SAID[key](value) if key in SAID and value else value for key, value in known.items()}
            return str(words) % defaultdict(str, said)
    return ""
