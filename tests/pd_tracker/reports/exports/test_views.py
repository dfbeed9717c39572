"""Pages of saved exports, from an empty list to a file in hand."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from pd_tracker.access import Role
from pd_tracker.audit.models import AuditEvent
from pd_tracker.jobs.running import run_job
from pd_tracker.reports.exports import actions
from pd_tracker.reports.models import ExportRun, NamedExport
from tests.factories import CompletionFactory, NamedExportFactory, SchoolFactory, employed, user_with_role
from tests.pd_tracker.sheets.writing.safe import assert_safe

pytestmark = pytest.mark.django_db
NEW = reverse("reports:save_export")
FLORIDA = {
    "district": "07", "person_id": "staff_id", "purpose": "C", "other_method": "B", "implementation_method": "M",
    "staff_evaluation": "A", "student_evaluation": "B", "transaction": "A",
}  # fmt: skip


@pytest.fixture
def hr(client):
    user = user_with_role(Role.HR, name="Ivy HR")
    client.force_login(user)
    return user


def sent(user, **fields):
    return {"name": "Fridays", "schedule": "none", "left": "yes", "recipients": [user.pk]} | fields


def text(response):
    return response.content.decode()


def test_an_empty_list_says_what_can_be_done(client, hr):
    page = client.get(reverse("reports:exports"))

    assert "No export is saved yet" in text(page)
    assert "kind=florida" in text(page)


def test_the_filters_of_the_page_are_kept(client, hr):
    school = SchoolFactory()
    page = client.get(reverse("reports:hr_summary"), {"school": school.school_id, "position": ""})
    address = f"{NEW}?kind=workbook&school={school.school_id}"

    assert address.replace("&", "&amp;") in text(page)
    assert client.get(address).context["form"]["school"].value() == school.school_id


def test_saving_keeps_only_what_was_chosen(client, hr):
    school = SchoolFactory()
    response = client.post(
        f"{NEW}?kind=workbook", sent(hr, schedule="weekly", weekday="4", school=school.school_id, year="")
    )

    export = NamedExport.objects.get()
    assert response.status_code == 302
    assert (export.filters, export.options, export.kind) == (
        {"school": school.school_id, "left": "yes"},
        {},
        "workbook",
    )
    assert (export.next_run_on.weekday(), list(export.recipients.all())) == (4, [hr])
    page = text(client.get(export.get_absolute_url()))
    assert school.name in page
    assert "Newest school year" in page
    assert "No file has been made yet" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"schedule": "weekly"}, "Choose the weekday on which it is made."),
        ({"schedule": "month_end", "recipients": []}, "Choose at least one person who gets it."),
        ({"on": "1990-01-01"}, "This day is not in the school year"),
        ({"school": "nowhere"}, "cannot be chosen here"),
    ],
)
def test_what_cannot_be_saved_is_explained(client, hr, fields, sentence):
    response = client.post(f"{NEW}?kind=workbook", sent(hr, **fields))

    assert response.status_code == 200
    assert sentence in text(response)
    assert not NamedExport.objects.exists()


def test_a_name_is_taken_once(client, hr):
    NamedExportFactory(owner=hr, name="Fridays")

    assert "You have a saved export of this name already." in text(client.post(f"{NEW}?kind=workbook", sent(hr)))


def test_made_at_once_and_opened(client, hr):
    CompletionFactory(teacher=employed())
    export = NamedExportFactory(owner=hr)

    waiting = client.post(reverse("reports:run_export", args=[export.pk]), follow=True)

    run = ExportRun.objects.get()
    assert f"job-{run.job_id}" in text(waiting)
    run_job.call(run.job_id)
    run.refresh_from_db()
    page = client.get(run.get_absolute_url())
    assert (run.state, run.reader) == ("done", hr)
    assert "Download the file" in text(page)
    file = client.get(reverse("reports:export_file", args=[run.pk]))
    assert file["Content-Disposition"] == f'attachment; filename="{run.filename}"'
    assert file["Cache-Control"] == "private, no-store"
    book = load_workbook(io.BytesIO(b"".join(file.streaming_content)))
    assert_safe(book)
    assert book.sheetnames[0] == "Summary"
    assert AuditEvent.objects.get(verb="export.opened").actor_id == hr.pk
    assert run.rows["by_teacher"] == 1
    assert "Ready" in text(client.get(export.get_absolute_url()))
    assert "Ready" in text(client.get(reverse("reports:export_files")))


def test_a_file_is_for_its_reader_alone(client, hr):
    other = user_with_role(Role.HR, name="Olga HR")
    export = NamedExportFactory(owner=hr)
    run = made_for(other, export)

    page = client.get(run.get_absolute_url())
    assert "The file is for this person alone" in text(page)
    assert opened(client, run) is None
    client.force_login(other)
    assert opened(client, run)
    assert client.get(export.get_absolute_url()).status_code == 404
    assert client.get(reverse("reports:export_files")).context["page"].paginator.count == 1


def test_a_file_is_not_opened_with_less_reach_than_it_was_made_with(client, hr):
    export = NamedExportFactory(owner=hr)
    run = made_for(hr, export)
    grant = hr.role_grants.get()
    grant.school = SchoolFactory()
    grant.save()

    assert "Your roles carry less far" in text(client.get(run.get_absolute_url()))
    assert opened(client, run) is None


def opened(client, run):
    """What is handed out; none where it is not found."""
    response = client.get(reverse("reports:export_file", args=[run.pk]))
    return b"".join(response.streaming_content) if response.status_code == 200 else None


def made_for(user, export):
    run = actions.run_now(export=export, reader=user, at=timezone.now())
    run_job.call(run.job_id)
    run.refresh_from_db()
    assert run.state == "done"
    return run


def test_a_file_that_is_gone_says_so(client, hr):
    run = made_for(hr, NamedExportFactory(owner=hr))
    run.file.delete()

    assert "is not there any more" in text(client.get(run.get_absolute_url()))
    assert opened(client, run) is None


def test_a_schedule_is_stopped_after_a_question_and_started_again(client, hr):
    export = NamedExportFactory(owner=hr, schedule="month_end", next_run_on=timezone.localdate() + timedelta(days=9))
    address = reverse("reports:stop_export", args=[export.pk])

    assert "No file is made by itself any more." in text(client.get(address))
    page = client.post(address, follow=True)
    assert "Start the schedule again" in text(page)
    export.refresh_from_db()
    assert export.next_run_on is None
    client.post(reverse("reports:resume_export", args=[export.pk]))
    export.refresh_from_db()
    assert (export.next_run_on.day, export.stopped_at) == (1, None)


def test_a_removed_export_leaves_the_list(client, hr):
    export = NamedExportFactory(owner=hr)
    run = made_for(hr, export)
    address = reverse("reports:remove_export", args=[export.pk])

    assert "no file is made of it any more" in text(client.get(address))
    assert client.post(address).status_code == 302
    assert client.get(export.get_absolute_url()).status_code == 404
    assert opened(client, run)


def test_floridas_options_are_asked_and_kept(client, hr):
    page = client.get(f"{NEW}?kind=florida")
    assert "Implementation method" in text(page)
    refused = client.post(f"{NEW}?kind=florida", sent(hr, **FLORIDA | {"implementation_method": "mm"}))
    assert "One capital letter." in text(refused)

    client.post(f"{NEW}?kind=florida", sent(hr, **FLORIDA))

    export = NamedExport.objects.get()
    assert export.options == FLORIDA
    assert client.get(reverse("reports:change_export", args=[export.pk])).context["form"]["district"].value() == "07"
    assert made_for(hr, export).filename.endswith(".zip")


def test_columns_are_chosen_and_shown_before_they_are_saved(client, hr):
    employed(staff_id="0007", family_name="Ash")
    columns = {"place_family_name": "1", "head_family_name": "LAST", "place_staff_id": "2"}
    fields = sent(hr, delimiter="tab", days="us", **columns)
    address = f"{NEW}?kind=columns&table=by_teacher"

    preview = client.post(address, fields | {"preview": "yes"})
    assert not NamedExport.objects.exists()
    table = preview.context["table"]
    assert [str(column.label) for column in table.columns] == ["LAST", "Staff id"]
    assert table.rows == [["Ash", "0007"]]
    assert "LAST" in text(preview)

    client.post(address, fields)
    export = NamedExport.objects.get()
    assert export.options == {
        "table": "by_teacher", "columns": [["family_name", "LAST"], ["staff_id", ""]], "delimiter": "tab", "days": "us",
        "mark": False,
    }  # fmt: skip
    form = client.get(reverse("reports:change_export", args=[export.pk])).context["form"]
    assert (form["place_family_name"].value(), form["head_family_name"].value()) == (1, "LAST")
    with made_for(hr, export).file.open() as file:
        assert file.read() == b"LAST\tStaff id\r\nAsh\t0007\r\n"


def test_a_file_without_columns_is_refused(client, hr):
    response = client.post(f"{NEW}?kind=columns&table=transcript", sent(hr, delimiter="comma", days="iso"))

    assert "Choose at least one column" in text(response)


@pytest.mark.parametrize("query", ["kind=nothing", "kind=columns&table=users"])
def test_what_is_no_kind_is_not_there(client, hr, query):
    assert client.get(f"{NEW}?{query}").status_code == 404


def test_recipients_out_of_the_district_cannot_be_slipped_in(client, hr):
    leader = user_with_role(Role.LEADER)

    response = client.post(f"{NEW}?kind=workbook", sent(hr, recipients=[hr.pk, leader.pk]))

    assert "is not one of the available choices" in text(response)
