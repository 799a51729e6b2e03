"""Outcome: what became of a step; Run: what became of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reconciler.model.finding import Finding
from reconciler.model.plan import Plan, Step

Result = Literal["done", "failed", "skipped"]
WAITS = "waits for "
"""With this the message of a step begins that was skipped since another one, which it names, was not done."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`done`; `failed` with AWS's words; `skipped` because a step it waits for failed or was held."""

    step: Step
    result: Result
    message: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of apply: the plan that was carried out and what became of its steps."""

    started: datetime
    plan: Plan
    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Steps that failed or were skipped."""
        return tuple(outcome for outcome in self.outcomes if outcome.result != "done")
