"""Page, JSON, csv, workbook and terminal show one result, to those who may see it, and every file is noted."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from pd_tracker.reports.catalogue import CATALOGUE
from tests.factories import AssignmentFactory, user_with_role
from tests.pd_tracker.reports.conftest import LEFT_2024

pytestmark = pytest.mark.django_db
KEYS = ["name", "title", "question", "parameters", "definitions", "as_of", "tables", "estimates", "caveats", "warnings"]
ABOUT_CLASSROOMS = {"pd_kpi", "event_study", "courses_forest", "equity_outcomes"}
COLUMNS = {
    "retention": "year group n stayer mover_within mover_out on_leave left_classroom leaver retained_district low high",
    "survival": "group year at_risk events censored hazard survival low high",
    "pd_retention": "band n left rate low high",
}


def address(name):
    return reverse("reports:report", args=[name])


@pytest.fixture
def leader(client, staffed):
    user = user_with_role(Role.LEADER)
    client.force_login(user)
    return user


def printed(*arguments, **options):
    out = io.StringIO()
    call_command("report", *arguments, stdout=out, **options)
    return out.getvalue()


def body(response):
    """Reading to the end closes the file behind the response, too."""
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_report_opens_as_page_and_in_every_format(client, leader, name):
    page = client.get(address(name))
    assert page.status_code == 200
    assert page.context["result"].answer in page.content.decode().replace("&#x27;", "'")
    made = json.loads(body(client.get(address(name), {"format": "json"})))
    assert list(made) == KEYS
    assert made["as_of"] == "2024-11-15"
    assert list(made["estimates"][0] if made["estimates"] else {}) in (
        [],
        ["key", "label", "value", "low", "high", "n", "clusters"],
    )
    assert body(client.get(address(name), {"format": "csv"})).startswith(b"\xef\xbb\xbf")
    book = load_workbook(io.BytesIO(body(client.get(address(name), {"format": "xlsx"}))))
    assert "About" in book.sheetnames


@pytest.mark.parametrize(("name", "columns"), COLUMNS.items())
def test_column_keys_are_the_promised_ones(client, leader, name, columns):
    table = json.loads(body(client.get(address(name), {"format": "json"})))["tables"][0]
    assert table["key"] == name
    assert [column["key"] for column in table["columns"]] == columns.split()
    assert all(list(row) == columns.split() for row in table["rows"])


def test_one_result_behind_every_door(client, leader, tmp_path):
    given = {"group_by": "school"}
    page = client.get(address("retention"), given).context["result"].to_json()
    by_json = json.loads(body(client.get(address("retention"), given | {"format": "json"})))
    by_command = json.loads(printed("retention", format="json", email=leader.email, param=["group_by=school"]))
    assert page == by_json == by_command

    rows = [list(row.values()) for row in page["tables"][0]["rows"]]
    text = body(client.get(address("retention"), given | {"format": "csv"})).decode("utf-8-sig")
    assert printed("retention", format="csv", param=["group_by=school"]).splitlines() == text.splitlines()
    read = list(csv.reader(io.StringIO(text)))[1:]
    assert [[*row[:2], *map(float, row[2:])] for row in read] == rows

    file = tmp_path / "retention.xlsx"
    printed("retention", format="xlsx", param=["group_by=school"], output=file)
    for source in (file, io.BytesIO(body(client.get(address("retention"), given | {"format": "xlsx"})))):
        sheet = load_workbook(source).worksheets[0]
        assert [list(row) for row in sheet.iter_rows(min_row=2, max_row=1 + len(rows), values_only=True)] == [
            pytest.approx(row) for row in rows
        ]


def test_text_for_the_terminal_begins_with_question_and_answer(staffed):
    lines = printed("retention").splitlines()
    assert lines[:2] == ["Retention", "Who is still here a year later?"]
    assert any(line.startswith("2023-24") and "All" in line for line in lines)


def test_another_table_as_csv(client, leader):
    text = body(client.get(address("retention"), {"format": "csv", "table": "short_spells"})).decode("utf-8-sig")
    assert text.splitlines()[0] == "School year,Short spells"
    refused = client.get(address("retention"), {"format": "csv", "table": "gold"})
    assert refused.status_code == 400
    assert "It has: " in refused.content.decode() or "it has: " in refused.content.decode()


def test_every_file_is_noted_with_its_parameters_and_no_page_is(client, leader):
    exports = AuditEvent.objects.filter(verb="report.exported").order_by("pk")
    client.get(address("retention"))
    assert not exports.exists()
    assert body(client.get(address("retention"), {"format": "csv", "year": "2023-24"}))
    printed("survival", format="json")
    first, second = exports
    assert first.actor_id == leader.pk
    assert first.detail == {"report": "retention", "format": "csv", "parameters": {"year": "2023-24"}}
    assert (second.actor_id, second.detail["report"]) == (None, "survival")


@pytest.mark.parametrize("role", [Role.TEACHER, Role.COACH, Role.MENTOR, Role.FINANCE, Role.ADMIN])
def test_roles_without_the_capability_are_refused(client, staffed, role):
    client.force_login(user_with_role(role))
    for url in (reverse("reports:catalogue"), *map(address, CATALOGUE)):
        assert client.get(url).status_code == 403


def test_hr_reads_reports_about_people_and_not_about_classrooms(client, staffed):
    hr = user_with_role(Role.HR)
    client.force_login(hr)
    listed = client.get(reverse("reports:catalogue"))
    assert {report.name for report in listed.context["reports"]} == set(CATALOGUE) - ABOUT_CLASSROOMS
    assert client.get(address("pd_kpi")).status_code == 403
    with pytest.raises(CommandError, match="do not open the report"):
        printed("pd_kpi", email=hr.email)


def test_principal_sees_whom_the_school_had_on_each_census_day(client, staffed, hill, lake):
    """Somebody who moved from Lake to Hill counts at Lake in 2023-24 and at Hill in 2024-25."""
    mover = staffed["lake"][0]
    mover.assignments.update(ended_on=LEFT_2024)
    AssignmentFactory(teacher=mover, school=hill, started_on=date(2024, 8, 15))
    counted = {}
    for school in (hill, lake):
        principal = user_with_role(Role.PRINCIPAL, school)
        client.force_login(principal)
        found = json.loads(body(client.get(address("retention"), {"format": "json", "year": "2023-24"})))
        (row,) = found["tables"][0]["rows"]
        counted[school.name] = (row["n"], row["stayer"], row["mover_within"], row["leaver"])
        assert found == json.loads(printed("retention", format="json", param=["year=2023-24"], email=principal.email))
        now = json.loads(body(client.get(address("participation"), {"format": "json", "year": "2024-25"})))
        counted[school.name] += (now["tables"][0]["rows"][0]["n"],)
    assert counted == {"Hill": (4, 3, 0, 1, 4), "Lake": (2, 1, 1, 0, 1)}


def test_principal_cannot_choose_another_school(client, staffed, hill, lake):
    client.force_login(user_with_role(Role.PRINCIPAL, hill))
    refused = client.get(address("retention"), {"school": lake.school_id, "format": "json"})
    assert refused.status_code == 400
    assert refused.json()["errors"] == ["school: “0200” is not one of the choices. Choose one of: 0100."]


def test_unknown_reports_are_not_found(client, leader):
    assert client.get("/reports/fortune/").status_code == 404
    with pytest.raises(CommandError, match=r"There is no report “fortune”\. The reports are: participation"):
        printed("fortune")
    with pytest.raises(CommandError, match="Name a report: participation"):
        printed()


def test_bad_parameters_are_explained_at_every_door(client, leader):
    page = client.get(address("retention"), {"year": "soon", "color": "red"})
    assert page.status_code == 400
    assert "“soon” is not one of the choices" in page.content.decode()
    assert "no parameter “color”" in page.content.decode()
    with pytest.raises(CommandError, match="year: “soon” is not one of the choices"):
        printed("retention", param=["year=soon"])
    with pytest.raises(CommandError, match="Write --param as key=value"):
        printed("retention", param=["year"])
    with pytest.raises(CommandError, match="Nobody signs in as nobody"):
        printed("retention", email="nobody@alder.example")
    with pytest.raises(CommandError, match="name a file with --output"):
        printed("retention", format="xlsx")
    assert client.get(address("retention"), {"format": "gif"}).status_code == 400


def test_list_names_every_report_with_its_parameters(db):
    lines = printed(list=True).splitlines()
    assert [line.partition(":")[0] for line in lines] == list(CATALOGUE)
    assert lines[1].endswith("(group_by, year, school, level)")
