"""Pages that begin behind a row instead of at a number: as quick at any depth, and no row is skipped or seen twice."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from pd_tracker.api.problems import QUERY, Problem, line
from pd_tracker.web.ordering import Order
from pd_tracker.web.pages import MOST as COUNTED

CURSOR, SIZE = "cursor", "page_size"
USUAL, MOST = 100, 200
LARGEST_KEY = 2**63 - 1
KEY: dict[str, Any] = {"min_value": 1, "max_value": LARGEST_KEY}  # what a number in a body or an address may be
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)  # of these every zone has a day
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class KeysetPagination(BasePagination):
    """`count` stands on the first page only and stops at 10,000: counting millions costs more than reading them."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        self.request, self.order, lookups = request, view.order, view.get_table().lookups
        self.size = size_of(request)
        cursor = request.query_params.get(CURSOR, "")
        self.count = None if cursor else queryset.order_by().values("pk")[: COUNTED + 1].count()
        rows = self.order.sort(queryset)
        if cursor:
            value, pk = decoded(cursor, self.order, rows)
            rows = self.order.after(rows, value=value, pk=pk)
        else:
            # The keys first: without a place to begin at, SQLite would not walk the order's index beside the joins.
            rows = self.order.sort(queryset.filter(pk__in=rows.values("pk")[: self.size + 1]))
        found = list(rows.values_list(*lookups)[: self.size + 1])
        page = found[: self.size]
        self.next = None
        if len(found) > self.size:
            last = dict(zip(lookups, page[-1], strict=True))
            self.next = encoded(self.order, last[self.order.column.lookup], last["pk"])
        return page

    def get_paginated_response(self, data: Any) -> Response:
        here = self.request.build_absolute_uri()
        return Response(
            {
                "count": min(self.count, COUNTED) if self.count is not None else None,
                "count_is_capped": self.count is not None and self.count > COUNTED,
                "next": replace_query_param(here, CURSOR, self.next) if self.next else None,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["count", "count_is_capped", "next", "results"],
            "properties": {
                "count": {"type": "integer", "nullable": True, "description": "On the first page; at most 10,000."},
                "count_is_capped": {"type": "boolean", "description": "Whether there are more than 10,000."},
                "next": {"type": "string", "format": "uri", "nullable": True, "description": "The next page."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        return [
            {"name": CURSOR, "in": QUERY, "schema": {"type": "string"}, "description": "From `next`."},
            {"name": SIZE, "in": QUERY, "schema": size, "description": "Rows on a page."},
        ]


def size_of(request: Request) -> int:
    asked = request.query_params.get(SIZE, str(USUAL))
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 3 and 1 <= int(asked) <= MOST):
        words = _("Choose a page size from 1 to %(most)d.") % {"most": MOST}
        raise Problem(words, [line(SIZE, words, QUERY)])
    return int(asked)


def encoded(order: Order, value: Any, pk: int) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
    return urlsafe_b64encode(json.dumps([str(order), text, pk]).encode()).decode().rstrip("=")


def decoded(cursor: str, order: Order, rows: QuerySet[Any]) -> tuple[Any, int]:
    """The value and key of the last row seen; a cursor belongs to the ordering it was made for."""
    try:
        ordering, text, pk = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = None if text is None else order.field(rows).to_python(text)
    except (ValueError, TypeError, OverflowError, ValidationError, RecursionError):
        ordering, value, pk = "", None, 0
    is_sound = ordering == str(order) and type(pk) is int and 0 <= pk <= LARGEST_KEY and is_plain(value)
    if not is_sound:
        words = _("This cursor does not belong to this list and order. Begin again without it.")
        raise Problem(words, [line(CURSOR, words, QUERY)])
    return value, pk


def is_plain(value: Any) -> bool:
    """Something a database can compare with: no list, no text it cannot store, no number beyond its columns."""
    if isinstance(value, str):
        return not UNSTORABLE.search(value)
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, (int, float, Decimal)):
        return -LARGEST_KEY <= value <= LARGEST_KEY
    if isinstance(value, datetime):
        return is_aware(value) and EARLIEST < value < LATEST
    return isinstance(value, date)
