"""HR loads a file from another system: match its columns, look, confirm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from teachers.models import School, Teacher
from tests.factories import PASSWORD, SchoolFactory, employed, user_with_role
from tests.importing import as_csv
from tests.journeys.accessibility import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

ROSTER = [
    {"Employee ID": "0042", "First Name": "Ana", "Last Name": "Reyes", "Hire Date": "2019-08-19", "Site": "0101"},
    {"Employee ID": "0043", "First Name": "Ben", "Last Name": "Osei", "Hire Date": "8/17/2020", "Site": "0101"},
]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def look(page: Page, name: str) -> None:
    """Every step is accessible, wide and on a phone; the pictures are kept where somebody asks for them."""
    assert_accessible(page)
    if folder := os.environ.get("PD_TRACKER_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_roster_of_another_system_is_matched_corrected_and_loaded(page: Page, tmp_path: Path) -> None:
    user_with_role("hr", email="hr@alder.example")
    employed(SchoolFactory(school_id="0101", name="Cedar"), staff_id="0099", given_name="Cleo")
    path = tmp_path / "roster.csv"
    path.write_bytes(as_csv(ROSTER))

    page.goto("/imports/")
    page.get_by_label("Email").fill("hr@alder.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    look(page, "imports-1-history")
    page.get_by_role("link", name="Load a file").click()
    look(page, "imports-2-choose")
    page.get_by_label("Roster", exact=True).check()
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_label("This roster lists everybody").check()
    page.get_by_role("button", name="Look at the file").click()

    expect(page.get_by_label("Employee ID")).to_have_value("staff_id")
    expect(page.get_by_label("Site")).to_have_value("school_id")
    look(page, "imports-3-match")
    page.get_by_role("button", name="See what it would do").click()

    expect(page.get_by_role("heading", name="1 row cannot be taken as it is")).to_be_visible()
    look(page, "imports-4-problems")
    assert not Teacher.objects.filter(staff_id="0042").exists()

    path.write_bytes(as_csv([row | {"Hire Date": "2020-08-17"} for row in ROSTER]))
    page.get_by_role("link", name="Load the corrected file").click()
    expect(page.get_by_label("Roster", exact=True)).to_be_checked()
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_label("This roster lists everybody").check()
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("rowheader", name="Cleo")).to_be_visible()
    look(page, "imports-5-preview")
    page.get_by_role("link", name="Added (2)").click()
    look(page, "imports-6-added")
    page.get_by_label("these people have left").check()
    page.get_by_role("button", name="Confirm: Add 2, end 1").click()

    expect(page.get_by_text("Applied on")).to_be_visible()
    look(page, "imports-7-result")
    assert School.objects.get().assignments.count() == 3
