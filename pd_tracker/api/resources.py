"""What every resource of the API is made of: rows cut by who asks, one Table, one FilterSet, as on the page."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.filters import BaseFilterBackend
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from pd_tracker.access import Capability
from pd_tracker.api.keyset import CURSOR, SIZE, KeysetPagination
from pd_tracker.api.problems import QUERY, Conflict, NeedsVersion, Problem, line
from pd_tracker.api.shapes import shaped
from pd_tracker.audit.versions import latest_version
from pd_tracker.sheets.table import Column, Kind, Table
from pd_tracker.web.ordering import Order

ID = Column("id", gettext_lazy("Id"), Kind.INTEGER, source="pk")
ORDERING, IF_MATCH = "ordering", "If-Match"
PAGING = {ORDERING, CURSOR, SIZE}
Given = dict[str, Any]


class OrderParameter(BaseFilterBackend):
    """Only described here: the pages are put in order by the pagination."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        keys = [column.key for column in (ID, *view.table.columns) if column.sortable]
        choices = [*keys, *(f"-{key}" for key in keys)]
        schema = {"type": "string", "enum": choices, "default": view.ordering}
        return [{"name": ORDERING, "in": QUERY, "schema": schema, "description": "With - before it, the reverse."}]


class ApiViewSet(GenericViewSet):
    """Closed by default: `capabilities` says for each action what it needs, `bodies` what may be sent to it."""

    capabilities: ClassVar[Mapping[str, Capability | tuple[Capability, ...]]] = {}
    bodies: ClassVar[Mapping[str, type[Serializer[Any]]]] = {}
    examples: ClassVar[Mapping[str, Given]] = {}  # of what is sent
    answers: ClassVar[Mapping[str, dict[str, Any]]] = {}  # in words of OpenAPI, where they are no rows of the table
    creating: ClassVar[frozenset[str]] = frozenset({"create"})  # actions that answer 201
    versioned: ClassVar[frozenset[str]] = frozenset({"partial_update"})  # actions that take If-Match
    filterset_class: ClassVar[Any] = None
    lookup_value_regex = "[0-9]{1,18}"
    pagination_class: Any = None
    filter_backends: Any = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        request.body  # noqa: B018  Django's limit on size holds for what is read whole, before it is parsed
        super().initial(request, *args, **kwargs)
        self.refuse_strangers(request)

    def refuse_strangers(self, request: Request) -> None:
        """A parameter nobody knows is a mistake; quietly leaving it out would answer another question."""
        known = self.known_parameters()
        for name in request.query_params:
            if name not in known:
                words = _("There is no parameter “%(name)s” here. It takes: %(known)s.")
                sentence = words % {"name": name[:60], "known": ", ".join(sorted(known)) or _("none")}
                raise Problem(sentence, [line(name[:60], sentence, QUERY)])

    def known_parameters(self) -> set[str]:
        return set()

    def get_serializer_class(self) -> Any:
        return self.bodies.get(self.action or "", Serializer)

    def given(self, request: Request) -> Given:
        """What was sent, checked; a change may leave out what stays."""
        body: Any = self.get_serializer(data=request.data, partial=request.method == "PATCH")
        if isinstance(request.data, Mapping) and (strange := sorted(set(request.data) - set(body.fields))):
            words = _("There is no such field here. The fields are: %(known)s.")
            sentence = words % {"known": ", ".join(body.fields) or _("none")}
            raise Problem(sentence, [line(name, sentence) for name in strange])
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        finished = super().finalize_response(request, response, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and finished.status_code == 200 and not finished.has_header("ETag"):
            finished.add_post_render_callback(lambda rendered: unless_known(request, rendered))
        return finished


def unless_known(request: Request, response: Any) -> Any:
    """304 where the reader already holds exactly this."""
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request._request, response["ETag"], response=response)


