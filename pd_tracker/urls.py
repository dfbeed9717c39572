"""The map of the site."""

from django.urls import include, path

urlpatterns = [
    path("", include("pd_tracker.dashboards.urls")),
    path("", include("learning_plans.urls")),
    path("accounts/", include("allauth.urls")),
]
