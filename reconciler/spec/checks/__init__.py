"""What must hold between documents. Every module here has a `check(unchecked)`; none is listed anywhere."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from reconciler.model.finding import Finding
from reconciler.spec.unchecked_mesh import UncheckedMesh

Check = Callable[[UncheckedMesh], Iterable[Finding]]


@cache
def every_check() -> tuple[Check, ...]:
    """The checks of all modules, by their names; the folder is read once."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").check for name in names)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Everything that the checks have to say about a mesh."""
    for each in every_check():
        yield from each(unchecked)
