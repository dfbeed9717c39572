"""Packs and facts that make no sense are refused at their place."""

from __future__ import annotations

import re
import time

import pytest

from learning_plans.rules.credit.facts import BadFacts, read_facts
from learning_plans.rules.credit.reading import BadPack, read_pack

PACK = """
id = "X"
title = "Ours"
sureness = "H"
[[total]]
amount = "10"
"""


def test_a_short_pack_is_enough():
    pack = read_pack(PACK)
    assert (pack.id, pack.unit, pack.totals[0].amount, pack.years) == ("X", "hour", 10, 5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("amount", "amuont"), "pack.total[1].amount: give one of"),
        (('"10"', '"ten"'), "pack.total[1].amount: “ten” is not a number."),
        (('"10"', '"-1"'), "below 0"),
        (('"10"', "10.5"), "in quotes"),
        (('"H"', '"Q"'), "pack.sureness: “Q” is none of H, M, L."),
        (("title", "titel"), "pack.title: a text is expected."),
        (('title = "Ours"', 'title = "Ours"\nyeers = 4'), "pack.yeers: nothing is known by this name"),
        (("[[total]]", "[total]"), "pack.total: a list of tables"),
        (('id = "X"', "id ="), "this is not TOML"),
        (('amount = "10"', 'amount = "10"\nwhen = { window_from_since = "2020" }'), "a day like 2020-07-01"),
        (('"10"', '"10"\n[[conversion]]\nunit = "cup"\ngives = "1"'), "pack.conversion[1].unit: “cup” is none of"),
        (('"10"', '"10"\n[[minimum]]\nkey = "a"\namount = "1"\npercent = "2"'), "give one of amount and percent"),
        (('"10"', '"10"\n[[maximum]]\nkey = "a"\nactivities = ["juggling"]\namount = "1"'), "“juggling” is none of"),
        (('"10"', '"10"\n[carry]\nsince = "spring"'), "pack.carry.since: a day of the year"),
        (('[[total]]\namount = "10"', ""), "pack.total: say what is owed"),
    ],
)
def test_a_mistake_in_a_pack_is_named_with_its_place(change, words):
    with pytest.raises(BadPack, match=re.escape(words)):
        read_pack(PACK.replace(*change))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "facts file: an object"),
        ({}, "as_of: a day is missing."),
        ({"as_of": "2026-02-30"}, "as_of: “2026-02-30” is no day"),
        (
            {"as_of": "2026-01-01", "licence": {"valid_from": "2026-01-01", "valid_until": "2025-01-01"}},
            "licence.valid_until: 2025-01-01 lies before valid_from",
        ),
        ({"as_of": "2026-01-01", "lines": [{"date": "2026-01-01", "amount": "some"}]}, "lines[0].amount: “some”"),
        ({"as_of": "2026-01-01", "lines": [{"date": "2026-01-01", "amount": "NaN"}]}, "lines[0].amount"),
        ({"as_of": "2026-01-01", "lines": [{"date": "2026-01-01", "amount": "1e99"}]}, "lines[0].amount"),
        ({"as_of": "2026-01-01", "lines": [{"amount": 1}]}, "lines[0].date: a day is missing."),
        ({"as_of": "2026-01-01", "lines": {}}, "lines: a list is expected."),
        ({"as_of": "2026-01-01", "lines": [{"date": "2026-01-01", "amount": 1, "state": "lost"}]}, "lines[0].state"),
        ({"as_of": "2026-01-01", "employment": [{"from": "2026-01-02", "to": "2026-01-01"}]}, "employment[0]: it ends"),
        ({"as_of": "2026-01-01", "employment": [{"from": "2026-01-02", "fte": 3}]}, "employment[0].fte"),
        ({"as_of": "2026-01-01", "licence": {"endorsements": "ESOL"}}, "licence.endorsements: a list of texts"),
        ({"as_of": "2026-01-01", "previous": {"by_date": ["2020"]}}, "previous.by_date[0]"),
    ],
)
def test_a_mistake_in_facts_is_named_with_its_place(given, words):
    with pytest.raises(BadFacts, match=re.escape(words)):
        read_facts(given)


HEAD = 'id = "X"\ntitle = "Ours"\nsureness = "H"\n'
HOSTILE = {
    "lists in lists": (HEAD + "a = " + "[" * 29_000, "stand too deep"),
    "tables in tables": (HEAD + "a = " + "{a=" * 15_000, "stand too deep"),
    "names in names": (HEAD + "a" + ".a" * 29_000 + " = 1", "stand too deep"),
    "names in names of an inline table": (HEAD + "b = {a" + ".a" * 28_000 + " = 1}", "stand too deep"),
    "a number of many digits": (HEAD + "years = " + "9" * 59_000, "this is not TOML"),
    "a number of fewer digits": (HEAD + "[[total]]\namount = " + "9" * 4_000, "larger than a number can be"),
    "a number with a large exponent": (HEAD + '[[total]]\namount = "1e999999999"', "is not a number"),
    "a part of nothing": (HEAD + '[[total]]\namount = "1/0"', "is not a number"),
    "years without end": (HEAD + 'years = 1000000000\n[[total]]\namount = "1"', "from 0 to 50"),
    "a day that few years have": (HEAD + '[[total]]\namount = "1"\n[carry]\nsince = "02-29"', "a day of the year"),
    "very many parts": (HEAD + '[[total]]\namount = "1"\n' * 2_400, "are too many"),
    "very many names": (HEAD + "".join(f"k{n} = 1\n" for n in range(5_000)), "pack.total: say what is owed"),
    "a long name": (HEAD + '[[total]]\namount = "1"\n[a' + "k" * 50_000 + "]", "nothing is known by this name"),
    "too much of it": ("#" * 60_001, "too long"),
    "no text": ("\0" * 100, "this is not TOML"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_meant_to_hurt_is_answered_fast_with_a_sentence(name):
    text, words = HOSTILE[name]
    began = time.process_time()
    with pytest.raises(BadPack, match=re.escape(words)) as refused:
        read_pack(text)
    assert time.process_time() - began < 0.5
    assert len(str(refused.value)) < 900
