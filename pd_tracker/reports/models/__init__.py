"""What the reports keep."""

from .exports import ExportRun, NamedExport

__all__ = ["ExportRun", "NamedExport"]
