"""Rules, row sets, actions and reports never ask the clock: whoever calls them says which day it is."""

from __future__ import annotations

import ast

from tests.architecture.sources import calls, place, python_files

ROOMS = ("rules", "querysets", "actions", "reports", "sheets")
DOORS = ("views", "viewsets", "commands", "jobs", "urls")
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime", "Now", "monotonic", "time_ns"}
CLOCK_OWNERS = {"datetime", "date", "timezone", "time", "functions"}


def asks_the_clock(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in {"localdate", "localtime", "now", "Now"}
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in CLOCKS:
        return False
    owner = call.func.value
    return (owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")) in CLOCK_OWNERS


def test_no_rule_query_action_or_report_asks_the_clock() -> None:
    inner = [path for path in python_files(*ROOMS) if path not in python_files(*DOORS)]

    assert [place(path, call) for path in inner for call in calls(path) if asks_the_clock(call)] == []


def test_the_check_knows_a_clock_when_it_sees_one() -> None:
    def found(source: str) -> bool:
        return asks_the_clock(ast.parse(source, mode="eval").body)  # type: ignore[arg-type]

    assert all(map(found, ["date.today()", "timezone.now()", "datetime.datetime.now()", "localdate()", "Now()"]))
    assert not any(map(found, ["reader.today()", "datetime.combine(day, noon)", "plan.now()"]))
