"""Rules, row sets, actions and reports never ask the clock: whoever calls them says which day it is."""

from __future__ import annotations

import ast

from tests.architecture.sources import calls, place, python_files

ROOMS = ("rules", "querysets", "actions", "reports", "sheets")
DOORS = ("views", "viewsets", "commands", "jobs", "urls")
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime", "Now"}
CONVERTERS = {"localdate", "localtime"}  # given a moment, they only put it into another zone
CLOCK_OWNERS = {"datetime", "date", "timezone", "functions"}


def asks_the_clock(call: ast.Call) -> bool:
    name, owner = named(call.func), named(getattr(call.func, "value", None))
    if name not in CLOCKS or (name in CONVERTERS and call.args):
        return False
    return owner in CLOCK_OWNERS or isinstance(call.func, ast.Name)


def named(node: ast.AST | None) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def test_no_rule_query_action_or_report_asks_the_clock() -> None:
    inner = set(python_files(*ROOMS)) - set(python_files(*DOORS))

    assert [place(path, call) for path in inner for call in calls(path) if asks_the_clock(call)] == []


def test_the_check_knows_a_clock_when_it_sees_one() -> None:
    def found(source: str) -> bool:
        return asks_the_clock(ast.parse(source, mode="eval").body)  # type: ignore[arg-type]

    assert all(map(found, ["date.today()", "timezone.now()", "datetime.datetime.now(UTC)", "localdate()", "Now()"]))
    assert not any(map(found, ["reader.today()", "timezone.localtime(moment)", "plan.now()"]))
