"""Addresses of imports."""

from django.urls import path

from pd_tracker.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.Runs.as_view(), name="runs"),
    path("new/", views.Upload.as_view(), name="upload"),
    path("templates/<slug:kind>/", views.Template.as_view(), name="template"),
    path("<int:pk>/", views.Run.as_view(), name="run"),
    path("<int:pk>/columns/", views.Match.as_view(), name="match"),
    path("<int:pk>/preview/", views.Preview.as_view(), name="preview"),
    path("<int:pk>/check/", views.Check.as_view(), name="check"),
    path("<int:pk>/confirm/", views.Confirm.as_view(), name="confirm"),
    path("<int:pk>/result/", views.Result.as_view(), name="result"),
    path("<int:pk>/rejected/", views.Rejected.as_view(), name="rejected"),
]
