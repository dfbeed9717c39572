"""The kinds of import. Settings name them, since this app knows none of the apps whose rows they load."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from pd_tracker.imports.importer import Importer


@cache
def importers() -> dict[str, Importer]:
    found: list[Importer] = [import_string(path) for path in settings.IMPORTERS]
    return {importer.kind: importer for importer in found}
