"""xlsx / csv bytes → rows that know sheet and row number, within limits.

    with open_sheet(upload, "roster 2025.xlsx", wanted={"staff_id", "school_id"}) as sheet:
        for row in sheet.rows:
            row.place.row, dict(zip(map(heading_key, sheet.headings), row.cells))

Both opening and iterating may raise `Unreadable`; its text is for the person who uploaded the file.
"""

from .cells import excel_date
from .headings import heading_key
from .opening import open_sheet
from .shapes import Block, Cell, CellProblem, Place, Row, Sheet, Unreadable

__all__ = [
    "Block",
    "Cell",
    "CellProblem",
    "Place",
    "Row",
    "Sheet",
    "Unreadable",
    "excel_date",
    "heading_key",
    "open_sheet",
]
