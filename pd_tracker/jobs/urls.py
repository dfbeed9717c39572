"""Addresses of long work."""

from django.urls import path

from pd_tracker.jobs.views import JobView

app_name = "jobs"
urlpatterns = [path("<int:pk>/", JobView.as_view(), name="job")]
