from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "pd_tracker.reports"
