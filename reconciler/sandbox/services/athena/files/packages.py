"""Packages that only some formats need: they are loaded when such a file is read."""

from __future__ import annotations

import importlib
from typing import Any

from reconciler.sandbox.services.athena.failure import QueryFailed


def needed(module: str, form: str) -> Any:
    """A package of the extra `sandbox-formats`. QueryFailed: it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise QueryFailed(
            f"NOT_SUPPORTED: sandbox: {form} files are read with {module.partition('.')[0]}: "
            "install meshform[sandbox-formats]"
        ) from error
