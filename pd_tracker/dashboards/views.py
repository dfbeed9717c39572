"""Home: what should I do next?"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from pd_tracker.dashboards.tiles import sections_for


class Home(TemplateView):
    template_name = "dashboards/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, sections=sections_for(self.request.user))


@method_decorator(login_not_required, name="dispatch")
class OpenPage(TemplateView):
    """Words anybody may read: privacy, accessibility, help."""
