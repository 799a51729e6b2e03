"""Finds the services that the sandbox simulates itself, in `services/`.

A package whose `__init__` defines `State` gets `world.<service> = State(world)`, anew at every reset. Its
`wake(world)`, if it has one, is called before every call. With `BESIDE_MOTO = True` moto serves what has no handler.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from reconciler.sandbox import services
from reconciler.sandbox.core.operation import DECLARED, Operation


@cache
def states() -> dict[str, Callable[[Any], Any]]:
    """The State class of every service that has one, by its name."""
    return {
        name: package.State
        for name, package in ((name, _package(name)) for name in _names())
        if hasattr(package, "State")
    }


@cache
def wakers() -> tuple[Callable[[Any], None], ...]:
    """What services do by themselves as time goes by."""
    return tuple(package.wake for package in map(_package, _names()) if hasattr(package, "wake"))


@cache
def operations(service: str) -> dict[str, Operation]:
    """The handlers of a service by snake-case operation name; empty if there is no such service."""
    if service not in _names():
        return {}
    found: dict[str, Operation] = {}
    for module in _modules(_package(service)):
        for value in vars(module).values():
            if isinstance(value, FunctionType) and hasattr(value, DECLARED) and value.__module__ == module.__name__:
                name, declared = getattr(value, DECLARED)
                if name in found:
                    raise TypeError(f"two handlers of {service}.{name}")
                found[name] = declared
    return found


@cache
def beside_moto(service: str) -> bool:
    """Whether moto serves the operations of a service that it has no handlers for."""
    return service in _names() and bool(getattr(_package(service), "BESIDE_MOTO", False))


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(m.name for m in pkgutil.iter_modules(_package("").__path__) if m.ispkg))


def _package(name: str) -> ModuleType:
    return importlib.import_module(f"{services.__name__}.{name}" if name else services.__name__)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        yield importlib.import_module(module.name)
