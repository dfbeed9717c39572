"""What axe-core can see of WCAG 2.2 A and AA. The rest needs people: keyboard, zoom, screen reader."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

VENDOR = Path(__file__).parents[1] / "vendor"
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@functools.cache
def axe() -> str:
    (script,) = VENDOR.glob("axe-core-*/axe.min.js")
    return script.read_text(encoding="utf-8")


def assert_accessible(page: Page) -> None:
    """No violation on the page as it stands now."""
    page.evaluate(axe())  # evaluated, not added as a script, which the site's own rules would refuse
    violations = page.evaluate("options => axe.run(document, options).then(result => result.violations)", OPTIONS)
    assert not violations, f"{page.url}\n" + "\n".join(map(sentence, violations))


def sentence(violation: dict[str, Any]) -> str:
    places = ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"])
    return f"{violation['impact']}: {violation['help']} ({violation['id']}) at {places}"