class TableViewSet(ApiViewSet):
    """A list and its rows, with the same keys in both; `more` adds what only one row is asked for."""

    model: ClassVar[type[Model]]
    table: ClassVar[Table]
    ordering: ClassVar[str]
    optional: ClassVar[Collection[str]] = ()  # columns that some readers do not get
    more_schema: ClassVar[dict[str, Any]] = {}
    pagination_class = KeysetPagination
    filter_backends = (DjangoFilterBackend, OrderParameter)  # they describe what `list` takes

    def rows(self) -> QuerySet[Any]:
        """What the reader may see; every answer begins here."""
        raise NotImplementedError

    def get_table(self) -> Table:
        """The columns this reader gets; the id comes first."""
        return self.table.also(ID)

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):  # asked for the description, by nobody
            return self.model._default_manager.none()
        return self.rows()

    @cached_property
    def filterset(self) -> Any:
        """The filters of the page, as far as this reader may use them."""
        return self.filterset_class(self.request.query_params, self.get_queryset(), request=self.request)

    def known_parameters(self) -> set[str]:
        if self.action != "list":
            return set()
        return PAGING if self.is_unfiltered else {*self.filterset.filters, *PAGING}

    @property
    def is_unfiltered(self) -> bool:
        """Nothing is filtered by, and the filters do nothing unasked: then they need not be made."""
        made = self.filterset_class.filter_queryset is FilterSet.filter_queryset
        return made and self.request.query_params.keys() <= PAGING

    def filtered(self) -> QuerySet[Any]:
        if self.is_unfiltered:
            return self.get_queryset()
        if not self.filterset.is_valid():
            errors = [line(name, text, QUERY) for name, texts in self.filterset.errors.items() for text in texts]
            raise Problem(_("A filter cannot be taken as it is; the lines below say why."), errors)
        found: QuerySet[Any] = self.filterset.qs
        return found

    @cached_property
    def order(self) -> Order:
        asked = self.request.query_params.get(ORDERING, self.ordering)
        order = Order.asked(asked, self.get_table())
        if order is None:
            keys = ", ".join(column.key for column in self.get_table().columns if column.sortable)
            words = _("This list cannot be ordered by that. Choose one of: %(keys)s.") % {"keys": keys}
            raise Problem(words, [line(ORDERING, words, QUERY)])
        return order

    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filtered())
        self.note(rows or [])
        return self.get_paginated_response(shaped(rows or [], self.get_table().columns))

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.shown(int(pk))

    def shown(self, pk: int, *, status: int = 200) -> Response:
        """One row as it stands now, with the version that a change of it has to name."""
        found = list(self.get_queryset().filter(pk=pk).values_list(*self.get_table().lookups))
        row = get_object_or_404(self.model._default_manager.all(), pk=pk if found else None)
        self.note(found)
        version = self.version_of(row)
        data = shaped(found, self.get_table().columns)[0] | self.more(row) | {"version": version}
        return Response(data, status=status, headers={"ETag": f'"{version}"'})

    def version_of(self, row: Any) -> int | None:
        return latest_version(row)

    def more(self, row: Any) -> dict[str, Any]:
        return {}

    def note(self, rows: Sequence[Any]) -> None:
        """Leaves a mark where somebody's personnel data went out."""


def refuse_stale(request: Request, row: Any, given: Given, *, required: bool = True, also: Given | None = None) -> None:
    """Who changes a row names the version they saw; if somebody was quicker, both texts are shown.

    `also` says how those fields stand now that are no attributes of the row.
    """
    seen, version = request.headers.get(IF_MATCH, "").strip().removeprefix("W/").strip('"'), latest_version(row)
    if not seen and required:
        words = _("Send the version you saw, as the header If-Match: the row's ETag.")
        raise NeedsVersion(words, [line(IF_MATCH, words, "header")])
    if seen and seen != str(version):
        words = _("Somebody changed this after you read it. Read it again, compare, and send your change once more.")
        standing = {name: getattr(row, name) for name in given if hasattr(row, name)} | (also or {})
        errors = [
            line(name, _("here now: %(theirs)s; yours: %(mine)s") % {"theirs": standing[name], "mine": mine})
            for name, mine in given.items()
            if name in standing and standing[name] != mine
        ]
        raise Conflict(words, errors)
