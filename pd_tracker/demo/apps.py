from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "pd_tracker.demo"
