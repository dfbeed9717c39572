from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "pd_tracker.web"
