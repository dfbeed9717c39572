"""Home, search and the pages open to everybody."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from django.views.i18n import set_language

from learning_plans.models import Course
from learning_plans.rules.progress import Progress
from learning_plans.views.plans import plan_context
from pd_tracker.access import Capability
from pd_tracker.dashboards.tiles import sections_for
from pd_tracker.reports.catalogue import reports_for
from pd_tracker.reports.declared import Report
from pd_tracker.web.addresses import searched
from pd_tracker.web.vitals import work_stands_still
from teachers.actions.preferences import choose_language as remember_language
from teachers.models import Teacher

SHOWN = 20
NEXT = (Progress.OVERDUE, Progress.DUE_SOON)


class Home(TemplateView):
    template_name = "dashboards/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            sections=sections_for(self.request.user),
            work_stands_still=self.work_stands_still(),
            **self.own_plan(),
        )

    def work_stands_still(self) -> bool:
        """Told to whoever loads files or looks after the site."""
        user = self.request.user
        concerned = user.may(Capability.IMPORTS_RUN) or user.may(Capability.DISTRICT_EDIT)
        return concerned and work_stands_still(at=timezone.now())

    def own_plan(self) -> dict[str, Any]:
        """What a teacher has to do next, with the button that does it."""
        user = self.request.user
        teacher = Teacher.objects.filter(user=user.pk).first() if user.may(Capability.PLANS_VIEW) else None
        if teacher is None:
            return {}
        context = plan_context(user, teacher)
        return context | {"next": [shown for shown in context["items"] if shown.progress in NEXT]}


class Search(TemplateView):
    """People, courses and reports one may see, by what they are called."""

    template_name = "dashboards/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = searched(self.request.GET, "q")
        people, courses = Teacher.objects.none(), Course.objects.none()
        if asked:
            people = Teacher.objects.listed_to(self.request.user).named(asked)
            courses = Course.objects.visible_to(self.request.user).filter(
                Q(title__icontains=asked) | Q(code__icontains=asked)
            )
        return super().get_context_data(
            **kwargs,
            asked=asked,
            people=people[:SHOWN],
            courses=courses[:SHOWN],
            reports=self.reports(asked.casefold()) if asked else (),
        )

    def reports(self, asked: str) -> list[Report]:
        if not self.request.user.may(Capability.REPORTS_VIEW):
            return []
        named = reports_for(self.request.user)
        return [report for report in named if asked in f"{report.title} {report.question}".casefold()]


@method_decorator(login_not_required, name="dispatch")
class OpenPage(TemplateView):
    """Words anybody may read: privacy, accessibility, help."""


@require_POST
@login_not_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """For this browser, and for the person wherever they sign in next."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and check_for_language(language):
        remember_language(user=request.user, language=language)
    return set_language(request)
