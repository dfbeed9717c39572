from __future__ import annotations

import pytest

from pd_tracker.sheets.reading import Unreadable, heading_key
from pd_tracker.sheets.reading.headings import MAX_COLUMNS, find_header, read_headings


@pytest.mark.parametrize(
    "text",
    ["staff_id", "Staff ID\n", "STAFF-ID", " staff  id ", "Staff\nID", "Staff\u00a0ID", "Staff ID:", "staff__id"],
)
def test_heading_key_ignores_case_spaces_and_marks(text):
    assert heading_key(text) == "staff_id"


def test_heading_key_keeps_letters_of_other_languages():
    assert heading_key("Año de nacimiento") == "año_de_nacimiento"
    assert heading_key("Charter \nSchool \n(Y/N)") == "charter_school_y_n"


def test_header_is_the_row_with_most_wanted_headings():
    rows = [["Staff ID list", None], ["Printed", "today"], ["Hours", "Staff ID"], ["12", "0042"]]
    assert find_header(rows, {"staff_id", "hours"}).row == 2


def test_header_without_any_match_is_the_first_row_as_wide_as_the_table():
    rows = [["Report of the district", None, None], ["Nr", "Nom", "Jours"], ["1", "Anne", 3], ["2", "Luc", 4]]
    assert find_header(rows, {"staff_id", "hours"}).row == 1


def test_one_familiar_word_on_a_title_page_is_not_a_header():
    rows = [["Name", "Roster of 2025"], ["ID", "Given", "Family"], [1, "Anne", "Lee"]]
    assert find_header(rows, {"name", "staff_id", "hours"}).row == 1


def test_one_wanted_heading_is_enough_when_only_one_is_wanted():
    assert find_header([["a", "b", "c"], ["Staff ID", None, None], ["1", "2", "3"]], {"staff_id"}).row == 1


def test_headings_lose_line_breaks_and_trailing_blanks():
    assert read_headings(["Charter \nSchool", None, 2019, None, None], 1, set()) == ("Charter School", "", "2019")


def test_wanted_heading_twice_is_refused_with_its_row():
    with pytest.raises(Unreadable, match=r"“Staff ID” stands more than once in row 3\. Rename"):
        read_headings(["Staff ID", "staff_id"], 3, {"staff_id"})


def test_other_headings_may_repeat():
    assert read_headings(["Staff ID", "Note", "Note"], 1, {"staff_id"}) == ("Staff ID", "Note", "Note")


def test_a_table_of_any_width_would_make_a_page_of_any_length():
    usual = ["staff_id", *(f"extra {number}" for number in range(MAX_COLUMNS - 1))]
    assert len(read_headings([*usual, None, None], 1, {"staff_id"})) == MAX_COLUMNS
    with pytest.raises(Unreadable, match="more than 500 columns"):
        read_headings([*usual, "one more"], 1, {"staff_id"})
