"""From a file to a plan, and from a plan to the database: the same way for pages, jobs and the command."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from pd_tracker.access import Reader
from pd_tracker.imports.importer import Asked, Importer, Options, Planner
from pd_tracker.imports.plan import Plan
from pd_tracker.imports.records import Writer
from pd_tracker.imports.rows import Line, guesses, lines, match_columns
from pd_tracker.sheets.reading import Cell, Sheet, open_sheet

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Source:
    file: Path | BinaryIO
    filename: str

    def open(self, importer: Importer, wanted: set[str]) -> Sheet:
        own = importer.opens(self.file, self.filename) if importer.opens else None
        return own or open_sheet(self.file, self.filename, wanted)


@dataclass(frozen=True, slots=True)
class Look:
    """A first look at a file: its headings, what stands under them, and whether it is long."""

    sheet: str
    headings: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    guesses: dict[str, str]
    is_long: bool


def nobody_told(done: int) -> None:
    pass


def wanted_headings(importer: Importer, options: Options) -> set[str]:
    """Ours and the mapped ones find the header row; the names other systems use help where ours are missing."""
    also = {name for field in importer.fields for name in field.also}
    return importer.wanted | set(options.mapping) | also


def first_look(source: Source, importer: Importer, options: Options, *, long_from: int) -> Look:
    """Raises `Unreadable` with a sentence for whoever brought the file."""
    with source.open(importer, wanted_headings(importer, options)) as sheet:
        top = list(islice(sheet.rows, SAMPLES))
        rest = sum(1 for _row in islice(sheet.rows, long_from))
        samples = tuple(
            tuple(as_sample(row.cells[index]) for row in top if index < len(row.cells))
            for index in range(len(sheet.headings))
        )
        return Look(
            sheet.name,
            sheet.headings,
            samples,
            guesses(sheet.headings, importer.fields),
            len(top) + rest > long_from,
        )


def as_sample(cell: Cell) -> str:
    return "" if cell is None else str(cell)[:60]


def make_plan(
    source: Source,
    importer: Importer,
    asked: Asked,
    *,
    told: Callable[[int], None] = nobody_told,
) -> tuple[Plan, Planner]:
    """What the file would do. Nothing is written; raises `Unreadable` when there is no table to read."""
    with collecting_later():
        plan, found = read_file(source, importer, asked.options, told=told)
        return plan, compared(plan, found, importer, asked)


def read_file(
    source: Source, importer: Importer, options: Options, *, told: Callable[[int], None]
) -> tuple[Plan, Iterator[Line]]:
    plan = Plan(importer.kind)
    with source.open(importer, wanted_headings(importer, options)) as sheet:
        columns = match_columns(sheet.headings, importer.fields, options.mapping)
        plan.sheet, plan.ignored = sheet.name, columns.ignored
        conventions = options.conventions(date1904=sheet.date1904)
        return plan, iter(list(lines(sheet, columns, conventions, plan, told)))


def compared(plan: Plan, found: Iterator[Line], importer: Importer, asked: Asked) -> Planner:
    planner = importer.planner(plan, asked)
    planner.read(found)
    plan.put_in_order()
    return planner


@contextmanager
def collecting_later() -> Iterator[None]:
    """A plan is made of many small objects that stay; looking for dead ones among them takes a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of applying: the plan as it stood at that moment, and whether it was done."""

    plan: Plan
    done: bool


def apply_file(
    source: Source,
    importer: Importer,
    actor: Reader,
    options: Options,
    *,
    at: datetime,
    fingerprint: str | None = None,
    ends_confirmed: bool = False,
    told: Callable[[int], None] = nobody_told,
    also: Callable[[Plan], Any] = lambda plan: None,
) -> Applied:
    """Makes the plan anew and does it, all or nothing; a plan that is not the one that was seen is only handed back.

    `also` joins the transaction once everything is written: the trail, and whatever else must stand or fall with it.
    """
    with collecting_later():
        # Read before the transaction begins: on SQLite nobody else can write from then on.
        plan, found = read_file(source, importer, options, told=told)
        try:
            with transaction.atomic():
                planner = compared(plan, found, importer, Asked(actor, options, will_write=True))
                if may_go_on(plan, fingerprint, ends_confirmed=ends_confirmed):
                    planner.write(Writer(user_of(actor), reason(source), at, told))
                    also(plan)
                    return Applied(plan, done=True)
        except DatabaseError as error:
            plan.refuse(None, refused_by_database(error))
    return Applied(plan, done=False)


def may_go_on(plan: Plan, fingerprint: str | None, *, ends_confirmed: bool) -> bool:
    seen = fingerprint is None or plan.fingerprint == fingerprint
    return seen and plan.can_apply and (ends_confirmed or not plan.needs_second_confirmation)


def user_of(actor: Reader) -> Any:
    return get_user_model()._default_manager.filter(pk=actor.pk).first() if actor.pk is not None else None


def reason(source: Source) -> str:
    return _("Import of %(file)s") % {"file": source.filename}


def refused_by_database(error: DatabaseError) -> str:
    words = _(
        "The database refused a row and nothing was changed. Somebody may have changed the same records; try again."
    )
    return f"{words} ({type(error).__name__})"
