"""Frameworks from tables and from CASE files: recognized again, retired and never deleted, all or nothing."""

from __future__ import annotations

import json

import pytest

from learning_plans.imports import case
from learning_plans.models import Competency, Framework
from pd_tracker.sheets.reading import Unreadable
from tests.factories import SchoolFactory, user_with_role
from tests.importing import loaded, planned, problems, totals

pytestmark = pytest.mark.django_db
WHOLE = {"framework": "Ours", "version": "1", "code": "A", "name": "Planning", "parent_code": ""}
PART = WHOLE | {"code": "A1", "name": "Goals", "parent_code": "A"}
DOC = "d0000000-0000-0000-0000-000000000000"


def item(number, **also):
    return {
        "identifier": f"i{number}",
        "fullStatement": f"Statement {number}",
        "humanCodingScheme": f"C{number}",
    } | also


def link(child, parent, kind="isChildOf", **also):
    nodes = {"originNodeURI": {"identifier": child}, "destinationNodeURI": {"identifier": parent}}
    return {"associationType": kind, **nodes, **also}


def package(items, links=(), *, wrapped=False, **document):
    found = {
        "CFDocument": {"identifier": DOC, "title": "Open framework", "creator": "Somebody"} | document,
        "CFItems": items,
        "CFAssociations": list(links),
    }
    return json.dumps({"CFPackage": found} if wrapped else found).encode()


def parts(name="Open framework"):
    rows = Competency.objects.filter(framework__name=name).order_by("place")
    return list(rows.values_list("code", "name", "parent__code", "is_retired"))


def test_a_table_becomes_a_tree_and_the_same_again_changes_nothing():
    applied = loaded("frameworks", [PART, WHOLE])
    assert totals(applied.plan) == {"created": 2}
    assert parts("Ours") == [("A1", "Goals", "A", False), ("A", "Planning", None, False)]
    assert Competency.history.filter(code="A1").get().history_change_reason == "Import of file.csv"
    assert totals(loaded("frameworks", [PART, WHOLE]).plan) == {"unchanged": 2}


def test_what_a_file_no_longer_names_is_retired_and_comes_back():
    loaded("frameworks", [WHOLE, PART])
    key = Competency.objects.get(code="A1").pk

    plan = loaded("frameworks", [WHOLE]).plan
    assert (totals(plan), plan.needs_second_confirmation) == ({"unchanged": 1, "ended": 1}, False)
    assert Competency.objects.get(pk=key).is_retired
    assert totals(loaded("frameworks", [WHOLE, PART | {"name": "Clear goals"}]).plan) == {"unchanged": 1, "updated": 1}
    assert parts("Ours") == [("A", "Planning", None, False), ("A1", "Clear goals", "A", False)]
    assert not Framework.objects.get(is_default=True).competencies.filter(is_retired=True).exists()


def test_a_new_version_stands_beside_the_old_one():
    loaded("frameworks", [WHOLE, PART])
    loaded("frameworks", [WHOLE | {"version": "2"}])
    assert Competency.objects.filter(framework__name="Ours", is_retired=False).count() == 3


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_case_file_is_read_in_its_own_order(wrapped):
    links = [
        link("i1", DOC, sequenceNumber="2"),
        link("i2", DOC, sequenceNumber=1),
        link("i3", "i1"),
        link("i3", "elsewhere", "exactMatchOf"),
        link("i4", "a parent in another document"),
    ]
    applied = loaded("frameworks", package([item(1), item(2), item(3), item(4)], links, wrapped=wrapped))

    assert totals(applied.plan) == {"created": 4}
    assert [(code, parent) for code, _name, parent, _retired in parts()] == [
        ("C2", None),
        ("C1", None),
        ("C3", "C1"),
        ("C4", None),
    ]
    framework = Framework.objects.get(identifier=DOC)
    assert (framework.name, framework.publisher) == ("Open framework", "Somebody")


