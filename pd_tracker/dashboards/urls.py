"""Home and the pages open to everybody."""

from django.urls import path

from pd_tracker.dashboards.views import Home, OpenPage, Search, choose_language

app_name = "dashboards"
urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("search/", Search.as_view(), name="search"),
    path("language/", choose_language, name="language"),
    path("privacy/", OpenPage.as_view(template_name="dashboards/privacy.html"), name="privacy"),
    path("accessibility/", OpenPage.as_view(template_name="dashboards/accessibility.html"), name="accessibility"),
    path("help/", OpenPage.as_view(template_name="dashboards/help.html"), name="help"),
]
