"""What a kind of import declares, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from pd_tracker.access import Reader
from pd_tracker.imports.fields import Conventions, Field, day, school_year
from pd_tracker.imports.plan import Plan
from pd_tracker.imports.records import Writer
from pd_tracker.imports.rows import Line
from pd_tracker.sheets.reading import Sheet


@dataclass(frozen=True, slots=True)
class Options:
    """What is said about a file beside the file."""

    as_of: date
    today: date
    is_full: bool = False
    mapping: dict[str, str] = field(default_factory=dict)
    date_shape: str = ""
    year_means: str = "end"
    district: str = ""  # by name, where there are several

    def conventions(self, *, date1904: bool) -> Conventions:
        return Conventions(self.date_shape, self.year_means, date1904)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what."""

    actor: Reader
    options: Options
    will_write: bool = False  # then what is looked up is locked until it is written


class Planner(Protocol):
    """Compares a file with what is stored. Reading only reads; writing does what was planned and nothing else."""

    def __init__(self, plan: Plan, asked: Asked) -> None: ...

    def read(self, lines: Iterator[Line]) -> None: ...

    def write(self, writer: Writer) -> None: ...


Opener = Callable[[Path | BinaryIO, str], Sheet | None]  # nothing where the file is not of that format


@dataclass(frozen=True, slots=True)
class Importer:
    kind: str
    title: Any
    words: Any  # what a row is, in a sentence
    fields: tuple[Field, ...]
    planner: type[Planner]
    is_extract: bool = False  # made on a day, perhaps listing everybody
    opens: Opener | None = None  # a file format of its own, beside workbooks and text tables

    @property
    def has_dates(self) -> bool:
        return any(field.parse is day for field in self.fields)

    @property
    def has_school_years(self) -> bool:
        return any(field.parse is school_year for field in self.fields)

    @property
    def wanted(self) -> set[str]:
        return {field.key for field in self.fields}
