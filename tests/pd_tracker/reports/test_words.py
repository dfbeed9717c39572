"""Reports describe associations; words that claim a cause are in none of their texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BANNED = re.compile(r"\b(effects?|impacts?|because of|ROI|saved)\b", re.IGNORECASE)
REPORTS = ("pd_tracker/reports/*.py", "pd_tracker/reports/pd_retention/*.py")
TEXTS = [*(path for reports in REPORTS for path in ROOT.glob(reports)), *ROOT.glob("templates/reports/**/*.html")]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_no_text_claims_a_cause(path):
    assert BANNED.findall(path.read_text(encoding="utf-8")) == []


def test_there_are_texts_to_look_at():
    assert len(TEXTS) > 10
    assert BANNED.search("The impact of training")
