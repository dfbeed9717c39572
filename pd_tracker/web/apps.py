from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "pd_tracker.web"

    def ready(self) -> None:
        import_module("pd_tracker.web.checks")  # registers itself
