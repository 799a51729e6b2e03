"""What an update writes back as it was found: AWS replaces whole definitions, and others have set parts of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def kept(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The members of these names that something has, as AWS tells them."""
    return {name: row[name] for name in names if row.get(name) is not None}
