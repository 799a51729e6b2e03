"""Rule: something that must hold in a mesh, with its id, its sentence and its explanation."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import reconciler.spec
from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its id (kebab-case). `sentence` says what must hold, `advice` why and what to do.

    docs/rules.md has a section for each under its id. A rule about something that nobody uses is told only of a mesh
    without errors (`when_sound`): otherwise it may only follow from one of them. What was right yesterday may break one
    that goes by the day (`by_day`): a base that does is still a mesh.
    """

    id: str
    severity: Severity
    sentence: str
    advice: str
    when_sound: bool = False
    by_day: bool = False

    def broken(self, origin: Origin, message: str) -> Finding:
        """The finding that this rule is broken at a place."""
        return Finding(self.id, self.severity, message, origin)


@cache
def rules_in(package: ModuleType) -> Mapping[str, Rule]:
    """Every rule that a module of a package (and below) declares, by id, sorted; the folder is read once."""
    found: dict[str, Rule] = {}
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        for value in vars(importlib.import_module(info.name)).values():
            if isinstance(value, Rule):
                found[value.id] = value
    return dict(sorted(found.items()))


def rules() -> Mapping[str, Rule]:
    """Every rule of the mesh language, by id, sorted."""
    return rules_in(reconciler.spec)
