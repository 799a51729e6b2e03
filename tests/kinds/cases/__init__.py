"""One file a kind: which changes of the mesh change which of its fields, and what lives beside it and must survive."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from tests.estate import Edit, Estate


@dataclass(frozen=True)
class Neighbour:
    """Something of somebody else: how it is made, and whether it is still there."""

    make: Callable[[Estate], None]
    survives: Callable[[Estate], bool]


@dataclass(frozen=True)
class Case:
    """What the laws need to know of a kind.

    edits       changes of the full mesh that update the kind, by what they change
    fixed       compared fields that no change of a mesh alters, with the reason
    kept        why nothing of it is ever deleted (empty: it is)
    ours_too    edits that are no drift when a hand makes them, with the reason
    alone       edits by which other things come and go, so that nothing else is changed together with them
    neighbour   somebody else's thing of the same kind, or on the same resource
    """

    edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    ours_too: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""
    alone: frozenset[str] = frozenset()
    neighbour: Neighbour | None = None


@cache
def case(kind: str) -> Case:
    """The case of a kind; AssertionError where nobody wrote one."""
    name = kind.replace("-", "_")
    assert name in {info.name for info in pkgutil.iter_modules(__path__)}, f"tests/kinds/cases/{name}.py is missing"
    found = importlib.import_module(f"{__name__}.{name}").CASE
    assert isinstance(found, Case)
    return found
