"""Numbers are changed in the text of rules, and nothing else is."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction

import pytest

from learning_plans.rules.credit.amending import NotFound, difference, numbers, renamed, with_numbers
from learning_plans.rules.credit.reading import read_pack
from learning_plans.rules.credit.shelf import shipped, texts

PACK = """id = "X"
title = "Ours"
sureness = "H"
years = 5 # as ever

[[total]]
amount = "10"
when = { fact = "amount" }
[[total]]
amount = "20"

[[minimum]]
key = "reading"
percent = "15"
"""


def test_the_numbers_of_a_text_are_found_with_their_place():
    found = {each.key: each.value for each in numbers(PACK)}
    assert found == {".0.years": "5", "total.1.amount": "10", "total.2.amount": "20", "minimum.1.percent": "15"}


def test_only_the_numbers_change():
    changed = with_numbers(PACK, {".0.years": "4", "total.2.amount": "22.5"})
    assert changed == PACK.replace("years = 5", "years = 4").replace('"20"', '"22.5"')
    pack = read_pack(changed)
    assert (pack.years, pack.totals[0].amount, pack.totals[1].amount) == (4, 10, Fraction("22.5"))


@pytest.mark.parametrize("code", texts())
def test_every_number_of_every_shipped_pack_can_be_changed(code):
    text = texts()[code]
    for each in numbers(text):
        assert read_pack(with_numbers(text, {each.key: "3"})) != replace(shipped()[code], id="") or each.value == "3"


@pytest.mark.parametrize(
    "text",
    [
        PACK + 'notes = ["""\n[[minimum]]\npercent = "99"\n"""]\n',  # looks like a table, is a note
        'notes = ["""\nyears = 5\n"""]\n' + PACK.replace("years = 5 # as ever\n", ""),
        PACK.replace("[[total]]", "[[ total ]]").replace('[[minimum]]\nkey = "reading"\npercent = "15"\n', ""),
    ],
)
def test_what_only_looks_like_a_number_is_left_alone(text):
    for each in numbers(text):
        try:
            changed = with_numbers(text, {each.key: "7"})
        except NotFound:
            continue
        assert {one.key: one.value for one in numbers(changed)}[each.key] == "7"


def test_a_number_that_is_not_there_is_refused():
    with pytest.raises(NotFound):
        with_numbers(PACK, {"total.3.amount": "1"})
    assert numbers("this is no TOML") == []


def test_another_name_changes_the_name_only():
    changed = renamed(PACK, code="ours-2", title='Ours, the "second"')
    pack = read_pack(changed)
    assert (pack.id, pack.title) == ("ours-2", 'Ours, the "second"')
    assert changed.split("\n")[2:] == PACK.split("\n")[2:]
    assert renamed("no TOML", code="a", title="b") == "no TOML"


def test_a_difference_shows_what_went_and_what_came():
    new = PACK.replace('"20"', '"30"')
    assert [line for line in difference(PACK, new) if line[0] in "+-"] == [
        ("-", 'amount = "20"'),
        ("+", 'amount = "30"'),
    ]
    assert difference(PACK, PACK) == []
    began = time.process_time()
    difference("a\n" * 15_000, "b\na\n" * 15_000)
    assert time.process_time() - began < 1
