"""Addresses of the messages under the bell."""

from django.urls import path

from pd_tracker.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.NoticeList.as_view(), name="list"),
    path("read/", views.ReadAll.as_view(), name="read_all"),
    path("<int:pk>/", views.OpenNotice.as_view(), name="open"),
]
