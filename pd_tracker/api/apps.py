from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "pd_tracker.api"
