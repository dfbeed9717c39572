"""The packs that come with the product."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from learning_plans.rules.credit.pack import Pack
from learning_plans.rules.credit.reading import read_pack

FOLDER = Path(__file__).resolve().parents[2] / "rule_packs"


@cache
def shipped() -> dict[str, Pack]:
    """All packs by id, in the order of their ids."""
    found = [read_pack(path.read_text(encoding="utf-8"), name=path.stem) for path in sorted(FOLDER.glob("*.toml"))]
    return {pack.id: pack for pack in found}
