from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class TeachersConfig(AppConfig):
    name = "teachers"
    verbose_name = _("People, places and classroom facts")

    def ready(self) -> None:
        user_logged_in.connect(import_module("teachers.middleware").begin)
