import gc
from importlib import import_module

from django.apps import AppConfig

ROWS_BETWEEN_COLLECTIONS = 50_000  # Python's 700 walk through rows being read again and again and find nothing


class WebConfig(AppConfig):
    name = "pd_tracker.web"

    def ready(self) -> None:
        import_module("pd_tracker.web.checks")  # registers itself
        gc.freeze()  # what is loaded by now stays, so the collector need not look at it
        gc.set_threshold(ROWS_BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])
