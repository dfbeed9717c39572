"""One's own tokens, for programs: to see what is used, and to end one. A new one is made on the page only."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from pd_tracker.api.actions import revoke_token
from pd_tracker.api.idempotency import writes
from pd_tracker.api.models import ScopeName, Token
from pd_tracker.api.resources import ApiViewSet
from pd_tracker.api.shapes import schema_of, shaped
from pd_tracker.api.tables import TOKENS

SCOPE_LIST = {"type": "array", "items": {"type": "string", "enum": ScopeName.values}}
TOKEN = schema_of(TOKENS.columns)
TOKEN["properties"]["scopes"] = SCOPE_LIST


class TokenViewSet(ApiViewSet):
    """Known by their beginning. A token shows and ends itself and the others of its owner, and makes none."""

    permission_classes = (IsAuthenticated,)
    answers: ClassVar[dict[str, dict[str, Any]]] = {
        "list": {"type": "array", "items": TOKEN},
    }
    lookup_field, lookup_value_regex = "beginning", "[a-z0-9_]{1,25}"

    def own(self) -> QuerySet[Token]:
        return Token.objects.filter(user=self.request.user.pk)

    def list(self, request: Request) -> Response:
        return Response(shaped(list(self.own().values_list(*TOKENS.lookups)), TOKENS.columns))

    @writes
    def destroy(self, request: Request, beginning: str) -> Response:
        revoke_token(token=get_object_or_404(self.own(), token_key=beginning), actor=request.user)
        return Response(status=204)
