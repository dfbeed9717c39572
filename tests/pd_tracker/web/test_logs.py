"""Nothing that a person has typed or is called reaches a log line, a mail subject or an error page."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from gunicorn.config import Config

from pd_tracker.jobs.models import Job
from pd_tracker.jobs.running import run_job
from pd_tracker.web.logs import Line, numbered
from pd_tracker.web.server_log import ServerLog
from tests.factories import UserFactory, teacher_with_sign_in, user_with_role

NAME, EMAIL = "Zanzibara Quillfeather", "zanzibara@quillfeather.example"
NUMBER, PASSWORD, TOKEN = "QX-99-4711", "correct zebra battery", "tok3n-quill-7c1f"
MARKS = ("zanzibara", "quillfeather", NUMBER.lower(), PASSWORD, TOKEN)


class Collected(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(Line())
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        assert "\n" not in line
        self.lines.append(json.loads(line))


@pytest.fixture
def log() -> Iterator[Collected]:
    """Everything that is logged, down to the details that the product itself leaves out, in the product's words."""
    root, collected = logging.getLogger(), Collected()
    before = root.level
    root.addHandler(collected)
    root.setLevel(logging.DEBUG)
    yield collected
    root.setLevel(before)
    root.removeHandler(collected)


def assert_nothing_marked(*texts: str) -> None:
    found = {mark for mark in MARKS for text in texts if mark in text.lower()}
    assert found == set(), texts


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def hr(db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user_with_role("hr"))
    return client


def fail(*_: Any, **__: Any) -> Any:
    try:
        raise KeyError(NAME)
    except KeyError as cause:
        raise ValueError(f"duplicate key ({EMAIL}, {NUMBER})") from cause


@pytest.mark.django_db
def test_real_requests_leave_no_mark(log: Collected, visitor: Client, hr: Client, monkeypatch: Any) -> None:
    teacher = teacher_with_sign_in(family_name="Quillfeather", given_name="Zanzibara")
    UserFactory(email=EMAIL, name=NAME)
    login, new_import = reverse("account_login"), reverse("imports:upload")
    answers = [
        hr.get(f"{reverse('teachers:people')}?q={NAME}"),
        hr.get(reverse("teachers:person", args=[teacher.pk])),
        hr.get(f"/people/{NAME}/?token={TOKEN}"),
        hr.post(reverse("teachers:add_person"), {"last_name": NAME, "birth_year": NUMBER}),
        hr.post(reverse("teachers:add_person"), json.dumps({"name": NAME})[:-1], content_type="application/json"),
        hr.post(new_import, {"kind": "roster", "file": sheet(f"a,b\n{NAME},{NUMBER}\n")}),
        hr.post(new_import, {"kind": "roster", "as_of": "2025-10-01", "file": sheet("\x00" + NAME)}),
        visitor.post(login, {"login": EMAIL, "password": PASSWORD}),
        *[visitor.post(login, {"login": EMAIL, "password": PASSWORD}) for _ in range(11)],
        visitor.get(f"/accounts/password/reset/key/1-{TOKEN}/"),
        visitor.get(f"/{EMAIL}/", headers={"Host": f"{TOKEN}.example"}),
        visitor.get("/", headers={"Cookie": f"sessionid={TOKEN}"}),
        visitor.post(reverse("account_reset_password"), {"email": EMAIL}),
        Client(enforce_csrf_checks=True).post(f"{login}?next=/{TOKEN}", {"login": EMAIL}),
    ]
    monkeypatch.setattr("pd_tracker.dashboards.views.sections_for", fail)
    answers.append(hr.get(f"/?who={NAME}"))
    assert {200, 302, 400, 403, 404, 429, 500} <= {answer.status_code for answer in answers}
    assert len(log.lines) > 8
    assert_nothing_marked(json.dumps(log.lines), *[message.subject for message in mail.outbox])
    assert_nothing_marked(*[page(answer) for answer in answers if answer.status_code in {400, 404, 429, 500}])


