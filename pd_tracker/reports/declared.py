"""How a report is declared: its name, its question, who may ask it, what may be chosen, and how it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from pd_tracker.access import Capability, Reader
from pd_tracker.reports.parameters import Parameter
from pd_tracker.reports.result import ReportResult


class Build(Protocol):
    def __call__(self, user: Reader, *, on: date, parameters: Mapping[str, str]) -> ReportResult: ...


@dataclass(frozen=True, slots=True)
class Report:
    name: str
    title: Any
    question: Any
    build: Build
    parameters: tuple[Parameter, ...] = ()
    capability: Capability = Capability.REPORTS_VIEW

    def result(self, *, parameters: Mapping[str, str], **parts: Any) -> ReportResult:
        return ReportResult(
            name=self.name,
            title=str(self.title),
            question=str(self.question),
            parameters=dict(parameters),
            **parts,
        )
