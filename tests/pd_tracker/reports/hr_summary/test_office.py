"""The workbook in LibreOffice: every sheet opens with every row, and it prints."""

from __future__ import annotations

import csv
import subprocess
from shutil import which

import pytest

from tests.pd_tracker.reports.hr_summary.books import SHEETS, summary_of, written

pytestmark = [pytest.mark.django_db, pytest.mark.office, pytest.mark.slow]
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def test_libreoffice_shows_every_sheet_and_prints_it(tiny, tmp_path):
    office = which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    made = summary_of()
    path = tmp_path / "hr.xlsx"
    with path.open("wb") as out:
        made.write(out)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for wanted in (EVERY_SHEET, "pdf"):
        command = [office, "--headless", profile, "--convert-to", wanted, "--outdir", tmp_path, path]
        subprocess.run(command, check=True, capture_output=True, timeout=110)
    found = {name: list(csv.reader((tmp_path / f"hr-{name}.csv").read_text("utf-8").splitlines())) for name in SHEETS}
    assert {name: len(lines) for name, lines in found.items()} == {
        sheet.title: sheet.max_row for sheet in written(summary_of())
    }
    assert [row for row in found["By teacher"] if "=1+1" in row]
    assert (tmp_path / "hr.pdf").read_bytes().startswith(b"%PDF")
