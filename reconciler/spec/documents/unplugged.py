"""Pydantic without its plugins, of which a mesh needs none: they would be looked for in every package installed.

Though they are off, the module that finds them imports what reads the metadata of packages, and forty modules with it.
It is imported here with something in the place of that, which imports it once somebody asks.
"""

import importlib
import os
import sys
from contextlib import suppress
from types import ModuleType

_METADATA = "importlib.metadata"


def _entry_points(**wanted: str) -> object:
    """What `importlib.metadata.entry_points` gives."""
    from importlib.metadata import entry_points

    return entry_points(**wanted)


def _import_finder() -> None:
    stand_in = ModuleType(_METADATA)
    stand_in.__dict__["entry_points"] = _entry_points
    sys.modules[_METADATA] = stand_in
    try:
        # Where pydantic has it elsewhere, it is imported as ever.
        with suppress(ImportError):
            importlib.import_module("pydantic.plugin._loader")
    finally:
        del sys.modules[_METADATA]


# Before the first model is made.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
if _METADATA not in sys.modules:
    _import_finder()
