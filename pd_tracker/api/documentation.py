"""The API in words of OpenAPI: what each address takes, what it answers, and every way it can refuse."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from pd_tracker.api import idempotency, problems
from pd_tracker.api.resources import ID, IF_MATCH, ApiViewSet, TableViewSet
from pd_tracker.api.shapes import schema_of

LINE = {
    "type": "object",
    "required": ["field", "message", "place"],
    "properties": {
        "field": {"type": "string", "description": "Empty where it is about the whole."},
        "message": {"type": "string"},
        "place": {"type": "string", "enum": [problems.BODY, problems.QUERY, problems.HEADER]},
    },
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What went wrong and what to do, for people."},
        "errors": {"type": "array", "items": LINE},
    },
}
SHOWN_PROBLEM = {
    "type": "about:blank",
    "title": "Bad Request",
    "status": 400,
    "detail": "This was refused, and nothing was changed.",
    "errors": [{"field": "completed_on", "message": "This day has not come yet.", "place": "body"}],
}
EVERYWHERE = {
    400: "A parameter or a field cannot be taken as it is.",
    401: "No valid token and not signed in.",
    403: "The roles, or the scopes of the token, do not allow this.",
    404: "Nothing here for this reader.",
    405: "Not with this method.",
    406: "Only JSON can be had.",
    429: "Too many requests; Retry-After says for how many seconds.",
}
WRITING = {
    409: "Somebody else changed the row.",
    413: "Too large.",
    415: "Send JSON.",
    422: "The Idempotency-Key was used for another request.",
    428: "Send If-Match with the version you saw.",
}
UNSAFE = {"POST", "PATCH", "DELETE"}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "pd_tracker.api.authentication.ScopedToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token pdt_…`, made under “API tokens” in the account menu.",
        }


class HouseSchema(AutoSchema):
    """Lists and rows come from their Table, refusals from the two lists above."""

    def get_operation_id(self) -> str:
        return f"{self.view.basename}_{self.view.action}" if isinstance(self.view, ApiViewSet) else "schema"

    def get_request_serializer(self) -> Any:
        return self.view.bodies.get(self.view.action) if isinstance(self.view, ApiViewSet) else None

    def get_examples(self) -> list[OpenApiExample]:
        sent = getattr(self.view, "examples", {}).get(getattr(self.view, "action", ""))
        return [OpenApiExample("For instance", sent, request_only=True)] if sent else []

    def get_override_parameters(self) -> list[Any]:
        headers = []
        if self.method in UNSAFE:
            words = "The same key for the same request, sent again, has one effect and one answer."
            headers.append(OpenApiParameter(idempotency.NAME, str, OpenApiParameter.HEADER, description=words))
        if self.method == "PATCH" or getattr(self.view, "action", "") in getattr(self.view, "versioned", ()):
            words = "The version you saw: the row's ETag."
            headers.append(OpenApiParameter(IF_MATCH, str, OpenApiParameter.HEADER, description=words))
        return [*super().get_override_parameters(), *headers]

    def get_response_serializers(self) -> Any:
        refusals = EVERYWHERE | (WRITING if self.method in UNSAFE else {})
        media_type = problems.MEDIA_TYPE
        shown = {400: [OpenApiExample("A problem", SHOWN_PROBLEM)]}
        made = {
            (code, media_type): OpenApiResponse(self.problem(), words, examples=shown.get(code))
            for code, words in refusals.items()
        }
        return {**self.successes(), **made}

    def successes(self) -> dict[int, Any]:
        view = self.view
        if self.method == "DELETE":
            return {204: OpenApiResponse(description="Done.")}
        if not isinstance(view, ApiViewSet):
            return {200: {"type": "object"}}
        own = view.answers.get(view.action)
        schema = dict(own) if own else self.row_schema(view) if isinstance(view, TableViewSet) else {"type": "object"}
        return {201 if view.action in view.creating else 200: schema}

    def row_schema(self, view: TableViewSet) -> dict[str, Any]:
        row = schema_of((ID, *view.table.columns), optional=view.optional)
        name = view.model.__name__
        if view.action == "list":
            page = view.paginator.get_paginated_response_schema({"type": "array", "items": self.named(name, row)})
            return self.named(f"{name}Page", page)
        also = view.more_schema | {"version": {"type": "integer", "nullable": True}}
        whole = {**row, "properties": row["properties"] | also, "required": row["required"] + list(also)}
        return self.named(f"{name}Detail", whole)

    def problem(self) -> dict[str, Any]:
        return self.named("Problem", PROBLEM)

    def named(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, name)  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)
        return component.ref

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # or it would wrap the pages that are written out above once more

    def get_filter_backends(self) -> list[Any]:
        view: Any = self.view
        return list(view.filter_backends) if getattr(view, "action", "") == "list" else []

    def _get_pagination_parameters(self) -> list[Any]:
        view: Any = self.view
        is_paged = getattr(view, "action", "") == "list" and view.pagination_class
        return list(view.paginator.get_schema_operation_parameters(view)) if is_paged else []
