"""Tag readers: the grants by tags that a change of tags concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.change import Change
from reconciler.model.lakeformation import Expression, Grant, OnTagPolicy
from reconciler.model.resource import AnyResource, Snapshot


def following(changes: Iterable[Change], *states: Snapshot) -> Iterator[AnyResource]:
    """Grants by a key that changes on something in a database that they can reach, in any of these states."""
    changing: dict[str, set[str]] = {}
    for change in changes:
        if isinstance(change.resource.spec, TagAssignment):
            spec = change.resource.spec
            changing.setdefault(spec.key, set()).add(spec.place.database)
    if not changing:
        return
    for state in states:
        databases, known = _Databases(state), dict[Expression, bool]()
        for resource in state.of(Grant):
            target = resource.spec.target
            if not isinstance(target, OnTagPolicy):
                continue
            if target.terms not in known:
                known[target.terms] = any(
                    databases.reached(target.terms, key, changing[key]) for key, _ in target.terms if key in changing
                )
            if known[target.terms]:
                yield resource


class _Databases:
    """Databases by the tags that are put on them, or on anything in them."""

    def __init__(self, state: Snapshot) -> None:
        self._with: dict[str, dict[str, set[str]]] = {}
        for resource in state.of(TagAssignment):
            spec = resource.spec
            self._with.setdefault(spec.key, {}).setdefault(spec.value, set()).add(spec.place.database)

    def reached(self, terms: Expression, but: str, among: set[str]) -> set[str]:
        """Those of `among` in which something can match an expression, whatever the key `but` becomes there."""
        left = among
        for key, values in terms:
            if key != but and "*" not in values and key in self._with:
                left = left & set[str]().union(*(self._with[key].get(value, ()) for value in values))
        return left
