"""Outcome: what became of a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.model.plan import Step

Result = Literal["done", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`done`; `failed` with AWS's words; `skipped` because a step it waits for failed or was held."""

    step: Step
    result: Result
    message: str = ""
