"""The few base classes that every page is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django_filters import FilterSet

from pd_tracker.access import Capability
from pd_tracker.audit.actions import record
from pd_tracker.sheets.table import Table
from pd_tracker.web.downloads import FORMATS, table_download
from pd_tracker.web.ordering import Order
from pd_tracker.web.pages import CappedPaginator


class CapabilityMixin:
    """Refuses who may not do this at all; which rows they reach is the queryset's own question."""

    capability: ClassVar[Capability]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require(request, self.capability)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def require(request: HttpRequest, *any_of: Capability) -> None:
    if not any(map(request.user.may, any_of)):
        raise PermissionDenied(_("Your roles do not open this page."))


def say_errors(request: HttpRequest, sentences: Iterable[str]) -> None:
    for sentence in sentences:
        messages.error(request, sentence)


class TablePage(CapabilityMixin, TemplateView):
    """A list: one queryset cut by who asks, one FilterSet, one Table; as a page, and as the file of the same rows."""

    table: ClassVar[Table]
    filterset_class: ClassVar[type[FilterSet] | None] = None
    ordering: ClassVar[str] = ""  # a column key, "-" before it for descending
    row_url_name: ClassVar[str] = ""
    row_key: ClassVar[str] = "pk"  # what a row links with and is chosen by
    per_page: ClassVar[int] = 50

    def get_queryset(self) -> QuerySet[Any]:
        raise NotImplementedError

    def get_table(self) -> Table:
        return self.table

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = self.filtered()
        wanted = request.GET.get("format", "")
        if wanted in FORMATS:
            return self.download(rows, wanted)
        return self.render_to_response(self.get_context_data(rows=rows, **kwargs))

    def filtered(self) -> QuerySet[Any]:
        rows = self.get_queryset()
        self.filterset = None
        if self.filterset_class is not None:
            self.filterset = self.filterset_class(self.request.GET, rows, request=self.request)
            rows = self.filterset.qs if self.filterset.is_valid() else rows.none()
        return self.ordered(rows)

    def ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        table = self.get_table()
        order = Order.asked(self.request.GET.get("ordering", ""), table) or Order.asked(self.ordering, table)
        self.ordered_by = str(order or "")
        return order.sort(rows) if order else rows

    def download(self, rows: QuerySet[Any], wanted: str) -> FileResponse | HttpResponse:
        table = self.get_table()
        record(actor=self.request.user, verb="list.exported", list=table.key, format=wanted)
        return table_download(table.fill(rows), wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = kwargs.pop("rows")
        table = self.get_table()
        page = CappedPaginator(rows, self.per_page).get_page(self.request.GET.get("page"))
        raw = list(page.object_list.values_list(self.row_key, *table.lookups))  # type: ignore[attr-defined]
        return super().get_context_data(
            table=table.with_rows(list(table.shown(row[1:] for row in raw))),
            row_keys=[row[0] for row in raw],
            row_url_name=self.row_url_name,
            page=page,
            filterset=self.filterset,
            ordered_by=self.ordered_by,
            **kwargs,
        )
