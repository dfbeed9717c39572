from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.utils import translation

from pd_tracker.imports import fields
from pd_tracker.imports.fields import Conventions, Field, Wrong
from pd_tracker.sheets.reading import CellProblem
from teachers.imports.separations import CEDS_REASONS, POSITIONS, SEPARATION_REASONS
from teachers.models.choices import PositionName, SeparationReasonName

PLAIN = Conventions()
DAY = Field("day", "Day", fields.day)


@pytest.mark.parametrize("cell", [None, "", "N/A", "n/a", "#N/A", "-", " – "])
def test_what_means_nothing_is_nothing(cell):
    assert DAY.read(cell, PLAIN) is None


@pytest.mark.parametrize("problem", list(CellProblem))
def test_a_cell_that_could_not_be_read_says_why(problem):
    with pytest.raises(Wrong, match=problem.value[:20]):
        DAY.read(problem, PLAIN)


def test_a_needed_field_may_not_be_empty():
    with pytest.raises(Wrong, match="every row needs it"):
        Field("id", "Id", fields.text(10), required=True).read("n/a", PLAIN)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("0042", "0042"), (123, "123"), (123.0, "123"), (" a \n b ", "a b"), (1.5, "1.5"), (True, "TRUE")],
)
def test_ids_stay_text(cell, expected):
    assert fields.text(10)(cell, PLAIN) == expected


@pytest.mark.parametrize("cell", [date(2025, 5, 4), time(12, 30)])
def test_text_that_became_a_date_is_not_guessed_back(cell):
    with pytest.raises(Wrong, match="format the column as text"):
        fields.text(10)(cell, PLAIN)


@pytest.mark.parametrize(
    "cell",
    [
        date(2024, 1, 5),
        datetime(2024, 1, 5, 9, 30),
        "2024-01-05",
        "2024-01-05T00:00:00",
        "20240105",
        20240105,
        45296,
        45296.25,
        "45296",
    ],
)
def test_a_day_however_it_is_kept(cell):
    assert fields.day(cell, PLAIN) == date(2024, 1, 5)


def test_serial_days_of_the_other_calendar():
    assert fields.day(43834, Conventions(date1904=True)) == date(2024, 1, 5)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("mm/dd/yyyy", "1/5/2024"),
        ("mm/dd/yyyy", "01/05/2024 0:00"),
        ("mm/dd/yy", "1/5/24"),
        ("dd/mm/yyyy", "5/1/2024"),
        ("dd.mm.yyyy", "05.01.2024"),
        ("yyyy/mm/dd", "2024/1/5"),
        ("dd-mon-yyyy", "05-Jan-2024"),
        ("dd/mm/yyyy", "2024-01-05"),
    ],
)
def test_a_day_in_the_declared_shape(shape, words):
    assert fields.day(words, Conventions(date_shape=shape)) == date(2024, 1, 5)


@pytest.mark.parametrize("cell", ["1/5/2024", 2004, "2004", "2024-02-30", True, time(9), "soon", "1824-01-05", 9e9])
def test_what_is_no_day_is_not_guessed(cell):
    with pytest.raises(Wrong):
        fields.day(cell, PLAIN)


def test_another_shape_than_the_declared_one_is_not_guessed():
    with pytest.raises(Wrong, match="written as mm/dd/yyyy"):
        fields.day("31/12/2024", Conventions(date_shape="mm/dd/yyyy"))


@pytest.mark.parametrize(
    ("cell", "means", "start"),
    [
        ("2003-04", "end", 2003),
        ("2003-2004", "end", 2003),
        ("2003–04", "end", 2003),
        ("2003/04", "end", 2003),
        ("SY 2024-25", "end", 2024),
        ("1999-00", "end", 1999),
        ("2004", "end", 2003),
        (2004, "end", 2003),
        (2004.0, "start", 2004),
        (date(2003, 4, 1), "end", 2003),
    ],
)
def test_a_school_year_however_it_is_written(cell, means, start):
    assert fields.school_year(cell, Conventions(year_means=means)) == start


@pytest.mark.parametrize("cell", ["2003-05", "2003-2005", "03-04", "soon", date(2024, 9, 1), 20])
def test_what_is_no_school_year_is_not_guessed(cell):
    with pytest.raises(Wrong):
        fields.school_year(cell, PLAIN)


@pytest.mark.parametrize(
    "cell", ["classroom teacher", "Classroom_Teacher", "CLASSROOM-TEACHER", "Teacher", "classroomteacher"]
)
def test_a_choice_however_it_is_spaced(cell):
    assert fields.choice(PositionName, POSITIONS)(cell, PLAIN) == "classroom_teacher"


def test_a_choice_that_is_none_names_the_list():
    with pytest.raises(Wrong, match="classroom_teacher, substitute, aide, other"):
        fields.choice(PositionName)("wizard", PLAIN)


def test_labels_are_known_whatever_language_is_on():
    parse = fields.choice(SeparationReasonName)
    with translation.override("es"):
        assert parse("Contract not renewed", PLAIN) == "non_renewal"


@pytest.mark.parametrize(("code", "name", "reason"), CEDS_REASONS)
def test_every_ceds_reason_is_known_by_code_and_name(code, name, reason):
    parse = fields.choice(SeparationReasonName, SEPARATION_REASONS)

    assert {parse(code, PLAIN), parse(int(code), PLAIN), parse(name, PLAIN)} == {reason.value}


@pytest.mark.parametrize("word", ["retirement", "resignation", "non-renewal", "layoff", "death", "unknown"])
def test_the_plain_words_for_leaving_are_known(word):
    assert fields.choice(SeparationReasonName, SEPARATION_REASONS)(word, PLAIN) == word.replace("-", "_")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (1, 1),
        ("1,234.50", Decimal("1234.5")),
        ("$45", 45),
        (0.1 + 0.2, Decimal("0.3")),
        (" -2 ", -2),
        (".5", Decimal("0.5")),
    ],
)
def test_numbers(cell, value):
    assert fields.number(cell) == value


@pytest.mark.parametrize("cell", ["22,5", "1.2.3", "many", "1,23,4", True, date(2024, 1, 5), "", "--5"])
def test_what_is_no_number_is_not_guessed(cell):
    with pytest.raises(Wrong):
        fields.number(cell)


@pytest.mark.parametrize(
    ("cell", "answer"), [("Yes", True), ("Y", True), (True, True), (1, True), ("N ", False), (0, False)]
)
def test_yes_and_no(cell, answer):
    assert fields.yes_no(cell, PLAIN) is answer


@pytest.mark.parametrize(
    ("cell", "minutes"), [(1.5, 90), ("1:30", 90), (time(1, 30), 90), ("2 hours", 120), ("22.5", 1350), (1 / 3, 20)]
)
def test_hours(cell, minutes):
    assert fields.hours_as_minutes(cell, PLAIN) == minutes


def test_a_list_has_each_word_once():
    assert fields.several("C1; C2,C1;; C 3 ", PLAIN) == ("C1", "C2", "C 3")
