"""Home and the pages open to everybody."""

from django.urls import path

from pd_tracker.dashboards.views import Home, OpenPage

app_name = "dashboards"
urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("privacy/", OpenPage.as_view(template_name="dashboards/privacy.html"), name="privacy"),
    path("accessibility/", OpenPage.as_view(template_name="dashboards/accessibility.html"), name="accessibility"),
    path("help/", OpenPage.as_view(template_name="dashboards/help.html"), name="help"),
]
