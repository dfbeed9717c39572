"""Records that somebody should look at: each doubt with whom it is about and where to look."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from learning_plans.rules.choices import CompletionState, EnrollmentState
from pd_tracker.reports.facts.hr.learning import enrollments_of
from pd_tracker.reports.facts.hr.roster import License, Person, Roster
from pd_tracker.reports.facts.hr.scope import Scope, midnight
from teachers.models import Employment

UNAPPROVED_DAYS = 14
DAY_MINUTES = 24 * 60
TAKING_PART = (EnrollmentState.REGISTERED.value, EnrollmentState.ATTENDED.value, EnrollmentState.COMPLETED.value)

DUPLICATE = _("Possible duplicate person")
NO_SITE = _("No site")
NO_LICENSE = _("No license")
TOO_LONG = _("Hours above a day's length")
OVERLAP = _("Overlapping sessions")
AFTER_EXIT = _("Credit after exit")
UNAPPROVED = _("Not approved for more than 14 days")

IN_PEOPLE = _("People, the person's page")
IN_EMPLOYMENT = _("People, the person's page, Employment")
IN_LICENSE = _("People, the person's page, License")
IN_RECORD = _("People, the person's page, Record")
IN_COMPLETIONS = _("Completions, state: waiting for approval")


class Doubt(NamedTuple):
    kind: Any
    staff_id: str
    name: str
    what: Any
    where: Any
    on: date | None


def doubts(scope: Scope, roster: Roster, licenses: dict[int, License]) -> Iterator[Doubt]:
    """All of them, by kind."""
    yield from duplicates(scope, roster)
    yield from without_site(roster)
    yield from without_license(roster, licenses)
    yield from too_long(scope)
    yield from overlapping(scope)
    yield from after_exit(scope)
    yield from unapproved(scope)


def duplicates(scope: Scope, roster: Roster) -> Iterator[Doubt]:
    """Different staff ids with one name and birth year, or one e-mail address; one of them is on the list."""
    rows = scope.reached().order_by("family_name", "given_name", "pk")
    fields = ("pk", "staff_id", "family_name", "given_name", "email")
    people = [(Person(*row[:5]), row[5]) for row in rows.values_list(*fields, "birth_year").iterator()]
    named = (((*_plain(person), born), person) for person, born in people if born)
    mailed = ((person.email.lower(), person) for person, _born in people if person.email)
    yield from _shared(named, _("Same name and birth year as {others}"), roster)
    yield from _shared(mailed, _("Same email as {others}"), roster)


def _plain(person: Person) -> tuple[str, str]:
    return " ".join(person.given_name.casefold().split()), " ".join(person.family_name.casefold().split())


def _shared(marked: Iterable[tuple[Hashable, Person]], words: Any, roster: Roster) -> Iterator[Doubt]:
    pairs = list(marked)
    counts = Counter(mark for mark, _person in pairs)
    groups: dict[Hashable, list[Person]] = defaultdict(list)
    for mark, person in pairs:
        if counts[mark] > 1:
            groups[mark].append(person)
    for group in groups.values():
        if any(person.key in roster.by_key for person in group):
            for person in group:
                others = ", ".join(other.staff_id for other in group if other is not person)
                what = format_lazy(words, others=others)
                yield Doubt(DUPLICATE, person.staff_id, person.name, what, IN_PEOPLE, None)


def without_site(roster: Roster) -> Iterator[Doubt]:
    for person in roster.people:
        if roster.is_here(person.key) and not roster.has_site(person.key):
            since = roster.spells[person.key].started_on
            what = _("Employed, but assigned to no school on this day")
            yield Doubt(NO_SITE, person.staff_id, person.name, what, IN_EMPLOYMENT, since)


def without_license(roster: Roster, licenses: dict[int, License]) -> Iterator[Doubt]:
    """Classroom teachers only, and nobody while the district keeps no licenses here at all."""
    for person in roster.people if licenses else ():
        license = licenses.get(person.key)
        if not roster.teaches(person.key) or (license and (not license.last_day or license.last_day >= roster.on)):
            continue
        what = _("The last license has ended") if license else _("No license is on record")
        ended_on = license.last_day if license else None
        yield Doubt(NO_LICENSE, person.staff_id, person.name, what, IN_LICENSE, ended_on)


def too_long(scope: Scope) -> Iterator[Doubt]:
    """More than a day for a shorter course, or more than twice the length of the course."""
    longer_than_a_day = Q(minutes__gt=DAY_MINUTES, course__minutes__lt=F("minutes"))
    twice_the_course = Q(course__minutes__gt=0, minutes__gt=F("course__minutes") * 2)
    rows = _standing(scope).filter(longer_than_a_day | twice_the_course)
    for person, on, course, minutes, usual in _with_person(rows, "course__title", "minutes", "course__minutes"):
        words = _("{hours} hours for “{course}”, which usually takes {usual}")
        what = format_lazy(words, hours=f"{minutes / 60:g}", course=course, usual=f"{usual / 60:g}")
        yield Doubt(TOO_LONG, person.staff_id, person.name, what, IN_RECORD, on)


def overlapping(scope: Scope) -> Iterator[Doubt]:
    """Sessions that begin before one that the same person has a seat in has ended."""
    seats = enrollments_of(scope).filter(state__in=TAKING_PART)
    fields = ("session__starts_at", "session__ends_at", "session__course__title")
    rows = seats.order_by("teacher__family_name", "teacher__given_name", "teacher", "session__starts_at", "session")
    named = rows.values_list("teacher", *PERSON, *fields).iterator()
    for _key, seats_of_one in groupby(named, key=lambda row: row[0]):
        yield from _overlaps(seats_of_one)


def _overlaps(seats: Iterable[tuple[Any, ...]]) -> Iterator[Doubt]:
    until: datetime | None = None
    running = ""
    for key, *person, starts_at, ends_at, course in seats:
        if until is not None and starts_at < until:
            who = Person(key, *person)
            what = format_lazy(_("“{second}” begins before “{first}” ends"), second=course, first=running)
            yield Doubt(OVERLAP, who.staff_id, who.name, what, IN_RECORD, timezone.localtime(starts_at).date())
        if until is None or ends_at > until:
            until, running = ends_at, course


def after_exit(scope: Scope) -> Iterator[Doubt]:
    """Learning dated after the last day of the last employment."""
    spells = Employment.objects.visible_to(scope.user).order_by().values("teacher")
    ended = spells.annotate(open=Count("pk", filter=Q(ended_on=None)), last_on=Max("ended_on")).filter(open=0)
    gone = ended.filter(last_on__lt=scope.year.ends_on)
    exits = dict(gone.values_list("teacher", "last_on"))
    rows = _standing(scope).filter(teacher__in=gone.values("teacher"))
    for person, on, course in _with_person(rows, "course__title"):
        if on > exits[person.key]:
            what = format_lazy(_("“{course}”, after the last day {day}"), course=course, day=exits[person.key])
            yield Doubt(AFTER_EXIT, person.staff_id, person.name, what, IN_EMPLOYMENT, on)


def unapproved(scope: Scope) -> Iterator[Doubt]:
    before = midnight(scope.user.today - timedelta(days=UNAPPROVED_DAYS))
    rows = _standing(scope).filter(state=CompletionState.PENDING.value, recorded_at__lt=before)
    for person, on, course, recorded_at in _with_person(rows, "course__title", "recorded_at"):
        recorded_on = timezone.localtime(recorded_at).date()
        what = format_lazy(_("“{course}” of {day}"), course=course, day=on)
        yield Doubt(UNAPPROVED, person.staff_id, person.name, what, IN_COMPLETIONS, recorded_on)


PERSON = ("teacher__staff_id", "teacher__family_name", "teacher__given_name")


def _standing(scope: Scope) -> QuerySet[Any]:
    """Learning of the year that is not voided."""
    return scope.learned().exclude(state=CompletionState.VOIDED.value)


def _with_person(rows: QuerySet[Any], *fields: str) -> Iterator[tuple[Any, ...]]:
    """Each row as the person, the day of the completion, and the fields."""
    ordered = rows.order_by("teacher__family_name", "teacher__given_name", "teacher", "completed_on", "pk")
    for key, *row in ordered.values_list("teacher", *PERSON, "completed_on", *fields).iterator():
        yield Person(key, *row[:3]), *row[3:]
