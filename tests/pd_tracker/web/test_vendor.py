"""What is shipped to browsers is what was vendored, under a license that travels with it."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "pd_tracker/web/static"
PLACES = (STATIC / "vendor", ROOT / "tests/vendor")


def listed(place: Path) -> dict[str, str]:
    entries = json.loads((place / "VENDOR.json").read_text())
    return {name: digest for entry in entries for name, digest in entry["files"].items()}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.parent.name)
def test_every_vendored_file_is_listed_and_unchanged(place: Path) -> None:
    found = {
        path.relative_to(place).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in place.rglob("*")
        if path.is_file() and path.name != "VENDOR.json"
    }

    assert found == listed(place)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.parent.name)
def test_every_package_brings_its_license(place: Path) -> None:
    for entry in json.loads((place / "VENDOR.json").read_text()):
        assert entry["license"]
        assert any(re.search(r"LICENSE|OFL", name) for name in entry["files"]), entry["name"]


def test_the_style_sheet_asks_for_shipped_files_only() -> None:
    css = (STATIC / "web/pd.css").read_text()
    asked = re.findall(r"url\((?!\"?data:)\"?([^\")]+)", css)

    assert asked
    assert all((STATIC / "web" / name).resolve().is_file() for name in asked)


@pytest.mark.parametrize("word", ["GDS Transport", "crest", "crown"])
def test_the_style_sheet_names_no_typeface_or_emblem_that_is_not_ours(word: str) -> None:
    assert word.lower() not in (STATIC / "web/pd.css").read_text().lower()


def test_scripts_import_shipped_files_only() -> None:
    for script in (STATIC / "web").glob("*.js"):
        for name in re.findall(r'from "([^"]+)"', script.read_text()):
            assert (script.parent / name).resolve().is_file(), name


def test_the_lock_holds_no_addresses() -> None:
    assert "://" not in (ROOT / "pd_tracker/web/frontend/package-lock.json").read_text()
