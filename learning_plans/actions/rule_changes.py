"""Changing renewal rules: first what it would do to whom, then, once somebody has seen that, the change itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning_plans.actions import rule_rows
from learning_plans.actions.standings import freshen, standings_of
from learning_plans.credit.pack_text_words import problem_sentence
from learning_plans.credit.shelf import ALWAYS, Choice, RuleShelf, Version, shelf_of
from learning_plans.models import (
    Completion,
    CreditLine,
    ForeseenStanding,
    LicenceStanding,
    PackChoice,
    RuleChange,
)
from learning_plans.models.choices import LicenceStatusName
from learning_plans.rules.batches import batches
from learning_plans.rules.choices import RuleChangeKind as Kind
from learning_plans.rules.credit.reading import BadPack, read_pack
from pd_tracker.jobs.actions import start
from teachers.models import District, Licence, Teacher, User

AT_ONCE, AT_A_TIME = 2_000, 500  # licenses
FORESEEING = "learning_plans.jobs.foresee_rules"
LICENCE_FIELDS = (
    "jurisdiction", "licence_type", "rule_pack", "valid_from", "valid_until", "extended_until", "teacher",
)  # fmt: skip

Said = dict[str, Any]


class Outdated(Exception):
    """The rules, or the day, are others than when somebody looked at what a change would do."""


# --- What somebody says -----------------------------------------------------------------------------------------


def choice_said(choice: Choice) -> Said:
    return asdict(choice) | {"holds_from": written(choice.holds_from)}


def ending_said(choice: PackChoice, *, shelf: RuleShelf, on: date) -> Said:
    """A choice that no closed period was decided by goes; any other one ends, and what it decided stays."""
    was = choice_of(choice)
    if choice.history.earliest().history_date.date() == on or not closed_otherwise(
        choice.district, shelf, shelf.without_choice(was), on=on
    ):
        return choice_said(was) | {"goes": True}
    return choice_said(Choice(was.jurisdiction, was.licence_type, on, "")) | {"goes": False}


def choice_of(row: PackChoice) -> Choice:
    return Choice(row.jurisdiction, row.licence_type, row.holds_from or ALWAYS, row.rule_pack)


def written(day: date | None) -> str | None:
    return None if day in (None, ALWAYS) else day.isoformat()


def day_of(said: Said) -> date:
    return date.fromisoformat(said["holds_from"]) if said.get("holds_from") else ALWAYS


def said_choice(said: Said) -> Choice:
    return Choice(said["jurisdiction"], said["licence_type"], day_of(said), said["rule_pack"])


def shelf_after(shelf: RuleShelf, kind: Kind, said: Said) -> RuleShelf:
    match kind:
        case Kind.CHOICE:
            return shelf.with_choice(said_choice(said))
        case Kind.NO_CHOICE:
            return shelf.without_choice(said_choice(said)) if said["goes"] else shelf.with_choice(said_choice(said))
        case Kind.VERSION:
            return shelf.with_version(said["code"], Version(day_of(said), said["text"]))
        case Kind.MEANINGS:
            return shelf.with_meanings(said["meanings"])


# --- Looking ----------------------------------------------------------------------------------------------------


@transaction.atomic
def look(*, district: District, kind: Kind, said: Said, reason: str, actor: User, on: date, at: datetime) -> RuleChange:
    """What a change would do, worked out at once for a few licenses and in the background for many."""
    shelf = shelf_of(district.pk)
    check(district, shelf, kind, said, on=on)
    change = RuleChange(
        district=district, kind=kind.value, said=said, reason=reason.strip(), rules=shelf.fingerprint, as_of=on,
        made_by=actor, made_at=at,
    )  # fmt: skip
    keys = touched(change, shelf)
    change.touched = len(keys)
    change.full_clean()
    change.save()
    if len(keys) <= AT_ONCE:
        work_out(change, at=at)
        return change
    arguments = {"change_id": change.pk}
    change.job = start(function=FORESEEING, title=str(change), owner=actor, arguments=arguments)
    change.save()
    return change


def check(district: District, shelf: RuleShelf, kind: Kind, said: Said, *, on: date) -> None:
    """Everything that can be wrong with a change, each beside its field."""
    if kind is Kind.CHOICE:
        _check_code(said["rule_pack"], shelf=shelf, district=district)
    if kind is Kind.VERSION:
        _check_text(said)
    after = shelf_after(shelf, kind, said)
    if is_so_already(shelf, after, kind, said):
        raise ValidationError(_("Nothing would change: it is so already."))
    if kind in (Kind.CHOICE, Kind.VERSION):
        if ALWAYS < day_of(said) < on:
            raise ValidationError({"holds_from": _("Choose today or a later day, or leave it empty.")})
        closed = closed_otherwise(district, shelf, after, on=on)
        if closed:
            words = ngettext(
                "The period of %(count)d license has ended already, and other rules decided about it. That stays: "
                "choose today or a later day.",
                "The periods of %(count)d licenses have ended already, and other rules decided about them. That stays: "
                "choose today or a later day.",
                closed,
            )
            raise ValidationError({"holds_from": words % {"count": closed}})


def is_so_already(shelf: RuleShelf, after: RuleShelf, kind: Kind, said: Said) -> bool:
    if kind is Kind.VERSION:
        held = [each for each in shelf.versions.get(said["code"], ()) if each.holds_from <= day_of(said)]
        return bool(held) and held[-1].text == said["text"]
    return (set(after.choices), after.meanings) == (set(shelf.choices), shelf.meanings)


def _check_code(code: str, *, shelf: RuleShelf, district: District) -> None:
    if code not in shelf.codes or district.rule_packs.filter(code=code, is_retired=True).exists():
        raise ValidationError({"rule_pack": _("Choose rules from the list.")})


def _check_text(said: Said) -> None:
    try:
        read_pack(said["text"], name=said["code"])
    except BadPack as error:
        raise ValidationError({"text": problem_sentence(error)}) from error


def closed_otherwise(district: District, before: RuleShelf, after: RuleShelf, *, on: date) -> int:
    """How many periods that are over were decided by rules, and would be decided by others."""
    over = Licence.objects.filter(Q(extended_until=None) | Q(extended_until__lt=on), valid_until__lt=on)
    licences = over.filter(teacher__district=district).only(*LICENCE_FIELDS)
    return sum(
        bool(each.rule_pack or before.chosen_for(each)) and before.pack_for(each) != after.pack_for(each)
        for each in licences.iterator()
    )


def touched(change: RuleChange, shelf: RuleShelf) -> list[int]:
    """Licenses of people who work here whose rules, or what their hours count as, would be others."""
    people = Teacher.objects.filter(district=change.district_id).employed(on=change.as_of)
    licences = Licence.objects.in_use(on=change.as_of).filter(teacher__in=people)
    if change.kind == Kind.MEANINGS:
        own = set(named_by(change.district_id, change.said["meanings"]))
        return sorted(licences.filter(teacher__in=own).values_list("pk", flat=True))
    after = shelf_after(shelf, Kind(change.kind), change.said)
    found = licences.only(*LICENCE_FIELDS).iterator()
    return sorted(each.pk for each in found if shelf.pack_for(each) != after.pack_for(each))


def named_by(district_id: int, meanings: dict[str, Any]) -> Iterator[int]:
    """People with hours in these categories."""
    wanted = {category.casefold() for category in meanings}
    for rows, person in (
        (Completion.objects.filter(teacher__district=district_id), "teacher"),
        (CreditLine.objects.filter(completion__teacher__district=district_id), "completion__teacher"),
    ):
        known = rows.order_by().values_list("category", flat=True).distinct()
        spelled = [category for category in known if category.casefold() in wanted]
        yield from rows.filter(category__in=spelled).order_by().values_list(person, flat=True).distinct()


def work_out(change: RuleChange, *, at: datetime, told: Callable[[int], None] = lambda done: None) -> None:
    """May be broken off and run again: it begins anew, and nobody sees it before it is whole."""
    shelf = shelf_of(change.district_id)
    after = shelf_after(shelf, Kind(change.kind), change.said)
    change.foreseen.all().delete()
    keys = touched(change, shelf)
    other_rules = done = 0
    for batch in batches(keys, AT_A_TIME):
        licences = list(Licence.objects.filter(pk__in=batch).select_related("teacher").order_by("pk"))
        was = standings_of(licences, shelf=shelf, on=change.as_of, at=at)
        then = standings_of(licences, shelf=after, on=change.as_of, at=at)
        rows = [foreseen(change, *pair) for pair in zip(was, then, strict=True)]
        other_rules += sum(row.rules_before != row.rules_after for row in rows)
        ForeseenStanding.objects.bulk_create(filter(says_something, rows), batch_size=AT_A_TIME)
        done += len(batch)
        told(done)
    change.touched, change.other_rules, change.worked_out_at = len(keys), other_rules, at
    change.rules = shelf.fingerprint
    change.save()


OUTCOME = ("status", "required", "counted", "short")


def foreseen(change: RuleChange, was: LicenceStanding, then: LicenceStanding) -> ForeseenStanding:
    figures = {f"{name}_before": getattr(was, name) for name in OUTCOME}
    figures |= {f"{name}_after": getattr(then, name) for name in OUTCOME}
    rules = {"rules_before": was.rule_pack, "rules_after": then.rule_pack}
    return ForeseenStanding(change=change, licence=was.licence, **rules, **figures)


def says_something(row: ForeseenStanding) -> bool:
    """Other rules alone, with the same outcome, are only counted."""
    return any(getattr(row, f"{name}_before") != getattr(row, f"{name}_after") for name in OUTCOME)


def transitions(rows: QuerySet[ForeseenStanding]) -> list[tuple[int, Any, Any]]:
    """How many people would change from which status to which, the most first."""
    changed = rows.exclude(status_before=F("status_after")).order_by().values_list("status_before", "status_after")
    counted = changed.annotate(people=Count("licence__teacher", distinct=True))
    label = {each.value: each.label for each in LicenceStatusName}
    found = [(people, label[before], label[after]) for before, after, people in counted]
    return sorted(found, key=lambda each: (-each[0], str(each[1]), str(each[2])))


# --- Changing ---------------------------------------------------------------------------------------------------


@transaction.atomic
def confirm(change: RuleChange, *, actor: User, on: date, at: datetime) -> int:
    """Writes what was looked at, and brings standings up to date; answers with how many still wait for that.

    Raises
    ------
    Outdated
        When the rules or the day changed since somebody looked.
    """
    district = District.objects.select_for_update().get(pk=change.district_id)
    change = RuleChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if change.confirmed_at is not None:
        raise ValidationError(_("This holds already."))
    shelf = shelf_of(district.pk)
    if change.worked_out_at is None or change.rules != shelf.fingerprint or change.as_of != on:
        raise Outdated
    kind = Kind(change.kind)
    check(district, shelf, kind, change.said, on=on)
    rule_rows.write(kind, change.said, district=district, reason=change.reason, actor=actor, at=at)
    change.confirmed_by, change.confirmed_at = actor, at
    change.save()
    return freshen(district=district, on=on, at=at)


@transaction.atomic
def look_again(change: RuleChange, *, actor: User, on: date, at: datetime) -> RuleChange:
    """The same change, worked out against what holds now."""
    return look(
        district=change.district, kind=Kind(change.kind), said=change.said, reason=change.reason, actor=actor, on=on,
        at=at,
    )  # fmt: skip


def forget_looks(*, before: datetime) -> None:
    """What somebody looked at and did not confirm is of no use to anybody after a while."""
    RuleChange.objects.filter(confirmed_at=None, made_at__lt=before).delete()
