from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "pd_tracker.dashboards"
