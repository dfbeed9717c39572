"""The map of the site."""

from django.urls import include, path

urlpatterns = [
    path("", include("pd_tracker.dashboards.urls")),
    path("", include("learning_plans.urls")),
    path("", include("teachers.urls")),
    path("imports/", include("pd_tracker.imports.urls")),
    path("jobs/", include("pd_tracker.jobs.urls")),
    path("notices/", include("pd_tracker.notices.urls")),
    path("reports/", include("pd_tracker.reports.urls")),
    path("accounts/", include("allauth.urls")),
]
