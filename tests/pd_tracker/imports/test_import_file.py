from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pd_tracker.audit.models import AuditEvent
from pd_tracker.imports.catalogue import importers
from pd_tracker.imports.models import ImportRun
from teachers.models import District, Employment, School
from tests.factories import employed, user_with_role
from tests.importing import as_csv

pytestmark = pytest.mark.django_db

SCHOOL = {"school_id": "0101", "name": "Cedar"}
PERSON = {"staff_id": "1", "given_name": "Ana", "family_name": "Reyes", "employment_start": "2019-08-19"}
KEYS = ["kind", "applied", "created", "updated", "unchanged", "ended", "rejected", "problems"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def load(tmp_path, capsys):
    def run(kind, rows, *arguments):
        path = tmp_path / "given.csv"
        path.write_bytes(rows if isinstance(rows, bytes) else as_csv(rows))
        code = 0
        try:
            call_command("import_file", kind, str(path), *arguments)
        except CommandError as error:
            code = error.returncode
        return code, capsys.readouterr().out

    return run


def test_without_apply_it_only_says_what_it_would_do(load):
    code, out = load("schools", [SCHOOL], "--json")

    assert code == 0
    answer = json.loads(out)
    assert list(answer) == KEYS
    assert answer == {
        "kind": "schools",
        "applied": False,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "ended": 0,
        "rejected": 0,
        "problems": [],
    }
    assert not District.objects.exists()
    assert not ImportRun.objects.exists()


def test_with_apply_it_does_it_and_keeps_the_file_and_the_trail(load):
    code, out = load("schools", [SCHOOL], "--apply", "--json")

    assert (code, json.loads(out)["applied"]) == (0, True)
    assert School.objects.get().district.name == "My district"
    run = ImportRun.objects.get()
    assert (run.state, run.outcome["totals"]["created"], run.uploaded_by) == ("applied", 1, None)
    assert Path(run.file.path).read_bytes() == as_csv([SCHOOL])
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["import.applied", "import.received"]


def test_one_rejected_row_stops_everything(load):
    code, out = load("schools", [SCHOOL, {"school_id": "0102", "name": ""}], "--apply", "--json")

    answer = json.loads(out)
    assert code == 1
    assert (answer["applied"], answer["created"], answer["rejected"]) == (False, 1, 1)
    assert [(each["sheet"], each["row"], each["field"]) for each in answer["problems"]] == [("given", 3, "name")]
    assert list(answer["problems"][0]) == ["sheet", "row", "field", "message"]
    assert not School.objects.exists()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", as_csv([{"Title": "Dr", "First": "Ana"}])])
def test_a_file_that_cannot_be_read_says_so(load, content):
    code, out = load("schools", content, "--json", "--apply")

    answer = json.loads(out)
    assert code == 2
    assert list(answer) == KEYS
    assert [(each["row"], each["field"]) for each in answer["problems"]] == [(None, None)]


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(CommandError) as caught:
        call_command("import_file", "schools", str(tmp_path / "nowhere.csv"))

    assert caught.value.returncode == 2


def test_other_headings_are_mapped(load):
    code, out = load(
        "schools",
        [{"Site=No": "0101", "Label": "Cedar"}],
        "--json",
        "--map",
        "Site=No=school_id",
        "--map",
        "Label=name",
    )

    assert (code, json.loads(out)["created"]) == (0, 1)


def test_it_loads_with_the_rights_and_the_name_of_somebody(load):
    user = user_with_role("hr", email="hr@alder.example")

    code, _out = load("schools", [SCHOOL], "--apply", "--as", "HR@alder.example")

    assert code == 0
    assert School.history.get().history_user == user
    assert ImportRun.objects.get().uploaded_by == user
    assert AuditEvent.objects.filter(verb="import.applied").get().actor == user


@pytest.mark.parametrize("role", ["teacher", "coach", "leader", "admin"])
def test_nobody_loads_without_the_right(load, role):
    user_with_role(role, email="somebody@alder.example")

    code, _out = load("schools", [SCHOOL], "--apply", "--as", "somebody@alder.example")

    assert code == 1
    assert not School.objects.exists()


def test_many_ends_need_to_be_confirmed(load):
    employed(staff_id="1")
    employed(staff_id="2")

    code, out = load("roster", [PERSON | {"employment_start": "2015-08-15"}], "--full", "--apply", "--json")
    assert code == 1
    answer = json.loads(out)
    assert (answer["applied"], answer["ended"], answer["rejected"]) == (False, 1, 0)
    assert "--confirm-ends" in answer["problems"][0]["message"]
    assert not Employment.objects.exclude(ended_on=None).exists()

    code, out = load(
        "roster", [PERSON | {"employment_start": "2015-08-15"}], "--full", "--apply", "--json", "--confirm-ends"
    )
    assert (code, json.loads(out)["ended"]) == (0, 1)


def test_the_day_of_the_extract_is_said(load):
    load("roster", [PERSON], "--apply", "--full", "--as-of", "2025-10-15")

    district = District.objects.get()
    assert [str(extract) for extract in district.roster_extracts.all()] == ["2025-10-15"]


def test_in_words_it_names_rows_and_what_to_do(load):
    code, out = load("schools", [SCHOOL | {"Room": 1, "level": "castle"}])

    assert code == 1
    assert "problem: row 2: level: “castle” is not in the list" in out
    assert "columns left out: Room" in out


@pytest.mark.parametrize("kind", sorted(importers()))
def test_an_untouched_template_holds_no_rows_and_every_heading(kind, tmp_path, capsys):
    path = tmp_path / "template.xlsx"
    call_command("import_file", kind, "--template", str(path))
    capsys.readouterr()

    call_command("import_file", kind, str(path), "--json")

    answer = json.loads(capsys.readouterr().out)
    assert [answer[key] for key in KEYS[2:]] == [0, 0, 0, 0, 0, []]


def test_the_same_file_again_names_the_import_that_applied_it(load):
    load("schools", [SCHOOL], "--apply")
    first = ImportRun.objects.get()

    code, out = load("schools", [SCHOOL], "--apply")

    assert code == 0
    assert "created 0, updated 0, unchanged 1" in out
    assert f"this file was applied already, as import {first.pk}" in out
