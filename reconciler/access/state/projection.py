"""Projection: the state that carrying out changes leads to."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.resource import Snapshot


def project_changes(found: Snapshot, changes: Iterable[Change]) -> Snapshot:
    """`found` with changes carried out: what nobody changes stays on it, foreign and held things included."""
    resources = dict(found)
    for change in changes:
        match change:
            case Create(want) | Update(_, want):
                resources[change.address] = want
            case Delete():
                resources.pop(change.address, None)
    return Snapshot(resources[address] for address in sorted(resources))
