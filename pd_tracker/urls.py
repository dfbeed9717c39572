"""The map of the site."""

from django.urls import include, path
from django.views.generic import RedirectView

handler500 = "pd_tracker.api.problems.unforeseen"
urlpatterns = [
    path("", include("pd_tracker.dashboards.urls")),
    path("", include("learning_plans.urls")),
    path("", include("teachers.urls")),
    path("health/", include("pd_tracker.web.urls")),
    path("imports/", include("pd_tracker.imports.urls")),
    path("jobs/", include("pd_tracker.jobs.urls")),
    path("notices/", include("pd_tracker.notices.urls")),
    path("tokens/", include("pd_tracker.api.urls")),
    path("api/v1/", include("pd_tracker.api_v1")),
    path("reports/", include("pd_tracker.reports.urls")),
    # HR keeps the addresses: one that people could change themselves would be connected with somebody else's record.
    path("accounts/email/", RedirectView.as_view(pattern_name="dashboards:home"), name="account_email"),
    path("accounts/", include("allauth.urls")),
]
