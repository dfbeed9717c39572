"""Reports and the HR summary."""

from django.urls import path

from pd_tracker.reports.hr_summary.views import HrSummary
from pd_tracker.reports.views import Catalogue, ReportPage

app_name = "reports"
urlpatterns = [
    path("", Catalogue.as_view(), name="catalogue"),
    path("hr-summary/", HrSummary.as_view(), name="hr_summary"),
    path("<slug:name>/", ReportPage.as_view(), name="report"),
]
