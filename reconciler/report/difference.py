"""What differs between two specs, for a person: DeepDiff on one pair, never on whole states.

What has names, such as the columns of a table, is compared by name: one column put in before others is one row.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from reconciler.model.change import Change, Update

ORDER = "order"
"""As the last part of a field: what has names stands in another order."""


def differences(change: Change) -> list[dict[str, Any]]:
    """Fields of an update with their value before and after; nothing for a creation or deletion."""
    if not isinstance(change, Update):
        return []
    from deepdiff import DeepDiff

    have, want = change.have.spec, change.want.spec
    found = DeepDiff(
        _plain(have, want), _plain(want, have), ignore_order=False, threshold_to_diff_deeper=0, view="tree"
    )
    rows = [
        {"field": _field(item.path(output_format="list")), "before": _value(item.t1), "after": _value(item.t2)}
        for items in found.values()
        for item in items
    ]
    return sorted([*rows, *_reordered(have, want)], key=lambda row: row["field"])


def _field(path: list[str | int]) -> str:
    """Where in a spec, as people write it: `parameters.data_owner`, `columns.amount.type`, `terms[2]`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _plain(spec: Any, other: Any = None) -> Any:
    """A spec as plain data, without what is not compared. What is empty takes the form that `other` has there."""
    if dataclasses.is_dataclass(spec) and not isinstance(spec, type):
        return {
            field.name: _plain(getattr(spec, field.name), getattr(other, field.name, None))
            for field in dataclasses.fields(spec)
            if field.compare
        }
    form = spec or other
    if _is_mapping(form):
        return {str(key): _plain(value) for key, value in spec}
    if _has_names(form):
        return {item.name: {key: value for key, value in _plain(item).items() if key != "name"} for item in spec}
    if isinstance(spec, frozenset | set):
        return sorted(_plain(item) for item in spec)
    if isinstance(spec, tuple | list):
        return [_plain(item) for item in spec]
    return spec


def _is_mapping(spec: Any) -> bool:
    """Whether it is a tuple of pairs."""
    return isinstance(spec, tuple) and bool(spec) and all(isinstance(item, tuple) and len(item) == 2 for item in spec)


def _has_names(spec: Any) -> bool:
    """Whether it is a tuple of things that are told apart by their names."""
    if not isinstance(spec, tuple) or not spec:
        return False
    named = all(dataclasses.is_dataclass(item) and hasattr(item, "name") for item in spec)
    return named and len({item.name for item in spec}) == len(spec)


def _reordered(have: Any, want: Any) -> Iterator[dict[str, Any]]:
    """Where what is on both sides stands in another order: the names from the first to the last that moved."""
    for field in dataclasses.fields(have) if dataclasses.is_dataclass(have) else ():
        old, new = getattr(have, field.name), getattr(want, field.name, ())
        if not (field.compare and _has_names(old) and _has_names(new)):
            continue
        there, here = {item.name for item in old}, {item.name for item in new}
        before = [item.name for item in old if item.name in here]
        after = [item.name for item in new if item.name in there]
        while before and before[0] == after[0]:
            before, after = before[1:], after[1:]
        while before and before[-1] == after[-1]:
            before, after = before[:-1], after[:-1]
        if before:
            yield {"field": f"{field.name}.{ORDER}", "before": before, "after": after}


def _value(value: Any) -> Any:
    """A value as JSON can say it; None where there was none."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return None if type(value).__name__ == "NotPresent" else str(value)
