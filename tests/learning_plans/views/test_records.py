"""Recording, reading and correcting completions by the pages; one person's record and history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from learning_plans.models import Completion
from pd_tracker.audit.models import AuditEvent
from teachers.models import School, Teacher, User
from tests.factories import (
    CompletionFactory,
    CourseFactory,
    CreditLineFactory,
    EmploymentFactory,
    EnrollmentFactory,
    GoalFactory,
    PairingFactory,
    PlanItemFactory,
    SchoolFactory,
    employed,
    teacher_with_sign_in,
    user_with_role,
)

TODAY = date.today()
NO_CREDIT = {"credit-TOTAL_FORMS": "0", "credit-INITIAL_FORMS": "0"}


@pytest.fixture
def hill(db: None) -> School:
    return SchoolFactory(name="Hill School")


@pytest.fixture
def ada(hill: School) -> Teacher:
    return teacher_with_sign_in(hill, given_name="Ada", family_name="Moreno")


def browse(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def hr(db: None) -> User:
    return user_with_role("hr", name="Harriet Rowe")


@pytest.fixture
def hr_client(hr: User) -> Client:
    return browse(hr)


def at(name: str, row: Any) -> str:
    return reverse(f"learning_plans:{name}", args=[row.pk])


def cost(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def new(teacher: Teacher) -> str:
    return f"{reverse('learning_plans:record_completion')}?teacher={teacher.pk}"


def typed(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What the page would send if these fields were changed."""
    context = client.get(address).context
    bound = [
        field for form in (context["form"], context["credit"].management_form, *context["credit"]) for field in form
    ]
    values = {field.html_name: field.value() for field in bound} | changes
    return {name: value for name, value in values.items() if value is not None}


def test_a_person_is_found_by_name_or_staff_id_before_anything_is_typed(hr_client: Client, ada: Teacher) -> None:
    address = reverse("learning_plans:record_completion")

    def found(search: str) -> list[Teacher]:
        return list(hr_client.get(address, {"search": search}).context["found"])

    assert found("") == []
    assert found("mor") == found(ada.staff_id) == [ada]
    assert "Nobody was found" in hr_client.get(address, {"search": "nobody like this"}).content.decode()


@pytest.mark.parametrize(
    ("time", "minutes"),
    [({}, 360), ({"hours": "22.5"}, 1350), ({"extra_minutes": "45"}, 45), ({"hours": "1", "extra_minutes": "30"}, 90)],
)
def test_hours_minutes_or_the_length_of_the_course(
    hr_client: Client, ada: Teacher, time: dict[str, str], minutes: int
) -> None:
    course = CourseFactory(minutes=360)
    values = {"course": course.code, "completed_on": TODAY.isoformat(), "source": "external", **NO_CREDIT}

    response = hr_client.post(new(ada), values | time)

    completion = Completion.objects.get()
    assert (completion.minutes, completion.source, completion.state) == (minutes, "external", "approved")
    assert response.url == at("completion", completion)


def test_credit_in_several_units_is_entered_beside(hr_client: Client, ada: Teacher) -> None:
    values = typed(hr_client, new(ada), course=CourseFactory().code, completed_on=TODAY.isoformat())
    values |= {"credit-TOTAL_FORMS": "2", "credit-0-amount": "0.6", "credit-0-unit": "ceu", "credit-1-unit": "hour"}

    hr_client.post(new(ada), values)

    assert [(line.unit, str(line.amount)) for line in Completion.objects.get().credit_lines.all()] == [("ceu", "0.600")]


def test_a_refused_form_keeps_every_word_of_both_forms(hr_client: Client, ada: Teacher) -> None:
    done = CompletionFactory(teacher=ada)
    values = typed(hr_client, new(ada), course=done.course.code, completed_on=TODAY.isoformat(), fund="Title II-A")
    values |= {"credit-0-amount": "0.6", "credit-0-category": "Typed"}

    response = hr_client.post(new(ada), values)

    assert "This course is already recorded for this person on this day." in response.content.decode()
    assert response.context["form"]["fund"].value() == "Title II-A"
    assert response.context["credit"][0]["category"].value() == "Typed"
    assert Completion.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": "0.33"}, "hours"),
        ({"hours": "-1"}, "hours"),
        ({"course": ""}, "course"),
        ({"completed_on": (TODAY + timedelta(days=1)).isoformat()}, "completed_on"),
        ({"completed_on": ""}, "completed_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    hr_client: Client, ada: Teacher, changes: dict[str, str], field: str
) -> None:
    values = typed(hr_client, new(ada), course=CourseFactory().code, completed_on=TODAY.isoformat())

    response = hr_client.post(new(ada), values | changes)

    assert list(response.context["form"].errors) == [field]
    assert Completion.objects.count() == 0


