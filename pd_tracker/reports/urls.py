"""Reports and the HR summary."""

from django.urls import path

from pd_tracker.reports.hr_summary.views import HrSummary

app_name = "reports"
urlpatterns = [
    path("hr-summary/", HrSummary.as_view(), name="hr_summary"),
]
