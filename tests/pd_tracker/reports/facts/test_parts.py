"""Parts are cut and put together again without a number going astray."""

from __future__ import annotations

import numpy as np
import pytest

from pd_tracker.reports.facts.parts import COLUMNS, Part, joined, narrow, of_people, replaced, room_of, without


def part(people, subjects=("Art", "Math")):
    """Two years of everybody, the second in another subject, and a short spell of the last."""
    rows = np.repeat(np.arange(len(people)), 2)
    columns = {name: np.zeros(len(rows), dtype=np.int64) for name in COLUMNS}
    columns |= {name: np.array(people) for name in ("people", "born", "first_census")}
    columns |= {"experience": np.full(len(people), np.nan), "teacher": rows, "year": 2020 + np.arange(len(rows)) % 2}
    columns |= {"subject": np.arange(len(rows)) % 2, "minutes": np.array(people)[rows] * 10}
    last = np.array([len(people) - 1])
    columns |= {"short_teacher": last, "short_year": np.array([2019]), "short_school": np.array([-1])}
    return Part(subjects, {name: narrow(columns[name]) for name in COLUMNS})


def rows(found):
    teacher, subject = found["people"][found["teacher"]], np.array(found.subjects)[found["subject"]]
    return list(zip(teacher.tolist(), found["year"].tolist(), subject.tolist(), found["minutes"].tolist(), strict=True))


def test_numbers_take_the_smallest_type_that_holds_them():
    kinds = {(-1, 127): "i1", (0, 128): "i2", (-40_000, 0): "i4", (0, 2**40): "i8"}
    for values, kind in kinds.items():
        assert narrow(np.array(values)).dtype == np.dtype(kind)
    assert narrow(np.array([0.5])).dtype == np.float64


def test_parts_stand_one_after_the_other_whatever_their_types_and_subjects():
    first, second = part([1, 2]), part([300, 70_000], subjects=("Biology", "Art"))
    found = joined([first, second], room_of(first) + room_of(second))
    assert rows(found) == rows(first) + rows(second)
    assert found.subjects == ("Art", "Biology", "Math")
    assert found["people"].tolist() == [1, 2, 300, 70_000]
    assert found["people"][found["short_teacher"]].tolist() == [2, 70_000]


def test_room_that_is_not_needed_is_given_back():
    few = part([5])
    found = joined([few], room_of(few) + room_of(part([6, 7])))
    assert rows(found) == rows(few)


def test_what_was_found_anew_stands_among_the_others_in_order():
    fresh = Part(("Chess",), {**part([3, 8]).columns, "subject": np.zeros(4, dtype=np.int8)})
    found = replaced(part([2, 3, 5, 9]), np.array([3, 5, 8]), fresh)
    assert found["people"].tolist() == [2, 3, 8, 9]
    assert [row[:3] for row in rows(found)] == [
        (2, 2020, "Art"),
        (2, 2021, "Math"),
        (3, 2020, "Chess"),
        (3, 2021, "Chess"),
        (8, 2020, "Chess"),
        (8, 2021, "Chess"),
        (9, 2020, "Art"),
        (9, 2021, "Math"),
    ]
    assert found["people"][found["short_teacher"]].tolist() == [8, 9]


@pytest.mark.parametrize(("cut", "left"), [(of_people, [3]), (without, [2, 5])])
def test_people_are_taken_out_with_all_their_rows(cut, left):
    found = cut(part([2, 3, 5]), np.array([3, 4]))
    assert found["people"].tolist() == left
    assert [row[0] for row in rows(found)] == np.repeat(left, 2).tolist()


def test_nothing_changes_where_nobody_changed():
    stored, nobody = part([2, 3]), without(part([4]), np.array([4]))
    assert replaced(stored, np.array([7]), nobody) is stored
