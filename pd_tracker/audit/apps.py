from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "pd_tracker.audit"