def test_items_are_recognized_by_identifier_when_everything_else_changes():
    loaded("frameworks", package([item(1), item(2)]))
    keys = set(Competency.objects.filter(framework__identifier=DOC).values_list("pk", flat=True))

    plan = loaded("frameworks", package([item(1, humanCodingScheme="X", fullStatement="New")], title="Renamed")).plan

    assert totals(plan) == {"updated": 1, "ended": 1}
    assert parts("Renamed") == [("X", "New", None, False), ("C2", "Statement 2", None, True)]
    assert set(Competency.objects.filter(framework__identifier=DOC).values_list("pk", flat=True)) == keys


def test_items_without_a_code_or_with_the_same_one_get_their_own():
    double = [item(1, humanCodingScheme="S"), item(2, humanCodingScheme="S"), item(3, humanCodingScheme=None)]
    loaded("frameworks", package(double))
    assert [code for code, *_rest in parts()] == ["S", "S i2", "i3"]


def test_a_long_statement_is_a_name_cut_short_and_a_description():
    loaded("frameworks", package([item(1, fullStatement="word " * 100)]))
    made = Competency.objects.get(framework__identifier=DOC)
    assert (len(made.name) <= 300, made.name.endswith("…"), len(made.description)) == (True, True, 499)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"CFDocument": ', "This JSON file is broken at line 1."),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": 1}', "it has no CFDocument"),
        (b"[1, 2]", "it has no CFDocument"),
        (package([item(1)], title=""), "has no title"),
        (package([]), "has no CFItems"),
        (package([{"fullStatement": "x"}]), "Item 1 has no identifier"),
        (package([{"identifier": "x"}]), "Item 1 has no fullStatement"),
        (package([item(1), item(2, identifier="i1")]), "Items 1 and 2 have the same identifier i1."),
        (b'{"a": "\xff\xfe"}', "is broken"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(content, words):
    with pytest.raises(Unreadable, match=words):
        planned("frameworks", content)


def test_files_that_are_too_large_are_refused(monkeypatch):
    monkeypatch.setattr(case, "MOST_ITEMS", 1)
    with pytest.raises(Unreadable, match="has 2 items; at most 1"):
        planned("frameworks", package([item(1), item(2)]))
    monkeypatch.setattr(case, "LARGEST", 10)
    with pytest.raises(Unreadable, match="larger than"):
        planned("frameworks", package([item(1)]))


def test_a_circle_is_refused_at_its_rows():
    plan = planned("frameworks", package([item(1), item(2), item(3)], [link("i1", "i2"), link("i2", "i1")]))
    assert {row for row, field in problems(plan) if field == "parent_code"} == {1, 2}
    assert "below itself" in problems(plan)[1, "parent_code"]
    assert not plan.can_apply


def test_too_many_levels_and_missing_parents_are_refused():
    chain = [WHOLE] + [PART | {"code": f"A{n}", "parent_code": f"A{n - 1}" if n > 1 else "A"} for n in range(1, 30)]
    assert "levels deep" in problems(planned("frameworks", chain))[31, "parent_code"]
    plan = planned("frameworks", [PART | {"parent_code": "Z"}])
    assert problems(plan)[2, "parent_code"] == "this framework has no part Z; add its row, or leave this empty"


def test_rows_that_contradict_each_other_are_refused():
    plan = planned("frameworks", [WHOLE, WHOLE | {"name": "Another"}])
    assert set(problems(plan)) == {(3, "code")}
    plan = planned("frameworks", [WHOLE | {"identifier": "x"}, PART | {"identifier": "x"}])
    assert set(problems(plan)) == {(3, "identifier")}


def test_a_code_that_another_part_still_has_is_refused():
    loaded("frameworks", [WHOLE | {"identifier": "a"}, PART | {"identifier": "b"}])
    swapped = [WHOLE | {"identifier": "b", "code": "A"}, PART | {"identifier": "a", "code": "A1", "parent_code": ""}]
    assert set(problems(planned("frameworks", swapped))) == {(2, "code"), (3, "code")}


def test_hr_of_one_school_does_not_load_what_is_for_all():
    plan = planned("frameworks", [WHOLE], actor=user_with_role("hr", SchoolFactory()))
    assert not plan.can_apply
    assert planned("frameworks", [WHOLE], actor=user_with_role("hr")).can_apply
