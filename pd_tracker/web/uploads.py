"""What may be sent here at all."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from pd_tracker.sheets.reading.shapes import MAX_FILE_BYTES

BESIDE_FILE_BYTES = 2**20  # the fields and the wrapping of a form


class RefuseTooLarge(FileUploadHandler):
    """Ends a request before its files fill the disk; forms are read before anybody asks who sends them."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > MAX_FILE_BYTES + BESIDE_FILE_BYTES:
            raise RequestDataTooBig("The files sent together are too large.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
