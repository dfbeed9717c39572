"""The pages about tokens, and the description of the API."""

from __future__ import annotations

from functools import cache
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from pd_tracker.access import Capability
from pd_tracker.api import tables
from pd_tracker.api.actions import make_token, revoke_token, scopes_for
from pd_tracker.api.forms import TokenForm
from pd_tracker.api.models import Token
from pd_tracker.web.ordering import Order

PER_PAGE = 50


class Tokens(TemplateView):
    """One's own tokens; an administrator sees everybody's."""

    template_name = "api/tokens.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        table = tables.ALL_TOKENS if user.may(Capability.TOKENS_REVOKE) else tables.TOKENS
        order = Order.asked(self.request.GET.get("ordering", ""), table) or Order.asked("-made_at", table)
        found = order.sort(Token.objects.visible_to(user)).values_list("token_key", *table.lookups)
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        rows = list(page.object_list)
        return super().get_context_data(
            **kwargs,
            table=table.with_rows(list(table.shown(row[1:] for row in rows))),
            row_keys=[row[0] for row in rows],
            row_url_name="api:revoke_token",
            page=page,
            ordered_by=str(order),
            may_make=bool(scopes_for(user)),
        )


@method_decorator(reauthentication_required, name="dispatch")
class MakeToken(FormView):
    """A token is as good as a password, so whoever makes one has just given theirs."""

    template_name = "api/make_token.html"
    form_class = TokenForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"owner": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, breadcrumbs=[(_("API tokens"), reverse("api:tokens"))])

    def form_valid(self, form: TokenForm) -> HttpResponse:
        try:
            token, secret = make_token(owner=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        return render(self.request, "api/token_made.html", {"token": token, "secret": secret})


class RevokeToken(TemplateView):
    template_name = "api/revoke_token.html"

    def token(self) -> Token:
        visible = Token.objects.visible_to(self.request.user).select_related("user")
        return get_object_or_404(visible, token_key=self.kwargs["key"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("API tokens"), reverse("api:tokens"))]
        return super().get_context_data(**kwargs, token=self.token(), breadcrumbs=crumbs)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        revoke_token(token=self.token(), actor=request.user)
        messages.success(request, _("Taken back. It opens nothing anymore."))
        return redirect("api:tokens")


@cache
def described(language: str | None) -> Any:
    """The same for everybody who speaks the language, and made once: it takes longer than a hundred rows."""
    return SpectacularJSONAPIView.generator_class().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]


class Schema(SpectacularJSONAPIView):
    """OpenAPI, for signed-in people and programs; strangers get nothing."""

    permission_classes = (IsAuthenticated,)

    def _get_schema_response(self, request: Any) -> Response:
        return Response(described(get_language()))


class Browser(SpectacularSwaggerSplitView):
    """The description as a page, with everything it needs from this site."""

    permission_classes = (IsAuthenticated,)


class Nothing(APIView):
    """Any other address below /api/v1/: an answer in JSON, as everywhere here."""

    permission_classes = (IsAuthenticated,)
    schema = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound(_("There is no such address. The list of them is at /api/v1/docs/."))
