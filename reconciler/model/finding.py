"""Finding: what a rule has to say, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.model.origin import Origin

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's sentence about a place. `rule` is documented in docs/rules.md under that id.

    An error in a mesh stops everything; a finding of a gate stops apply until its rule id is accepted.
    `hints` say what to do next, one line each with the command to type. `databases` are those of the products whose
    owners may accept it; without any, governance does, and with `by_governance` it does beside them.
    """

    rule: str
    severity: Severity
    message: str
    origin: Origin | None = None
    hints: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    by_governance: bool = False

    def __str__(self) -> str:
        place = f"{self.origin}  " if self.origin else ""
        return f"{place}{self.rule}  {self.message}"