def test_an_unreadable_line_of_credit_is_refused_too(hr_client: Client, ada: Teacher) -> None:
    values = typed(hr_client, new(ada), course=CourseFactory().code, completed_on=TODAY.isoformat())

    response = hr_client.post(new(ada), values | {"credit-0-amount": "much"})

    assert list(response.context["credit"][0].errors) == ["amount"]
    assert Completion.objects.count() == 0


def test_a_completion_reads_like_a_certificate(hr: User, ada: Teacher) -> None:
    completion = CompletionFactory(teacher=ada, minutes=345, approved_by=hr, course__provider__name="Alder College")
    CreditLineFactory(completion=completion, amount="5.750")

    text = browse(ada.user).get(at("completion", completion)).content.decode()

    for words in ("Certificate of completion", "Ada Moreno", ada.staff_id, "Alder College", "5.7", "Hour: 5.75"):
        assert words in text
    assert f"{TODAY.year}-{completion.pk:06d}" in text
    assert "Void" not in text


def test_a_pending_completion_says_which_step_is_missing(ada: Teacher) -> None:
    text = browse(ada.user).get(at("completion", CompletionFactory(teacher=ada, state="pending"))).content.decode()

    assert "One step is missing: approval." in text
    assert "Certificate" not in text


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("hr", 200),
        ("coach", 200),
        ("principal", 200),
        ("leader", 200),
        ("teacher", 404),
        ("admin", 403),
        ("finance", 403),
    ],
)
def test_a_completion_and_a_record_are_read_by_who_may_and_leave_a_mark(
    hill: School, ada: Teacher, role: str, status: int
) -> None:
    completion = CompletionFactory(teacher=ada)
    user = user_with_role(role, hill if role == "principal" else None)
    if role == "coach":
        PairingFactory(coach=user, teacher=ada)

    assert browse(user).get(at("completion", completion)).status_code == status
    assert browse(user).get(at("person_record", ada)).status_code == status
    parts = AuditEvent.objects.filter(verb="person.viewed", actor=user, subject_id=str(ada.pk)).order_by("pk")
    assert [event.detail["part"] for event in parts] == (["completion", "record"] if status == 200 else [])


def test_a_twin_in_another_school_is_not_found(hill: School) -> None:
    twin = CompletionFactory(teacher=employed(SchoolFactory()))
    principal = browse(user_with_role("principal", hill))

    assert principal.get(at("completion", twin)).status_code == 404
    assert principal.get(at("person_record", twin.teacher)).status_code == 404


@pytest.mark.parametrize("role", ["teacher", "coach", "principal", "leader", "admin", "finance"])
def test_nobody_but_hr_writes_the_record(hill: School, ada: Teacher, role: str) -> None:
    completion = CompletionFactory(teacher=ada, state="pending")
    client = browse(user_with_role(role, hill if role == "principal" else None))
    addresses = [new(ada), *(at(f"{act}_completion", completion) for act in ("correct", "void", "approve"))]

    assert {client.post(address, {"reason": "Because"}).status_code for address in addresses} == {403}
    assert Completion.objects.get().state == "pending"


def test_hr_of_one_school_writes_no_record_of_another(hill: School) -> None:
    twin = CompletionFactory(teacher=employed(SchoolFactory()), state="pending")
    client = browse(user_with_role("hr", hill))
    addresses = [new(twin.teacher), *(at(f"{act}_completion", twin) for act in ("correct", "void", "approve"))]

    assert {client.post(address, {"reason": "Because"}).status_code for address in addresses} == {404}


def test_a_correction_asks_why_and_shows_old_and_new(hr_client: Client, ada: Teacher) -> None:
    completion = CompletionFactory(teacher=ada, minutes=90)
    CreditLineFactory(completion=completion, amount="1.5")
    address = at("correct_completion", completion)
    values = typed(hr_client, address, hours="2", extra_minutes="")

    assert list(hr_client.post(address, values).context["form"].errors) == ["reason"]
    hr_client.post(address, values | {"reason": "Sheet said two hours"})

    completion.refresh_from_db()
    assert completion.minutes == 120
    assert completion.credit_lines.count() == 1
    text = hr_client.get(at("completion", completion)).content.decode()
    assert "90 → 120" in text
    assert "Sheet said two hours" in text


def test_clearing_an_amount_takes_the_line_of_credit_away(hr_client: Client, ada: Teacher) -> None:
    completion = CompletionFactory(teacher=ada)
    CreditLineFactory(completion=completion)
    address = at("correct_completion", completion)

    hr_client.post(address, typed(hr_client, address, reason="No credit") | {"credit-0-amount": ""})

    assert completion.credit_lines.count() == 0


