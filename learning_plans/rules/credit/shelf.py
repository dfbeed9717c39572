"""The packs that come with the product."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from learning_plans.rules.credit.pack import Pack
from learning_plans.rules.credit.reading import read_pack

FOLDER = Path(__file__).resolve().parents[2] / "rule_packs"


@cache
def texts() -> dict[str, str]:
    """The text of each pack by id, in the order of their ids."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))}


@cache
def shipped() -> dict[str, Pack]:
    """All packs by id, in the order of their ids."""
    found = [read_pack(text, name=name) for name, text in texts().items()]
    return {pack.id: pack for pack in found}


@cache
def fingerprint() -> str:
    """Changes with every rule that ships differently."""
    return hashlib.sha256(repr(texts()).encode()).hexdigest()
