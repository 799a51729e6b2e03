"""Batch: neighbouring grants (or revokes) of one catalog travel twenty to a request.

BatchGrantPermissions takes up to 20 entries, is not atomic, and answers 200 with a list of Failures.
https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchGrantPermissions.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler.model.call import Call

SIZE = 20
BATCHED = {"GrantPermissions": "BatchGrantPermissions", "RevokePermissions": "BatchRevokePermissions"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a batch: permissions of one principal on one resource, and the calls that it carries."""

    params: dict[str, Any]
    calls: tuple[Call, ...]

    @property
    def permissions(self) -> Sequence[str]:
        return list(self.params.get("Permissions", ()))


def entries(calls: Iterable[Call]) -> list[Entry]:
    """Calls of one operation folded by principal and resource: two writers of one row would collide."""
    folded: dict[str, list[Call]] = {}
    for call in calls:
        row = {name: value for name, value in call.params.items() if not name.startswith("Permissions")}
        folded.setdefault(json.dumps(row, sort_keys=True), []).append(call)
    return [Entry(_joined(group), tuple(group)) for group in folded.values()]


def batches(calls: Sequence[Call]) -> Iterator[list[Entry]]:
    """Entries in batches of at most twenty, no principal and resource twice in one of them."""
    every = entries(calls)
    for start in range(0, len(every), SIZE):
        yield every[start : start + SIZE]


def request(batch: Sequence[Entry]) -> dict[str, Any]:
    """The parameters of the batch call; the entry's number is its Id."""
    return {"Entries": [{"Id": str(number), **entry.params} for number, entry in enumerate(batch)]}


def _joined(group: Sequence[Call]) -> dict[str, Any]:
    """The parameters of calls that differ in their permissions only."""
    joined = dict(group[0].params)
    for name in ("Permissions", "PermissionsWithGrantOption"):
        values = sorted({value for call in group for value in call.params.get(name, ())})
        if values or name == "Permissions":
            joined[name] = values
        else:
            joined.pop(name, None)
    return joined
