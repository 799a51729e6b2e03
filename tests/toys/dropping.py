"""Dropping a toy into a folder of the reconciler, as somebody would who adds a file."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from reconciler.cli import cli
from reconciler.kinds import registry
from reconciler.plan.gates import gates
from reconciler.spec.checks import every_check
from reconciler.spec.rule import rules_in

TOYS = Path(__file__).parent


@contextmanager
def dropped(toy: str, package: ModuleType, folder: Path) -> Iterator[Path]:
    """The file of a toy, copied to a folder that is part of the package for as long as the context lasts."""
    folder.mkdir(exist_ok=True)
    path = Path(shutil.copy(TOYS / f"{toy}.py", folder))
    before = set(sys.modules)
    package.__path__.append(str(folder))
    _forget()
    try:
        yield path
    finally:
        package.__path__.remove(str(folder))
        _forget()
        for name in {*sys.modules} - before:
            if name.startswith(f"{package.__name__}.") and str(folder) in (sys.modules[name].__file__ or ""):
                del sys.modules[name]


def _forget() -> None:
    for found_by_folder in (registry, gates, rules_in, every_check):
        found_by_folder.cache_clear()
    vars(cli).pop("_names", None)
