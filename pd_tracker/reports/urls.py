"""Reports and the HR summary."""

from django.urls import path

from pd_tracker.reports.hr_summary.views import HrSummary
from pd_tracker.reports.views import Catalogue, Methods, ReportPage

app_name = "reports"
urlpatterns = [
    path("", Catalogue.as_view(), name="catalogue"),
    path("hr-summary/", HrSummary.as_view(), name="hr_summary"),
    path("methods/", Methods.as_view(), name="methods"),
    path("<slug:name>/", ReportPage.as_view(), name="report"),
]
