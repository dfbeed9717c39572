"""Keeps where each license stands, by what changed: rows of history say who, the standing itself says until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from learning_plans.credit.cases import LicenceCase, cases
from learning_plans.credit.shelf import RuleShelf, shelf_of
from learning_plans.credit.wording import amount_text
from learning_plans.models import (
    Completion,
    CreditLine,
    LicenceFact,
    LicenceStanding,
    PlanDecision,
    StandingRun,
    Waiver,
)
from learning_plans.rules.batches import batches
from learning_plans.rules.credit.decision import Status
from learning_plans.rules.credit.lasting import ALWAYS, holds_until
from pd_tracker.access import Reader
from pd_tracker.audit.since import LONGEST_TRANSACTION, changed_since
from pd_tracker.jobs.actions import start_once
from teachers.models import District, Employment, Leave, Licence

AT_ONCE, AT_SIGHT, AGAIN = 1_000, 200, timedelta(minutes=10)
RENEWING = "learning_plans.jobs.renew_standings"
# What a decision rests on, and the way from each row to the person.
SOURCES: tuple[tuple[Any, str], ...] = (
    (Completion, "teacher_id"),
    (CreditLine, "completion__teacher_id"),
    (Employment, "teacher_id"),
    (Leave, "teacher_id"),
    (Licence, "teacher_id"),
    (LicenceFact, "licence__teacher_id"),
    (Waiver, "licence__teacher_id"),
)
NOTHING, LARGEST = Decimal(0), Decimal("99999999.9999")


def outdated(
    district: District, *, on: date, shelf: RuleShelf | None = None, looking_back: timedelta = LONGEST_TRANSACTION
) -> QuerySet[Licence]:
    """Licenses in use whose standing is missing, has run out, or rests on what changed since."""
    licences = Licence.objects.in_use(on=on).filter(teacher__district=district)
    run = StandingRun.objects.filter(district=district).first()
    if run is None or run.rules != (shelf or shelf_of(district.pk)).fingerprint:
        return licences
    standing = LicenceStanding.objects.filter(licence=OuterRef("pk"), holds_until__gte=on, decided_on__lte=on)
    return licences.filter(~Exists(standing) | Q(teacher__in=_changed(run.ran_at + LONGEST_TRANSACTION - looking_back)))


def _changed(moment: datetime) -> set[int]:
    people = {key for model, way in SOURCES for key in changed_since(model, way, moment)}
    approvals = PlanDecision.objects.filter(decided_at__gte=moment - LONGEST_TRANSACTION)
    return people | set(approvals.values_list("plan__teacher", flat=True))


def freshen(*, district: District, on: date, at: datetime, owner: Reader | None = None) -> int:
    """Before standings are shown: a few that are outdated are decided at once, more in the background.

    Answers with how many are still as they were; `owner` may watch the work.
    """
    waiting = outdated(district, on=on).count()
    if waiting <= AT_SIGHT:
        if waiting:
            bring_up_to_date(district=district, on=on, at=at)
        return 0
    if _has_just_run(district, on=on, at=at):
        return 0
    arguments = {"district_id": district.pk}
    start_once(function=RENEWING, title=_("Working out where licenses stand"), owner=owner, arguments=arguments)
    return waiting


def _has_just_run(district: District, *, on: date, at: datetime) -> bool:
    """After a long run all it decided looks changed for an hour; only the news since is decided, and it stays due."""
    if not StandingRun.objects.filter(district=district, ran_at__gt=at - AGAIN).exists():
        return False
    news = outdated(district, on=on, looking_back=timedelta(0))
    if news.count() > AT_SIGHT:
        return False
    rows = list(news.select_related("teacher").order_by("pk"))
    if rows:
        decide_anew(rows, shelf=shelf_of(district.pk), on=on, at=at)
    return True


def bring_up_to_date(
    *, district: District, on: date, at: datetime, told: Callable[[int], None] = lambda done: None
) -> int:
    """Decides anew about every license that is outdated; answers with how many there were.

    It may be broken off, run again, or run twice at once: what was written stays, and is written the same again.
    """
    shelf = shelf_of(district.pk)
    keys = list(outdated(district, on=on, shelf=shelf).order_by("pk").values_list("pk", flat=True))
    done = 0
    for batch in batches(keys, AT_ONCE):
        rows = Licence.objects.filter(pk__in=batch).select_related("teacher").order_by("pk")
        decide_anew(list(rows), shelf=shelf, on=on, at=at)
        done += len(batch)
        told(done)
    with transaction.atomic():
        _drop_renewed(district, on=on)
        StandingRun.objects.update_or_create(district=district, defaults={"ran_at": at, "rules": shelf.fingerprint})
    return len(keys)


@transaction.atomic
def decide_anew(licences: list[Licence], *, shelf: RuleShelf, on: date, at: datetime) -> None:
    rows = standings_of(licences, shelf=shelf, on=on, at=at)
    LicenceStanding.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["licence"], update_fields=KEPT, batch_size=AT_ONCE
    )


def standings_of(licences: list[Licence], *, shelf: RuleShelf, on: date, at: datetime) -> list[LicenceStanding]:
    """Where licenses would stand by the rules of a shelf, in their order; nothing is written."""
    found = {case.licence.pk: standing(case, at=at) for case in cases(licences, on=on, shelf=shelf)}
    return [found.get(each.pk) or unknown(each, rule_pack=shelf.code_for(each), on=on, at=at) for each in licences]


def standing(case: LicenceCase, *, at: datetime) -> LicenceStanding:
    found = case.decision
    return LicenceStanding(
        licence=case.licence,
        rule_pack=case.pack.id,
        unit=case.pack.unit,
        status=found.status.value,
        required=stored(found.required),
        counted=stored(found.counted),
        pending=stored(found.pending),
        uncounted=stored(found.uncounted),
        carried_in=stored(found.carried_in),
        carried_out=stored(found.carried_out),
        short={each.category: amount_text(each.short) for each in found.minimums if each.short},
        begins_on=found.window.first if found.window else None,
        ends_on=found.window.last if found.window else case.licence.ends_on,
        decided_on=case.facts.as_of,
        decided_at=at,
        holds_until=holds_until(case.pack, case.facts, found),
    )


def unknown(licence: Licence, *, rule_pack: str, on: date, at: datetime) -> LicenceStanding:
    """Nobody knows the rules that this license names."""
    amounts = dict.fromkeys(AMOUNTS, NOTHING)
    return LicenceStanding(
        licence=licence,
        rule_pack=rule_pack,
        unit="",
        status=Status.UNKNOWN.value,
        **amounts,
        ends_on=licence.ends_on,
        decided_on=on,
        decided_at=at,
        holds_until=ALWAYS,
    )


AMOUNTS = ("required", "counted", "pending", "uncounted", "carried_in", "carried_out")
KEPT = [
    field.name for field in LicenceStanding._meta.concrete_fields if not field.primary_key and field.name != "licence"
]


def stored(amount: Fraction) -> Decimal:
    return min(Decimal(amount_text(amount)), LARGEST)


def _drop_renewed(district: District, *, on: date) -> None:
    """A license that was renewed has no standing of its own any more."""
    of_district = LicenceStanding.objects.filter(licence__teacher__district=district)
    in_use = Licence.objects.in_use(on=on).filter(pk=OuterRef("licence"))
    of_district.exclude(Exists(in_use)).delete()