def test_a_second_editor_sees_both_texts(hr_client: Client, ada: Teacher) -> None:
    completion = CompletionFactory(teacher=ada, minutes=60, fund="")
    address = at("correct_completion", completion)
    second = browse(user_with_role("hr"))
    opened = typed(second, address, fund="Title I", reason="Fund")
    hr_client.post(address, typed(hr_client, address, fund="Title II-A", reason="Fund"))

    response = second.post(address, opened)

    assert [(each.theirs, each.mine) for each in response.context["form"].conflicts] == [("Title II-A", "Title I")]
    completion.refresh_from_db()
    assert completion.fund == "Title II-A"


def test_voiding_and_restoring_by_the_page(hr_client: Client, ada: Teacher) -> None:
    completion = CompletionFactory(teacher=ada)
    address = at("void_completion", completion)

    assert "Void this completion?" in hr_client.get(address).content.decode()
    hr_client.post(address, {"reason": "Was not there"})
    completion.refresh_from_db()
    assert (completion.state, completion.void_reason) == ("voided", "Was not there")
    assert "Was not there" in browse(ada.user).get(at("completion", completion)).content.decode()

    assert "Restore this completion?" in hr_client.get(address).content.decode()
    hr_client.post(address, {"reason": "Was there after all"})
    completion.refresh_from_db()
    assert completion.state == "approved"


def test_approving_by_the_page(hr: User, hr_client: Client, ada: Teacher) -> None:
    completion = CompletionFactory(teacher=ada, state="pending")

    hr_client.post(at("approve_completion", completion))
    hr_client.post(at("approve_completion", completion))

    completion.refresh_from_db()
    assert (completion.state, completion.approved_by) == ("approved", hr)
    assert Completion.history.count() == 2


def test_a_record_as_file_is_the_rows_of_the_page_and_leaves_a_mark(hr_client: Client, ada: Teacher) -> None:
    CompletionFactory(teacher=ada, course__title="Reading")
    CompletionFactory(course__title="Of somebody else")
    address = at("person_record", ada)

    text = b"".join(hr_client.get(f"{address}?format=csv").streaming_content).decode()

    assert "Reading" in text
    assert "Of somebody else" not in text
    assert AuditEvent.objects.get(verb="person.exported").detail["part"] == "record"


def test_a_record_costs_the_same_for_one_row_and_for_three(hr_client: Client, ada: Teacher) -> None:
    CompletionFactory(teacher=ada)
    one = cost(hr_client, at("person_record", ada))
    CompletionFactory(teacher=ada)
    CompletionFactory(teacher=ada)

    assert cost(hr_client, at("person_record", ada)) == one


def happenings(teacher: Teacher) -> None:
    """One change of every kind that hangs on a person."""
    completion = CompletionFactory(teacher=teacher)
    CreditLineFactory(completion=completion)
    goal = GoalFactory(plan__teacher=teacher)
    PlanItemFactory(plan=goal.plan, goal=goal)
    EnrollmentFactory(teacher=teacher)
    PairingFactory(teacher=teacher)
    EmploymentFactory(teacher=teacher, started_on=TODAY - timedelta(days=9000 - completion.pk), ended_on=TODAY)


def test_the_history_of_a_person_tells_every_kind_of_change_at_one_price(hr_client: Client, ada: Teacher) -> None:
    happenings(ada)
    address = at("person_history", ada)
    one = cost(hr_client, address)
    kinds = {str(change.what) for change in hr_client.get(address).context["changes"]}
    happenings(ada)
    happenings(ada)

    assert kinds == {
        "teacher", "employment", "assignment", "pairing", "completion", "credit", "plan item", "enrollment",
    }  # fmt: skip
    # Of plans, required training alone: what a draft said stays with who looks after the teacher.
    assert cost(hr_client, address) == one


def test_a_long_history_has_pages(hr_client: Client, ada: Teacher) -> None:
    for number in range(60):
        ada.preferred_name = f"Name {number}"
        ada.save()

    second = hr_client.get(at("person_history", ada), {"page": 2}).context

    assert second["page"].number == 2
    assert second["changes"][0].differences[0].new == "Name 9"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("hr", 200),
        ("teacher", 403),
        ("coach", 403),
        ("principal", 403),
        ("leader", 403),
        ("admin", 404),
        ("finance", 403),
    ],
)
def test_the_history_of_a_person_is_for_hr(hill: School, ada: Teacher, role: str, status: int) -> None:
    user = user_with_role(role, hill if role == "principal" else None)
    PairingFactory(coach=user, teacher=ada)

    assert browse(user).get(at("person_history", ada)).status_code == status
