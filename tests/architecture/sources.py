"""The project's own files, as these tests read them."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("pd_tracker", "teachers", "learning_plans", "templates", "tests", "docs", ".ci")
NOT_OURS = {"node_modules", "__pycache__", "vendor", "migrations"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*suffixes: str) -> list[Path]:
    """Every file that people write here, or those with the given endings."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    found += [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]
    ours = [path for path in found if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in ours if not suffixes or path.suffix in suffixes)


def python_files(*rooms: str) -> list[Path]:
    """The product's Python files; only those in rooms (`rules` is rules.py or anything below rules/) when named."""
    product = [path for path in files(".py") if "tests" not in path.relative_to(ROOT).parts]
    return [path for path in product if not rooms or in_room(path, rooms)]


def in_room(path: Path, rooms: tuple[str, ...]) -> bool:
    return bool(set(rooms) & set(path.relative_to(ROOT).with_suffix("").parts))


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def place(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"
