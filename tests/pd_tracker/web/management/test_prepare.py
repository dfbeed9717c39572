"""What `manage.py prepare` does once and what it does not do again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from pd_tracker.web.management.commands.prepare import collect_static


@pytest.fixture
def static_root(settings: Settings, tmp_path: Path) -> Path:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "page.css").write_text("p {}", encoding="ascii")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], target
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    return target


def test_static_files_are_collected_again_only_when_one_changed(static_root: Path) -> None:
    collected = static_root / "page.css"
    collect_static(verbosity=0)
    collected.unlink()
    collect_static(verbosity=0)
    assert not collected.exists()

    (static_root.parent / "source" / "page.css").write_text("p { color: black }", encoding="ascii")
    collect_static(verbosity=0)
    assert collected.read_text(encoding="ascii") == "p { color: black }"


@pytest.mark.django_db
def test_preparing_twice_is_harmless(static_root: Path) -> None:
    call_command("prepare", verbosity=0)
    call_command("prepare", verbosity=0)

    assert (static_root / "page.css").exists()