def page(answer: Any) -> str:
    """Without the address one came by, which choosing a language leads back to."""
    return re.sub(r'name="next" value="[^"]*"', "", answer.content.decode())


def sheet(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("Zanzibara.csv", text.encode())


@pytest.mark.django_db
def test_a_fault_is_found_by_the_number_that_the_page_shows(log: Collected, hr: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("pd_tracker.dashboards.views.sections_for", fail)
    answer = hr.get("/")
    number = answer["X-Request-ID"]
    assert f"<strong>{number}</strong>" in answer.content.decode()
    [line] = [line for line in log.lines if line.get("status") == 500]
    assert (line["request"], line["method"], line["page"], line["level"]) == (number, "GET", "dashboards:home", "ERROR")
    assert line["at"].endswith("+00:00")
    kinds = [(error["kind"], error["places"][-1].split(" ")[-1]) for error in line["errors"]]
    assert kinds == [("builtins.ValueError", "fail"), ("builtins.KeyError", "fail")]
    assert any(place.startswith("pd_tracker/dashboards/views.py:") for place in line["errors"][0]["places"])


def test_each_request_has_a_number_of_its_own(db: None, client: Client) -> None:
    numbers = {client.get(address)["X-Request-ID"] for address in ("/help/", "/nothing/", "/", "/health/live")}
    assert len(numbers) == 4
    sent = client.get("/help/", headers={"X-Request-ID": f"{TOKEN}"})
    assert sent["X-Request-ID"] != TOKEN


@pytest.mark.django_db
def test_mail_that_fails_names_nobody(log: Collected, hr: Client, settings: Any, monkeypatch: Any) -> None:
    def refuse(*_: Any) -> int:
        raise SMTPRecipientsRefused({EMAIL: (550, NAME.encode())})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    UserFactory(email=EMAIL, name=NAME)
    answer = Client(raise_request_exception=False).post(reverse("account_reset_password"), {"email": EMAIL})
    assert answer.status_code in {302, 500}
    assert_nothing_marked(json.dumps(log.lines))
    assert "SMTPRecipientsRefused" in json.dumps(log.lines)


@pytest.mark.django_db
def test_work_that_fails_names_nobody(log: Collected, monkeypatch: Any) -> None:
    monkeypatch.setattr("pd_tracker.jobs.running.function_named", lambda path: fail)
    run_job.call(Job.objects.create(title=NAME, function="teachers.imports.loading", arguments={"who": EMAIL}).pk)
    assert_nothing_marked(json.dumps(log.lines))
    assert "ValueError" in json.dumps(log.lines)


def test_what_the_web_server_says_goes_the_same_way(log: Collected) -> None:
    server = ServerLog(Config())
    try:
        fail()
    except ValueError:
        server.exception("Error handling request %s", f"/people/?q={NAME}&token={TOKEN}")
    server.error(f"Invalid request from {EMAIL}")
    assert_nothing_marked(json.dumps(log.lines))
    assert [line["from"] for line in log.lines] == ["gunicorn.error"] * 2
    assert log.lines[0]["says"] == "Error handling request %s"


def test_our_own_messages_are_written_as_they_are(log: Collected) -> None:
    with numbered() as number:
        logging.getLogger("pd_tracker.jobs.running").warning("Picked up %d interrupted jobs", 2)
        logging.getLogger("elsewhere").warning(f"Something about {NAME}")
    assert [line.get("says") for line in log.lines] == ["Picked up 2 interrupted jobs", None]
    assert {line["request"] for line in log.lines} == {number}


def test_the_product_writes_every_line_in_this_form(settings: Any) -> None:
    logging_settings = settings.LOGGING
    formatters = {handler["formatter"] for handler in logging_settings["handlers"].values()}
    assert [logging_settings["formatters"][name]["()"] for name in formatters] == ["pd_tracker.web.logs.Line"]
    handlers = {type(handler) for name in ("django", "django.server") for handler in logging.getLogger(name).handlers}
    assert handlers == set()
    assert not logging.getLogger("django.db.backends").isEnabledFor(logging.DEBUG)
