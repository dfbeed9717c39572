"""Who changed what is kept by saving rows one by one, or by the history library's own bulk writers.

Django's bulk writers pass both by. Where that is right, the file or folder stands below with its reason.
"""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.sources import ROOT, calls, place, python_files

BULK_WRITERS = {"bulk_create", "bulk_update", "abulk_create", "abulk_update"}
ALLOWED = {
    "learning_plans/actions/comparing.py": "what was compared, worked out anew at any time; the totals keep theirs",
    "learning_plans/actions/reminding.py": "that somebody was reminded; it is never changed",
    "learning_plans/actions/rule_changes.py": "what a change of rules would do; it is worked out again at any time",
    "learning_plans/actions/standings.py": "where licenses stand; it is worked out again at any time",
    "learning_plans/actions/renewals.py": "that a notice was sent, and its words; it is never changed",
    "learning_plans/sums.py": "sums of completions, which have their own history; they are made again at any time",
    "pd_tracker/api/authentication.py": "when a token was last used; making and ending one stand in the trail",
    "pd_tracker/audit/actions.py": "events are only ever added; they are the trail itself",
    "pd_tracker/demo": "invented rows, dated in the past; it writes the history of them itself",
    "pd_tracker/jobs/actions.py": "the state of a job is claimed by whoever changes it first; no history is kept of it",
    "pd_tracker/jobs/running.py": "the same, and its heartbeat",
    "pd_tracker/notices/actions.py": "a notice is a message about a record, not a record; no history is kept of it",
}


def passes_history_by(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    # A row set is updated by keywords alone; dictionaries and sets take something by position.
    updates_rows = call.func.attr in {"update", "aupdate"} and bool(call.keywords) and not call.args
    return updates_rows or call.func.attr in BULK_WRITERS


def test_no_row_changes_without_its_history() -> None:
    found = [
        place(path, call)
        for path in python_files()
        if not any(path.is_relative_to(ROOT / name) for name in ALLOWED)
        for call in calls(path)
        if passes_history_by(call)
    ]

    assert found == []


def test_the_exceptions_are_still_needed() -> None:
    needing = [path for path in python_files() if any(map(passes_history_by, calls(path)))]
    unneeded = [name for name in ALLOWED if not any(path.is_relative_to(ROOT / name) for path in needing)]

    assert unneeded == []


def test_the_check_tells_row_sets_from_dictionaries(tmp_path: Path) -> None:
    source = "rows.update(name='A')\nwords.update({'a': 1})\nseen.update(names)\nRow.objects.bulk_create(rows)\n"
    path = tmp_path / "sample.py"
    path.write_text(source, encoding="utf-8")

    assert [call.lineno for call in calls(path) if passes_history_by(call)] == [1, 4]
