"""A job's page, for whoever asked for the work."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.views.generic import DetailView

from pd_tracker.jobs.models import Job
from pd_tracker.web.vitals import worker_is_silent


class JobView(DetailView[Job]):
    template_name = "jobs/job.html"

    def get_queryset(self) -> QuerySet[Job]:
        return Job.objects.visible_to(self.request.user)

    def get_template_names(self) -> list[str]:
        return ["parts/progress.html" if self.request.htmx else self.template_name]  # type: ignore[attr-defined]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        """A page that only showed the progress of something of its own is read anew once the work is over."""
        response = super().render_to_response(context, **kwargs)
        htmx = self.request.htmx  # type: ignore[attr-defined]
        if htmx and self.object.is_over and htmx.current_url_abs_path != self.request.path:
            response.headers["HX-Refresh"] = "true"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_stuck = self.object.state == Job.State.WAITING and worker_is_silent(at=timezone.now())
        return super().get_context_data(poll_url=self.object.get_absolute_url(), is_stuck=is_stuck, **kwargs)
