"""What differs between two specs, for a person: DeepDiff on one pair, never on whole states."""

from __future__ import annotations

import dataclasses
from typing import Any

from reconciler.model.change import Change, Update


def differences(change: Change) -> list[dict[str, Any]]:
    """Fields of an update with their value before and after; nothing for a creation or deletion."""
    if not isinstance(change, Update):
        return []
    from deepdiff import DeepDiff

    found = DeepDiff(_plain(change.have.spec), _plain(change.want.spec), ignore_order=False, view="tree")
    rows = [
        {"field": _field(item.path(output_format="list")), "before": _value(item.t1), "after": _value(item.t2)}
        for items in found.values()
        for item in items
    ]
    return sorted(rows, key=lambda row: row["field"])


def _field(path: list[str | int]) -> str:
    """Where in a spec, as people write it: `parameters.data_owner`, `columns[2].type`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _plain(spec: Any) -> Any:
    """A spec as plain data, without what is not compared."""
    if dataclasses.is_dataclass(spec) and not isinstance(spec, type):
        return {field.name: _plain(getattr(spec, field.name)) for field in dataclasses.fields(spec) if field.compare}
    if isinstance(spec, tuple) and spec and all(isinstance(item, tuple) and len(item) == 2 for item in spec):
        return {str(key): _plain(value) for key, value in spec}
    if isinstance(spec, frozenset | set):
        return sorted(_plain(item) for item in spec)
    if isinstance(spec, tuple | list):
        return [_plain(item) for item in spec]
    return spec


def _value(value: Any) -> Any:
    """A value as JSON can say it; None where there was none."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return None if type(value).__name__ == "NotPresent" else str(value)
