"""Pages of a list: counted only as far as anybody turns them, and no dearer at the end than at the beginning."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

MOST = 10_000  # counting millions of rows takes longer than everything else on the page


class CappedPaginator(Paginator[Any]):
    """The pages of a queryset; of more rows than MOST, the first MOST."""

    object_list: QuerySet[Any]

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def is_capped(self) -> bool:
        return self._counted > MOST

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by().values("pk")[: MOST + 1].count()

    def _get_page(self, rows: QuerySet[Any], number: int, paginator: Paginator[Any]) -> Page[Any]:
        """The keys of the page first: what else a row shows is not worked out for the rows of all other pages."""
        shown = self.object_list.filter(pk__in=rows.values("pk")) if self.num_pages > 1 else rows
        return Page(shown, number, paginator)
