"""What must hold of every workbook that leaves the house."""

from __future__ import annotations

from typing import Any

IDS = frozenset({
    "Staff id", "Primary site code", "Site code", "Course code", "Section", "Credit id", "License number",
    "External key", "School year", "Ids in other systems",
})  # fmt: skip


def assert_safe(book: Any) -> None:
    """No formula, no link, nothing hidden, and every id is text."""
    for sheet in book:
        assert sheet.sheet_state == "visible", sheet.title
        assert not sheet._hyperlinks, sheet.title
        assert not any(row.hidden for row in sheet.row_dimensions.values()), sheet.title
        assert not any(column.hidden for column in sheet.column_dimensions.values()), sheet.title
        heads = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            for head, cell in zip(heads, row, strict=True):
                assert cell.data_type != "f", cell
                assert head not in IDS or cell.value is None or cell.data_type == "s", cell
    assert not book.defined_names
