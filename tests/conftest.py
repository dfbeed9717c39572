"""What every test run does: knows which tests need what, and never hides that something was skipped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from ctypes.util import find_library
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

JOURNEYS = Path(__file__).parent / "journeys"
DATABASE_FIXTURES = {"db", "transactional_db"}
# A complete run sets these, and then a test that could not be run counts as failed.
REQUIRED = {
    "journey": "PD_TRACKER_REQUIRE_BROWSER",
    "postgres_only": "PD_TRACKER_REQUIRE_POSTGRES",
    "office": "PD_TRACKER_REQUIRE_OFFICE",
    "pdf": "PD_TRACKER_REQUIRE_PDF",
}


@pytest.fixture(autouse=True)
def language_of_nobody() -> Iterator[None]:
    """A request leaves its reader's language switched on in the thread; the next test begins without."""
    yield
    translation.deactivate()


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    on_postgres = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker("journey")
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
        if item.get_closest_marker("pdf") and not can_draw_pdf():
            item.add_marker(pytest.mark.skip(reason="needs Pango, the system's library for text"))
        if item.get_closest_marker("postgres_only") and not on_postgres:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: run `make test`"))


@cache
def can_draw_pdf() -> bool:
    return find_library("pango-1.0") is not None


def skipped(config: pytest.Config) -> list[pytest.TestReport]:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    return terminal.stats.get("skipped", []) if terminal else []


def required(report: pytest.TestReport) -> bool:
    return any(kind in report.keywords and os.environ.get(variable) == "1" for kind, variable in REQUIRED.items())


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.exitstatus == pytest.ExitCode.OK and any(map(required, skipped(session.config))):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reports = skipped(config)
    if not reports:
        return
    terminalreporter.section(f"NOT PROVEN: {len(reports)} skipped", sep="!", red=True, bold=True)
    for report in sorted(reports, key=lambda report: report.nodeid):
        mark = "FAILURE, this run must be complete: " if required(report) else ""
        terminalreporter.line(f"{mark}{report.nodeid}: {reason_of(report)}", red=True)


def reason_of(report: pytest.TestReport) -> str:
    return report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else str(report.longrepr)
