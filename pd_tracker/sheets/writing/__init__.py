"""Table → xlsx, csv or JSON values: the only place that makes cells."""

from .delimited import write_csv, write_delimited
from .values import as_json_value
from .workbook import write_workbook

__all__ = ["as_json_value", "write_csv", "write_delimited", "write_workbook"]
