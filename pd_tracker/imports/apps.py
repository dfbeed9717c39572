from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "pd_tracker.imports"
