from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "pd_tracker.jobs"
