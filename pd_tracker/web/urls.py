"""Health of the site, for machines; `middleware.HealthFirst` answers these before anything else looks at a request."""

from django.urls import path

from pd_tracker.web.health import live, ready

app_name = "health"
urlpatterns = [
    path("live", live, name="live"),
    path("ready", ready, name="ready"),
]
