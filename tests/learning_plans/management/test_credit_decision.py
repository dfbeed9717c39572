"""The engine alone, at the command line."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from learning_plans.credit.wording import REASONS, STATUSES, STEPS
from learning_plans.rules.credit.decision import Reason, Status
from learning_plans.rules.credit.shelf import shipped

FACTS = {
    "as_of": "2025-06-30",
    "licence": {"type": "standard", "valid_from": "2021-03-01", "valid_until": "2026-02-28", "endorsements": []},
    "lines": [
        {"date": "2022-01-10", "activity": "workshop", "unit": "hour", "amount": 120, "title": "Talk in class"},
        {"date": "2023-01-10", "activity": "independent_study", "unit": "hour", "amount": "40"},
    ],
}


@pytest.fixture
def run(tmp_path, capsys):
    def run(pack="TX-teacher", facts=FACTS, **options):
        path = tmp_path / "facts.json"
        path.write_text(facts if isinstance(facts, str) else json.dumps(facts))
        call_command("credit_decision", pack=pack, facts=path, **options)
        return capsys.readouterr().out

    return run


def test_json_says_everything_in_decimal_strings(run):
    found = json.loads(run(format="json"))
    assert {name: found[name] for name in ("required", "counted", "pending", "uncounted", "status", "met")} == {
        "required": "150", "counted": "150", "pending": "0", "uncounted": "10", "status": "met", "met": True,
    }  # fmt: skip
    assert found["window"] == {"from": "2021-03-01", "to": "2026-02-28"}
    assert found["lines"][1] == {
        "index": 1,
        "converted": "40",
        "counted": "30",
        "reason": "partly_over_maximum",
        "sentence": "Only a part counts: more than the maximum for “independent study” cannot count.",
    }
    assert found["maximums"][0] == {"key": "independent_study", "limit": "30", "earned": "40", "counted": "30"}
    assert found["steps"] == ["150 are owed (hours)."]


def test_text_is_for_reading(run):
    found = run()
    assert found.startswith("Texas: standard certificate, classroom teacher: Met. 150 of 150 hours")
    assert "2022-01-10 Talk in class: 120 of 120. It counts in full." in found


def test_shares_are_shown_rounded_down(run):
    third = [{"from": "2020-01-01", "fte": "0.3333", "position": "teacher"}]
    found = json.loads(
        run(
            "NJ-PDP",
            FACTS | {"employment": third, "leave": [{"from": "2024-07-01", "to": "2024-09-01"}]},
            format="json",
        )
    )
    assert found["required"] == "5.5154"  # 20 × 0.3333 × 302/365 = 5.51542…


def test_an_unverified_pack_says_so(run):
    assert json.loads(run("VA-10-year", format="json"))["verified"] is False
    assert "These rules are unverified" in run("VA-10-year")


@pytest.mark.parametrize("pack", sorted(shipped()))
def test_every_pack_decides_and_describes_itself(run, pack, capsys):
    assert json.loads(run(pack, format="json"))["pack"] == pack
    call_command("credit_decision", pack=pack, describe=True)
    told = json.loads(capsys.readouterr().out)
    assert {"units", "activities", "categories", "facts"} <= told.keys()


@pytest.mark.parametrize(
    ("pack", "facts", "words"),
    [
        ("XX", FACTS, "There is no pack “XX”. The packs are: CA-clear"),
        ("none", "{", "is not JSON"),
        ("none", {"as_of": "soon"}, "as_of: “soon” is no day"),
        ("OH-professional", FACTS | {"facts": {"plan_approved_on": "soon"}}, "facts.plan_approved_on"),
    ],
)
def test_bad_input_gets_a_sentence(run, pack, facts, words):
    with pytest.raises(CommandError, match=words):
        run(pack, facts)


def test_a_missing_file_gets_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("credit_decision", pack="none", facts=tmp_path / "none.json")
    with pytest.raises(CommandError, match="--describe"):
        call_command("credit_decision", pack="none")


def test_every_reason_and_status_has_words():
    assert set(REASONS) == set(Reason)
    assert set(STATUSES) == set(Status)
    assert all(str(words) for words in STEPS.values())
