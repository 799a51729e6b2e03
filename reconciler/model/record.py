"""record: a frozen, slotted dataclass of which a large mesh makes millions.

That nobody changes one is held by the type checker alone: a dataclass that holds it itself writes each field by a call,
and takes eight times as long to be made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, order: bool = False) -> Callable[[type[T]], type[T]]:
    """The decorator, instead of `dataclass(frozen=True, slots=True)`."""
    return dataclass(slots=True, unsafe_hash=True, order=order)
