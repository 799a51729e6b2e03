"""What must hold between documents. Every module here has a `check(unchecked)`; none is listed anywhere."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.unchecked_mesh import UncheckedMesh


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Everything that the checks have to say about a unchecked."""
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        yield from importlib.import_module(f"{__name__}.{info.name}").check(unchecked)
