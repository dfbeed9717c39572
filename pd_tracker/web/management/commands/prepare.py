"""Everything between new code and a site that can be served; quick when nothing changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Bring the database, the cache table and the static files up to date."

    def handle(self, **options: Any) -> None:
        verbosity = options["verbosity"]
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("createcachetable", verbosity=verbosity)
        collect_static(verbosity)


def collect_static(verbosity: int) -> None:
    """Compressing every file takes a while, so it is done again only when one of them is another."""
    stamp = Path(settings.STATIC_ROOT, ".sources")
    sources = fingerprint()
    if not stamp.exists() or stamp.read_text(encoding="ascii") != sources:
        call_command("collectstatic", interactive=False, verbosity=verbosity)
        stamp.write_text(sources, encoding="ascii")


def fingerprint() -> str:
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list(ignore_patterns=[]), key=lambda found: found[0]):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name).timestamp()}\n".encode())
    return digest.hexdigest()
