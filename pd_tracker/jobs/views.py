"""A job's page, for whoever asked for the work."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.views.generic import DetailView

from pd_tracker.jobs.models import Job


class JobView(DetailView[Job]):
    template_name = "jobs/job.html"

    def get_queryset(self) -> QuerySet[Job]:
        return Job.objects.visible_to(self.request.user)  # type: ignore[arg-type]

    def get_template_names(self) -> list[str]:
        return ["parts/progress.html" if self.request.htmx else self.template_name]  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(poll_url=self.object.get_absolute_url(), **kwargs)
