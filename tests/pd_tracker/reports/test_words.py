"""Reports describe associations; words that claim a cause are in none of their texts, in no language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise

from pd_tracker.access import Operator
from pd_tracker.reports import files
from pd_tracker.reports.catalogue import CATALOGUE, run

ROOT = Path(__file__).parents[3]
REPORTS = ROOT / "pd_tracker" / "reports"
TODAY = date(2026, 11, 23)
OF_A_LOTTERY = "trial"  # chance chose there, so its report alone may speak of an effect
EFFECT = re.compile(r"\b(effects?|efectos?)\b", re.IGNORECASE)
BANNED = re.compile(
    r"\b(effect\w*|impact\w*|because of|due to|thanks to|ROI|return on investment|saves?|saved|savings?|pays? off"
    r"|efect[oi]\w*|eficacia|debido a|a causa de|gracias a|retorno de la inversión|ahorr\w+)\b",
    re.IGNORECASE,
)
# Exports that somebody saves hold rows and no results; their words for that are not about money.
ABOUT_FILES = re.compile(r"exports?\b|hr_summary\.html$")
TEMPLATES = [path for path in ROOT.glob("templates/reports/**/*.html") if not ABOUT_FILES.search(str(path))]
MODULES = [
    path for path in REPORTS.rglob("*.py") if "estimators" not in path.parts and not ABOUT_FILES.search(str(path))
]


def claims(text: str, *, of: str = "") -> list[str]:
    found = BANNED.findall(text)
    return [word for word in found if not (of == OF_A_LOTTERY and EFFECT.fullmatch(word))]


def literals(path: Path) -> list[str]:
    """Every piece of text in a module that is not a comment or a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    standing = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in standing
    ]


def texts(value: Any) -> Iterator[str]:
    """Every text in a result, however deep."""
    if isinstance(value, str | Promise):
        yield str(value)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from texts(list(value.items()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", teachers=300, years=5, seed=7, today=TODAY, stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_sentence_in_the_code_claims_a_cause(path, language):
    with translation.override(language):
        words = {text: translation.gettext(text) for text in literals(path) if text}
    assert {text: found for text, found in words.items() if claims(found, of=path.stem)} == {}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_claims_a_cause(path, language):
    source = path.read_text(encoding="utf-8")
    spoken = re.findall(r'translate "([^"]+)"', source) + re.findall(r"%}([^{}]+){%", source)
    with translation.override(language):
        assert claims(" ".join([source, *(translation.gettext(words) for words in spoken if words.strip())])) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", CATALOGUE)
def test_no_result_claims_a_cause(demonstration, db, name, language):
    with translation.override(language):
        result = run(name, Operator(today=TODAY), on=TODAY, given={})
        said = [*texts(result.to_json()), *texts(result.charts), *texts(files.sheets(result)), files.as_text(result)]
    assert len(said) > 20
    assert {text for text in said if claims(text, of=name)} == set()


def test_what_counts_as_a_claim():
    for text in ("The impact of training", "Turnover saved", "efectos", "Gracias a la formación", "ROI", "effective"):
        assert claims(text), text
        assert claims(text, of="retention")
    assert claims("The effect of winning", of=OF_A_LOTTERY) == []
    assert claims("The impact of winning", of=OF_A_LOTTERY) == ["impact"]
    assert claims("Teachers with more hours left less often. This is an association.") == []
    assert len(TEMPLATES) > 2
    assert len(MODULES) > 20
