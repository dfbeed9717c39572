"""The pages about tokens."""

from django.urls import path

from pd_tracker.api import views

app_name = "api"
urlpatterns = [
    path("", views.Tokens.as_view(), name="tokens"),
    path("new/", views.MakeToken.as_view(), name="make_token"),
    path("<slug:key>/revoke/", views.RevokeToken.as_view(), name="revoke_token"),
]
