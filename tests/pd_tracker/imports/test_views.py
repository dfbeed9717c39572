from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pd_tracker.imports import actions
from pd_tracker.imports.catalogue import importers
from pd_tracker.imports.models import ImportRun
from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import run_job
from teachers.models import Employment, School, Teacher
from tests.factories import SchoolFactory, employed, user_with_role
from tests.importing import as_csv, opened, source

pytestmark = pytest.mark.django_db

SCHOOL = {"school_id": "0101", "name": "Cedar"}
PERSON = {"staff_id": "1", "given_name": "Ana", "family_name": "Reyes", "employment_start": "2019-08-19"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def hr(client):
    user = user_with_role("hr")
    client.force_login(user)
    return user


@pytest.fixture
def upload(client, hr):
    def send(kind, rows, **said):
        content = rows if isinstance(rows, bytes) else as_csv(rows)
        form = {"kind": kind, "as_of": hr.today.isoformat(), "year_means": "end"} | said
        form["file"] = SimpleUploadedFile("given.csv", content)
        return client.post(reverse("imports:upload"), form, follow=True)

    return send


def confirm(client, **said):
    run = ImportRun.objects.latest("pk")
    form = {"fingerprint": run.fingerprint} | said
    return client.post(reverse("imports:confirm", args=[run.pk]), form, follow=True)


def words(response) -> str:
    return " ".join(response.content.decode().split())


# --- The way through --------------------------------------------------------------------------------------------


def test_a_file_with_our_headings_is_previewed_confirmed_and_reported(client, hr, upload):
    page = upload("schools", [SCHOOL, SCHOOL | {"school_id": "0102", "name": "Birch"}])

    assert page.redirect_chain[-1][0] == reverse("imports:preview", args=[ImportRun.objects.get().pk])
    assert "Confirm: Add 2" in words(page)
    assert "Birch" in words(page)
    assert not School.objects.exists()

    page = confirm(client)

    assert page.redirect_chain[-1][0] == reverse("imports:result", args=[ImportRun.objects.get().pk])
    assert School.objects.count() == 2
    assert School.history.first().history_user == hr
    assert "given.csv" in words(client.get(reverse("imports:runs")))


def test_changes_are_shown_old_beside_new(upload, hr):
    SchoolFactory(school_id="0101", name="Oak")

    page = upload("schools", [SCHOOL])

    assert "<td>name</td><td>Oak</td><td>Cedar</td>" in words(page)
    assert "Changed (1)" in words(page)


def test_other_headings_are_matched_by_hand_with_guesses_filled_in(client, upload):
    page = upload("schools", [{"School Code": "0101", "Label": "Cedar", "Room": "7"}])

    form = page.context["form"]
    assert [field.initial for field in form.fields.values()] == ["school_id", "", ""]
    assert "Cedar" in words(page)

    address = page.redirect_chain[-1][0]
    page = client.post(address, {"column_0": "school_id", "column_1": "", "column_2": ""})
    assert "Say which column holds: “Name”." in words(page)
    page = client.post(address, {"column_0": "school_id", "column_1": "school_id", "column_2": ""})
    assert "is already this field" in words(page)

    page = client.post(address, {"column_0": "school_id", "column_1": "name", "column_2": ""}, follow=True)
    assert "Confirm: Add 1" in words(page)
    assert "Columns that were left out: Room." in words(page)
    confirm(client)
    assert School.objects.get().name == "Cedar"


def test_rejected_rows_stop_the_file_and_come_back_in_their_columns_with_reasons(client, upload):
    page = upload("schools", [SCHOOL, {"school_id": "007", "name": ""}])

    assert "1 row cannot be taken as it is" in words(page)
    assert "Confirm" not in words(page)
    run = ImportRun.objects.get()
    answer = client.get(reverse("imports:rejected", args=[run.pk]))
    with opened(source(b"".join(answer.streaming_content), "rejected.xlsx"), {"school_id", "name"}) as sheet:
        assert sheet.headings == ("school_id", "name", "What to correct")
        assert [row.cells for row in sheet.rows] == [("007", None, "name: this is empty; every row needs it")]


def test_confirming_what_is_rejected_does_nothing(client, upload):
    upload("schools", [SCHOOL, {"school_id": "007", "name": ""}])

    confirm(client)

    assert not School.objects.exists()


def test_what_changed_since_it_was_seen_is_shown_again(client, upload):
    upload("schools", [SCHOOL])
    SchoolFactory(school_id="0101", name="Oak")

    page = confirm(client)

    assert "Somebody changed these records since you looked" in words(page)
    assert School.objects.get().name == "Oak"
    confirm(client)
    assert School.objects.get().name == "Cedar"


def test_an_old_preview_confirms_nothing(client, upload):
    upload("schools", [SCHOOL])

    page = confirm(client, fingerprint="another")

    assert "Somebody changed these records" in words(page)
    assert not School.objects.exists()


def test_what_was_applied_is_not_applied_again(client, upload):
    upload("schools", [SCHOOL])
    confirm(client)
    before = School.history.count()

    page = confirm(client)

    assert page.redirect_chain[-1][0].endswith("/result/")
    assert School.history.count() == before


def test_the_same_file_again_is_said_to_be_known_already(client, upload):
    upload("schools", [SCHOOL])
    confirm(client)
    seen = words(upload("schools", [SCHOOL]))
    assert "Everything in this file is known already" in seen
    assert "Change nothing" not in seen


def test_the_same_file_again_names_the_import_that_applied_it(client, upload):
    upload("schools", [SCHOOL])
    assert "applied already" not in words(confirm(client))
    first = ImportRun.objects.get()
    School.objects.update(name="Birch")

    page = upload("schools", [SCHOOL])
    assert "This file was applied already, on" in words(page)
    assert f'href="{first.get_absolute_url()}"' in words(page)

    assert "This file was applied already, on" in words(confirm(client))
    assert School.objects.get().name == "Cedar"


def test_another_file_or_another_reading_of_it_is_not_called_the_same(client, upload, hr):
    upload("schools", [SCHOOL])
    confirm(client)

    assert "applied already" not in words(upload("schools", [SCHOOL | {"name": "Birch"}]))
    assert "applied already" not in words(upload("schools", [SCHOOL], year_means="start"))


def test_many_ends_need_a_second_confirmation(client, upload, hr):
    employed(staff_id="1", given_name="Ana", family_name="Reyes", email="")
    employed(staff_id="2", given_name="Ben", family_name="Osei")

    page = upload("roster", [PERSON | {"employment_start": "2015-08-15"}], is_full="on")
    assert "This would end the employment of 1 of 2 people" in words(page)
    assert "Ben Osei (2)" in words(page)

    page = confirm(client)
    assert "Nothing was changed" in words(page)
    assert not Employment.objects.exclude(ended_on=None).exists()

    confirm(client, ends_confirmed="yes")
    assert Employment.objects.exclude(ended_on=None).get().teacher.staff_id == "2"


def test_what_was_typed_survives_an_unreadable_file(upload):
    page = upload("roster", b"", is_full="on", date_shape="dd/mm/yyyy", year_means="start")

    form = page.context["form"]
    assert form.errors == {"file": ["The submitted file is empty."]}
    assert (form["kind"].value(), form["is_full"].value(), form["date_shape"].value()) == ("roster", True, "dd/mm/yyyy")
    assert not ImportRun.objects.exists()


def test_a_file_that_is_no_table_says_why(upload):
    page = upload("roster", b"%PDF-1.7 something")

    assert "This is a PDF" in words(page)


def test_a_day_that_has_not_come_is_refused(upload):
    page = upload("schools", [SCHOOL], as_of="2999-01-01")

    assert "This day has not come yet." in words(page)


def test_the_same_bytes_are_kept_once(upload, settings):
    upload("schools", [SCHOOL])
    upload("schools", [SCHOOL])

    names = set(ImportRun.objects.values_list("file", flat=True))
    assert names == {f"imports/{ImportRun.objects.first().sha256}"}
    assert len(list((settings.MEDIA_ROOT / "imports").iterdir())) == 1


def test_an_untouched_template_is_an_empty_file(client, hr):
    for kind in importers():
        content = b"".join(client.get(reverse("imports:template", args=[kind])).streaming_content)
        with opened(source(io.BytesIO(content).read(), "template.xlsx"), importers()[kind].wanted) as sheet:
            assert set(sheet.headings) == importers()[kind].wanted
            assert list(sheet.rows) == []


# --- Long files -------------------------------------------------------------------------------------------------


@pytest.fixture
def long_from_two(monkeypatch):
    for module in ("actions", "views", "forms"):
        monkeypatch.setattr(f"pd_tracker.imports.{module}.LONG", 1)


def work():
    for job in Job.objects.filter(state=Job.State.WAITING):
        run_job.call(job.pk)


def test_a_long_file_is_checked_and_applied_in_the_background(client, upload, hr, long_from_two):
    page = upload("schools", [SCHOOL, SCHOOL | {"school_id": "0102"}, SCHOOL | {"school_id": "0103"}])
    assert ImportRun.objects.get().state == "checking"
    assert "Waiting to start" in words(page)

    work()
    page = client.get(reverse("imports:preview", args=[ImportRun.objects.get().pk]))
    assert "Confirm: Add 3" in words(page)

    confirm(client)
    assert ImportRun.objects.get().state == "applying"
    work()
    run = ImportRun.objects.get()
    assert (run.state, run.applied_by, run.job.result_url) == ("applied", hr, run.get_absolute_url())
    assert School.objects.count() == 3


def test_work_that_stopped_can_be_begun_again(client, upload, hr, long_from_two, monkeypatch):
    upload("schools", [SCHOOL, SCHOOL | {"school_id": "0102"}, SCHOOL | {"school_id": "0103"}])

    def fails(*_arguments, **_said):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(actions, "check", fails)
        work()
    run = ImportRun.objects.get()
    assert "The work stopped before it was done" in words(client.get(reverse("imports:preview", args=[run.pk])))

    client.post(reverse("imports:check", args=[run.pk]))
    work()
    assert ImportRun.objects.get().state == "planned"


# --- Who may ----------------------------------------------------------------------------------------------------

ADDRESSES = ("runs", "upload", "template", "run", "match", "preview", "check", "confirm", "result", "rejected")


@pytest.fixture
def addresses(upload, client):
    upload("schools", [SCHOOL])
    run = ImportRun.objects.get()
    client.logout()
    arguments = {"runs": [], "upload": [], "template": ["schools"]}
    return [reverse(f"imports:{name}", args=arguments.get(name, [run.pk])) for name in ADDRESSES]


@pytest.mark.parametrize("role", ["teacher", "coach", "mentor", "leader", "finance", "admin"])
def test_only_hr_loads_files(client, addresses, role):
    client.force_login(user_with_role(role))

    assert {client.get(address).status_code for address in addresses} | {
        client.post(address).status_code for address in addresses
    } == {403}


def test_strangers_are_asked_to_sign_in(client, addresses):
    assert {client.get(address).status_code for address in addresses} == {302}
    assert all("/accounts/" in client.get(address).url for address in addresses)


def test_an_import_that_is_not_there_is_not_found(client, hr):
    assert client.get(reverse("imports:preview", args=[99])).status_code == 404
    assert client.get(reverse("imports:template", args=["nothing"])).status_code == 404


def test_hr_of_one_school_does_not_load_a_whole_district(client):
    school = SchoolFactory()
    client.force_login(user_with_role("hr", school))
    form = {"kind": "roster", "as_of": "2025-10-15", "year_means": "end"}
    form["file"] = SimpleUploadedFile("given.csv", as_csv([PERSON]))

    page = client.post(reverse("imports:upload"), form, follow=True)

    assert "your roles do not let you load files" in words(page)
    confirm(client)
    assert not Teacher.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(client, hr, upload, count, django_assert_max_num_queries):
    for _ in range(count):
        upload("schools", [SCHOOL])

    with django_assert_max_num_queries(9):
        assert len(client.get(reverse("imports:runs")).context["row_keys"]) == count


def test_a_role_for_one_school_opens_no_file_about_the_district(client, hr, upload):
    upload("schools", [{"school_id": "0123", "name": "Hill"}])
    run = ImportRun.objects.get()
    client.force_login(user_with_role("hr", SchoolFactory()))

    assert client.get(reverse("imports:preview", args=[run.pk])).status_code == 404
    assert client.get(reverse("imports:runs")).context["row_keys"] == []
