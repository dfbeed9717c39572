"""Checking a certificate, for anybody who holds one: only what stands on it, and never whose it is."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.ratelimit import consume_or_429
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from learning_plans import tables
from learning_plans.models import Certificate
from learning_plans.rules.certificates import in_parts, read_off
from learning_plans.rules.choices import CompletionState
from pd_tracker.web.addresses import searched


@method_decorator([login_not_required, never_cache], name="dispatch")
class CheckCertificate(TemplateView):
    """Where a number is typed in."""

    template_name = "learning_plans/certificate_check.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        typed = searched(request.GET, "number")
        number = read_off(typed)
        if number:
            return redirect("learning_plans:certificate", number=in_parts(number))
        return self.render_to_response(self.get_context_data(typed=typed))


@method_decorator([login_not_required, never_cache], name="dispatch")
class CertificatePage(TemplateView):
    """One number; how often one address may ask is limited."""

    template_name = "learning_plans/certificate.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Of allauth's public counter, reading is never too often.
        refused = consume_or_429(
            request, app="certificates", action="check", config=settings.CERTIFICATE_RATE_LIMITS, limit_get=True
        )
        if refused is not None:
            return refused
        number = read_off(kwargs["number"])
        shown = Certificate.objects.shown_to_anybody(number)
        is_valid = shown is not None and shown["state"] == CompletionState.APPROVED
        hours = tables.hours(shown["minutes"]) if shown else None
        context = self.get_context_data(shown=shown, hours=hours, number=in_parts(number), is_valid=is_valid)
        return self.render_to_response(context, status=200 if shown else 404)


urlpatterns = [
    path("certificates/", CheckCertificate.as_view(), name="check_certificate"),
    path("certificates/<str:number>/", CertificatePage.as_view(), name="certificate"),
]
