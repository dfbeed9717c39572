from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "pd_tracker.notices"
