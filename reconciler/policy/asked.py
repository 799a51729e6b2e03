"""An expression that can be asked, and asking those of a policy of one object within its budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.policy.budget import Budget
from reconciler.policy.cel import TooManySteps, value, variable
from reconciler.policy.price import Price
from reconciler.policy.size import Measure, measure
from reconciler.spec.yaml.source_map import Key

MOST = 10_000
"""How long a text or a list may be that a variable holds, texts in it counted by their length."""
_LARGE = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked expression, what it takes, and its path in the document."""

    program: Any
    price: Price
    path: tuple[Key, ...]


class GaveUp(Exception):
    """An expression (its path) would take more steps than the policy may."""

    def __init__(self, path: tuple[Key, ...], words: str) -> None:
        super().__init__(words)
        self.path = path


@dataclass(slots=True)
class Asking:
    """The expressions of a policy, asked of an object whose fields (names) have these measures."""

    word: str
    names: tuple[str, ...]
    measures: tuple[Measure, ...]
    budget: Budget
    variables: dict[str, Measure] = field(default_factory=dict)

    def value(self, asked: Asked, seen: Any) -> Any:
        """What an expression says. Raises Failed where it has no value, GaveUp where it would take too long."""
        try:
            self.budget.spend(asked.price.of(self.names, self.measures, self.variables))
            return value(asked.program, seen)
        except TooManySteps as error:
            raise GaveUp(asked.path, f"{error}{self._large()}; {_ADVICE}") from error

    def variable(self, name: str, asked: Asked, seen: Any) -> Any:
        """The value of a variable, which the expressions after it may use."""
        said = self.value(asked, seen)
        if _extent(said) > MOST:
            raise GaveUp(asked.path, f"a variable holds more than {MOST:,} signs or values")
        self.variables[variable(name)] = measure(said)
        return said

    def _large(self) -> str:
        """What the number hangs on, in words."""
        lengths = zip(self.names, self.measures, strict=True)
        found = sorted(((size[0] * max(1, size[1]), name, size[0]) for name, size in lengths), reverse=True)
        said = [f"about {length:,} in {self.word}.{name}" for _, name, length in found[:2] if length > _LARGE]
        return f" ({', '.join(said)})" if said else ""


_ADVICE = "do not put one quantifier into another, nor a pattern into one; `in`, or `all` instead of `map`, takes less"


def _extent(said: Any) -> int:
    """How much a variable holds. Variables may use each other, so that each could double the one before."""
    size = len(said) if isinstance(said, str | list | tuple | Mapping) else 0
    if isinstance(said, list | tuple):
        size += sum(len(each) for each in said if isinstance(each, str))
    return size
