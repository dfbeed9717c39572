"""A browser for the journeys: the machine's own Chromium, aimed at the site that the test serves."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

# The browser library keeps a loop running in the main thread; Django would take every query for one made inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
# Root in a container needs --no-sandbox; the others keep the browser from talking to anybody but the site.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def browser_path() -> str | None:
    return os.environ.get("PD_TRACKER_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if browser_path() is None:
        pytest.skip("no Chromium, Chrome or Edge was found; install one, or name it in PD_TRACKER_BROWSER")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": browser_path(), "args": FLAGS}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], live_server: LiveServer) -> dict[str, Any]:
    return browser_context_args | {"base_url": live_server.url, "locale": "en-US"}
