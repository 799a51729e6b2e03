"""Targets: every reader of the product that takes what others wrote, by name; found by folder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from tests.fuzz.target import Target


@cache
def targets() -> Mapping[str, Target]:
    """Every target by its name."""
    found = [each for module in iter_modules(__path__) for each in import_module(f"{__name__}.{module.name}").TARGETS]
    names = [each.name for each in found]
    assert len({*names}) == len(names), "two targets of one name"
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}
