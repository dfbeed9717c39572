"""Files and functions stay small, and nothing in the project points at one machine or one download place."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.sources import ROOT, files, functions, python_files

LONGEST_FILE = 400
LONG_FUNCTION = 40
LONG_FUNCTIONS = 0.03
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|home|tmp)/\w")
DOWNLOAD_PLACE = re.compile(
    r"(?:files\.pythonhosted|pypi|registry\.npmjs|registry\.yarnpkg|proxy\.golang|crates|unpkg|cdn\.jsdelivr|cdnjs\.\w+)"
    r"\.(?:org|com|io|net)"
)


def test_no_file_names_a_machine_path_or_a_download_place() -> None:
    texts = {path.relative_to(ROOT): path.read_text(encoding="utf-8", errors="ignore") for path in files()}
    found = {str(path): MACHINE_PATH.findall(text) + DOWNLOAD_PLACE.findall(text) for path, text in texts.items()}

    assert {path: words for path, words in found.items() if words} == {}


def test_no_file_is_longer_than_a_few_screens() -> None:
    lengths = {str(path.relative_to(ROOT)): lines(path) for path in files(".py", ".html", ".js", ".scss")}

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_long_functions_are_rare() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}:{function.name}": (function.end_lineno or function.lineno) - function.lineno + 1
        for path in python_files()
        for function in functions(path)
    }
    long = [name for name, length in lengths.items() if length > LONG_FUNCTION]

    assert len(long) <= LONG_FUNCTIONS * len(lengths), long


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
