"""Handing out tables as files."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseRedirect
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pd_tracker.sheets.table import Table

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
IN_MEMORY = 5 * 1024 * 1024


def file_download(write: Callable[[BinaryIO], object], *, name: str, content_type: str) -> FileResponse:
    """What `write` writes, as an attachment; large files wait on disk, not in memory."""
    # The response closes the file when it has been sent.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    write(cast(BinaryIO, file))
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    return response


def json_download(data: Any, *, name: str) -> FileResponse:
    text = json.dumps(data, ensure_ascii=False, indent=2, default=str).encode()
    return file_download(lambda out: out.write(text), name=f"{slugify(name)}.json", content_type="application/json")


def workbook_download(tables: Sequence[Table], *, name: str) -> FileResponse:
    from pd_tracker.sheets.writing import write_workbook  # openpyxl is not needed to start the site

    return file_download(
        lambda out: write_workbook(tables, out), name=f"{slugify(name)}.xlsx", content_type=FORMATS["xlsx"]
    )


def table_download(table: Table, wanted: str) -> FileResponse:
    if wanted == "xlsx":
        return workbook_download([table], name=table.key)
    from pd_tracker.sheets.writing import write_csv

    return file_download(
        lambda out: write_csv(table, out), name=f"{slugify(table.key)}.csv", content_type=FORMATS["csv"]
    )


def pdf_download(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, name: str
) -> FileResponse | HttpResponseRedirect:
    """A tagged PDF, or the page again with the way round it where the machine cannot draw one."""
    drawn = drawn_pdf(request, template, context)
    if drawn is None:
        return HttpResponseRedirect(request.path)
    return file_download(lambda out: out.write(drawn), name=f"{slugify(name)}.pdf", content_type="application/pdf")


def drawn_pdf(request: HttpRequest, template: str, context: Mapping[str, Any]) -> bytes | None:
    from pd_tracker.web import pdf

    try:
        return pdf.pdf_of(template, context)
    except pdf.PdfMissing:
        words = _("This site cannot make PDF files yet. Print the page, and choose PDF as the printer.")
        messages.error(request, words)
        return None
