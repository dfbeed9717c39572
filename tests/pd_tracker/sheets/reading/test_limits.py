"""Reading within limits: no file takes long or much memory, and what is accepted is what another reader sees."""

from __future__ import annotations

import io
import pickle
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pd_tracker.sheets.reading import CellProblem, Row, child, workbook
from pd_tracker.sheets.reading.cells import clean_row
from tests.pd_tracker.sheets.books import (
    HEADER,
    OFFICE,
    SHEET_PART,
    SPREADSHEET,
    WANTED,
    packed,
    raw_parts,
    sheet_xml,
)
from tests.pd_tracker.sheets.reading.test_hostile import GOOD, REFUSED

SECONDS, MEGABYTES = 5, 300

# Run apart from the tests, so that the memory of each reading process is its own.
MEASURING = """
import os, pickle, signal, sys, time
from pd_tracker.sheets.reading import Unreadable, open_sheet, workbook

def end(child):
    child.inbox.close()
    os.kill(child.process.pid, signal.SIGKILL)  # not through Popen, which would collect a process that is over
    usage.append(os.wait4(child.process.pid, 0)[2])
    child.process.returncode = 0

workbook.Child.end = end
for path in sys.stdin.read().split():
    usage, started = [], time.monotonic()
    try:
        with open_sheet(path, "file.xlsx", set(sys.argv[1].split())) as sheet:
            said = [sheet.name, sheet.header_row, sheet.headings, list(sheet.rows)]
    except Unreadable as refusal:
        said = str(refusal)
    found = said, time.monotonic() - started, max([each.ru_maxrss for each in usage], default=0)
    pickle.dump(found, sys.stdout.buffer)
"""


def measured(files: dict[str, bytes], folder: Path) -> dict[str, tuple[Any, float, int]]:
    """What came of each file, in how many seconds, and the memory of the process that opened it, in MB."""
    paths = [folder / f"{number}.xlsx" for number in range(len(files))]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    command = [sys.executable, "-c", MEASURING, " ".join(WANTED)]
    names = "\n".join(map(str, paths)).encode()
    done = subprocess.run(command, cwd=workbook.PROJECT, input=names, capture_output=True, check=False)
    assert done.stderr == b""
    found, answers = {}, io.BytesIO(done.stdout)
    for name in files:
        said, seconds, kilobytes = pickle.load(answers)  # noqa: S301 (a process of our own wrote it)
        found[name] = said, seconds, kilobytes // 1024
    assert answers.read() == b""
    return found


def many_rows(count: int) -> bytes:
    cells_of = "".join(f'<c r="{column}{{0}}"><v>{{0}}</v></c>' for column in "ABCDE")
    row_of = f'<row r="{{0}}">{cells_of}</row>'
    return with_rows("".join(map(row_of.format, range(2, count))))


def with_rows(rows: str, *, before: str = "", after: str = "") -> bytes:
    xml = sheet_xml(HEADER + rows).replace("<sheetData>", f"{before}<sheetData>")
    return packed(raw_parts() | {SHEET_PART: xml.replace("</worksheet>", f"{after}</worksheet>")}).getvalue()


def beside_one(cell: str) -> str:
    return f'<row r="2"><c r="A2"><v>1</v></c>{cell}</row>'


def with_shared(strings: str, index: int) -> bytes:
    relation = f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    parts = raw_parts(HEADER + beside_one(f'<c r="B2" t="s"><v>{index}</v></c>'))
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace("</Relationships>", relation)
    return packed(parts | {"xl/sharedStrings.xml": f'<sst xmlns="{SPREADSHEET}">{strings}</sst>'}).getvalue()


def with_styles(count: int) -> bytes:
    styles = f'<styleSheet xmlns="{SPREADSHEET}"><cellXfs>{many(STYLE, count)}</cellXfs></styleSheet>'
    return packed(raw_parts(HEADER + ONE) | {"xl/styles.xml": styles}).getvalue()


def pointing_nowhere() -> bytes:
    parts = raw_parts(HEADER + ONE).items()
    return packed(
        {name: part.replace("worksheets/sheet1.xml", "worksheets/none.xml") for name, part in parts}
    ).getvalue()


def many(part: str, times: int) -> str:
    return "".join(map(part.format, range(times)))


ONE = '<row r="2"><c r="A2"><v>1</v></c></row>'
ATTRIBUTE, STYLE = 'a{0}="1" ', '<xf n="{0}"/>'

