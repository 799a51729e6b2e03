"""Alike: principals of one account who have the same on a table, before as after. One look answers for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reconciler.access.algebra.effective_grant import NOTHING, EffectiveGrant
from reconciler.access.differences.affected import Pairs
from reconciler.access.differences.compare import Seen
from reconciler.access.evaluation.enforcement import is_open
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.state.principal_directory import account_of
from reconciler.access.state.table_view import TableId, TableView


class Alike(NamedTuple):
    """What each of these principals holds on a table in two states."""

    before: Seen
    after: Seen
    principals: list[str]


def alike(before: Access, after: Access, pairs: Pairs) -> Iterator[Alike]:
    """The pairs of principals and tables, those together that compare in the same way."""
    for place, names in _by_table(pairs).items():
        yield from _on_table(before, after, place, names)


def _on_table(before: Access, after: Access, place: TableId, names: Iterable[str]) -> Iterator[Alike]:
    old, new = before.tables.get(place), after.tables.get(place)
    apart = _decides_by_name(before, old) or _decides_by_name(after, new)
    groups: dict[tuple[str | None, EffectiveGrant, EffectiveGrant], list[str]] = {}
    for name in names:
        had = NOTHING if old is None else before.held(name, old)
        have = NOTHING if new is None else after.held(name, new)
        groups.setdefault((name if apart else account_of(name), had, have), []).append(name)
    for (_, had, have), those in groups.items():
        yield Alike(Seen(before, old, had), Seen(after, new, have), those)


def _decides_by_name(access: Access, view: TableView | None) -> bool:
    """Whether more than his account and his grants decides about somebody: opt-ins, grants that are not understood."""
    return bool(access.state.uncertain) or (view is not None and is_open(access.state, view))


def _by_table(pairs: Pairs) -> dict[TableId, list[str]]:
    found: dict[TableId, list[str]] = {}
    for principal, places in pairs.items():
        for place in places:
            found.setdefault(place, []).append(principal)
    return found
