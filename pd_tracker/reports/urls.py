"""Reports and the HR summary."""

from django.urls import path

from pd_tracker.reports.exports import views as exports
from pd_tracker.reports.hr_summary.views import HrSummary
from pd_tracker.reports.views import Catalogue, Methods, ReportPage

app_name = "reports"
urlpatterns = [
    path("", Catalogue.as_view(), name="catalogue"),
    path("hr-summary/", HrSummary.as_view(), name="hr_summary"),
    path("exports/", exports.Exports.as_view(), name="exports"),
    path("exports/new/", exports.SaveExport.as_view(), name="save_export"),
    path("exports/files/", exports.Files.as_view(), name="export_files"),
    path("exports/files/<int:pk>/", exports.RunPage.as_view(), name="export_run"),
    path("exports/files/<int:pk>/file/", exports.RunFile.as_view(), name="export_file"),
    path("exports/<int:pk>/", exports.Export.as_view(), name="export"),
    path("exports/<int:pk>/change/", exports.SaveExport.as_view(), name="change_export"),
    path("exports/<int:pk>/run/", exports.RunExport.as_view(), name="run_export"),
    path("exports/<int:pk>/stop/", exports.StopExport.as_view(), name="stop_export"),
    path("exports/<int:pk>/resume/", exports.ResumeExport.as_view(), name="resume_export"),
    path("exports/<int:pk>/remove/", exports.RemoveExport.as_view(), name="remove_export"),
    path("methods/", Methods.as_view(), name="methods"),
    path("<slug:name>/", ReportPage.as_view(), name="report"),
]