# What Excel would never write and what it writes on a bad day: as many rows are read, or it is refused in these words.
DOUBTFUL: dict[str, tuple[Callable[[], bytes], int | str]] = {
    "honest": (lambda: GOOD, 1),
    "a million rows": (lambda: many_rows(1_048_577), "far outside any table"),
    "a million shared texts": (lambda: with_shared(many("<si><t>t{0}</t></si>", 1_000_000), 5), 1),
    "shared text that is not there": (lambda: with_shared("<si><t>x</t></si>", 10**9), "damaged"),
    "a million cells in a row": (lambda: with_rows(f'<row r="2">{many("<c><v>{0}</v></c>", 1_000_000)}</row>'), 1),
    "300,000 attributes": (lambda: with_rows(f'<row r="2" {many(ATTRIBUTE, 300_000)}/>'), 0),
    "a merge of everything": (lambda: with_rows(ONE, after='<mergeCell ref="A1:XFD1048576"/>'), 1),
    "wrong dimension": (lambda: with_rows(ONE, before='<dimension ref="A1:A1"/>'), 1),
    "formula without a value": (lambda: with_rows(beside_one('<c r="B2"><f>SUM(1)</f></c>')), 1),
    "control characters": (lambda: with_rows(beside_one('<c r="B2" t="str"><v>_x0000_a_x0008_</v></c>')), 1),
    "5,000 digits": (lambda: with_rows(beside_one(f'<c r="B2"><v>{"9" * 5_000}</v></c>')), 1),
    "no day of the calendar": (lambda: with_rows(beside_one('<c r="B2" t="d"><v>2026-13-45</v></c>')), 1),
    "not a number": (lambda: with_rows(beside_one('<c r="B2"><v>NaN</v></c>')), 1),
    "deep nesting": (lambda: with_rows("<a>" * 100_000), 0),
    "300,000 styles": (lambda: with_styles(300_000), 1),
    "a sheet that points nowhere": (pointing_nowhere, "damaged"),
}


def mutated(seed: int) -> bytes:
    """An honest workbook with some bytes of some parts, or of the archive itself, changed, removed or doubled."""
    chance = random.Random(seed)
    if seed % 3 == 0:
        return damage(GOOD, chance)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    for name in chance.sample(sorted(parts), k=chance.randint(1, 3)):
        parts[name] = damage(parts[name], chance)
    return packed(parts).getvalue()


def damage(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(changed))
        match chance.randrange(3):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                del changed[place : place + chance.randint(1, 20)]
            case _:
                changed[place:place] = changed[place : place + chance.randint(1, 200)]
        changed = changed or bytearray(b"x")
    return bytes(changed)


@pytest.mark.slow
def test_no_file_takes_long_or_much_memory(tmp_path):
    refused = {name: content for name, (content, _words) in REFUSED.items()}
    doubtful = {name: make() for name, (make, _expected) in DOUBTFUL.items()}

    found = measured(refused | doubtful, tmp_path)

    assert {name: seconds for name, (_said, seconds, _mb) in found.items() if seconds > SECONDS} == {}
    assert {name: mb for name, (_said, _seconds, mb) in found.items() if mb > MEGABYTES} == {}
    for name, (_make, expected) in DOUBTFUL.items():
        said = found[name][0]
        if isinstance(expected, str):
            assert isinstance(said, str), (name, said)
            assert re.search(expected, said), (name, said)
        else:
            assert [said[0], len(said[-1])] == ["Data" if name != "honest" else "Sheet", expected], (name, said)


@pytest.mark.slow
def test_damaged_workbooks_are_read_or_refused(tmp_path):
    damaged = {str(seed): mutated(seed) for seed in range(500)}

    found = measured(damaged, tmp_path)

    assert {name: seconds for name, (_said, seconds, _mb) in found.items() if seconds > SECONDS} == {}
    assert {name: mb for name, (_said, _seconds, mb) in found.items() if mb > MEGABYTES} == {}
    accepted = [name for name, (said, _seconds, _mb) in found.items() if isinstance(said, list)]
    assert len(accepted) > 50
    for name in accepted:
        assert_openpyxl_agrees(damaged[name], *found[name][0])


def assert_openpyxl_agrees(
    content: bytes, sheet: str, header_row: int, headings: tuple[str, ...], rows: list[Row]
) -> None:
    """What is accepted is what another reader sees in the same places, as far as that one can read it."""
    try:
        theirs = openpyxl.load_workbook(io.BytesIO(content), data_only=True)[sheet]
    except Exception:
        return
    ours = {row.place.row: row.cells for row in rows}
    width = len(headings)
    seen = {
        number: tuple(clean_row([cell.value for cell in line][:width]))
        for number, line in enumerate(theirs.iter_rows(min_row=1, max_row=theirs.max_row), start=1)
        if number > header_row
    }
    seen = {number: cells for number, cells in seen.items() if any(cell is not None for cell in cells)}
    assert seen.keys() == ours.keys()
    for number, own_cells in ours.items():
        for own, other in zip(own_cells, seen[number], strict=False):
            assert own == other or isinstance(own, CellProblem), (number, own, other)


def test_the_reading_process_has_limits_of_memory_processor_and_wall_time():
    script = (
        "import resource, signal; from pd_tracker.sheets.reading.child import limit_process; limit_process();"
        "print(*(resource.getrlimit(limit)[0] for limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU)), signal.alarm(0))"
    )
    command = [sys.executable, "-c", script]

    done = subprocess.run(command, cwd=workbook.PROJECT, capture_output=True, text=True, check=True)

    assert [int(limit) for limit in done.stdout.split()] == [child.MEMORY_BYTES, child.CPU_SECONDS, child.WALL_SECONDS]
