"""Effective access, and what a change does to it, as the objects that policies look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from reconciler.access import AccessDifference, AccessEntry, AccessFact, ChangedFact
from reconciler.access.facts.of_difference import administrators_changed, changed_of, sensitivities_before
from reconciler.access.facts.of_entry import facts_of_entry
from reconciler.policy import objects
from reconciler.policy.describe import ranked
from reconciler.spec.mesh import Mesh

Requested = Callable[[AccessFact], bool]


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of what an object is about: a fact with what all such facts of a table have in common."""

    fact: AccessFact
    columns: Sequence[str] = ()
    permissions: Sequence[str] = ()
    sensitivities: Iterable[str] = ()
    before: Iterable[str] = ()
    new_account: bool = False


def access_objects(facts: Iterable[AccessFact], mesh: Mesh) -> Iterator[objects.Access]:
    """One object for each principal, table and path; rights that read no column have objects of their own."""
    groups: dict[tuple[Any, ...], list[_Part]] = {}
    for fact in facts:
        key = (fact.principal, fact.catalog, fact.database, fact.table or fact.thing, fact.path)
        groups.setdefault(key, []).append(_part(fact))
    for found in groups.values():
        yield objects.Access(**_common(found, mesh))


def change_objects(
    difference: AccessDifference, mesh: Mesh, before: Mesh | None = None, requested: Requested = lambda _: True
) -> Iterator[objects.Change]:
    """One object for each principal, table and path, gained or lost, and whether the change asked for it."""
    gained = (part for entry in (*difference.gained, *difference.shared) for part in _parts(entry, mesh, gained=True))
    lost_of = before or mesh
    lost = (part for entry in (*difference.lost, *difference.unshared) for part in _parts(entry, lost_of, gained=False))
    admins = [*administrators_changed(difference, mesh)]
    every: list[tuple[bool, Iterable[_Part]]] = [(True, gained), (False, lost)]
    every += [(each.gained, [_part(each.fact)]) for each in admins]
    groups: dict[tuple[Any, ...], list[_Part]] = {}
    for is_gained, parts in every:
        for part in parts:
            fact = part.fact
            where = (fact.principal, fact.catalog, fact.database, fact.table or fact.thing, fact.path)
            groups.setdefault((is_gained, requested(fact), *where), []).append(part)
    for (is_gained, asked, *_), found in groups.items():
        yield objects.Change(
            gained=is_gained,
            requested=asked,
            before=tuple(sorted({value for part in found for value in part.before} - {""})),
            new_account=any(part.new_account for part in found),
            **_common(found, mesh),
        )


def _parts(entry: AccessEntry, mesh: Mesh, *, gained: bool) -> Iterator[_Part]:
    """An entry by columns that have everything in common; other entries fact by fact."""
    if entry.change in ("columns", "rows") and entry.columns:
        # All of its columns have the same rows and verdict: one fact stands for them, and there may be a million.
        fact = next(facts_of_entry(entry, mesh), None)
        if fact is not None:
            sensitivities, old = dict(entry.sensitivity), sensitivities_before(entry)
            yield _Part(
                fact,
                entry.columns,
                entry.permissions,
                [sensitivities.get(name, "") for name in entry.columns],
                [old.get(name) or "" for name in entry.columns],
                entry.new_account,
            )
            return
    yield from (_changed_part(each) for each in changed_of(entry, mesh, gained=gained))


def _changed_part(each: ChangedFact) -> _Part:
    part = _part(each.fact)
    before = (each.sensitivity_before,)
    return _Part(part.fact, part.columns, part.permissions, part.sensitivities, before, each.new_account)


def _part(fact: AccessFact) -> _Part:
    columns = (fact.column,) if fact.is_reading else ()
    permissions = (fact.permission,) if fact.permission else ()
    return _Part(fact, columns, permissions, (fact.sensitivity,) if columns else ())


_PLAIN = frozenset(each.name for each in fields(objects.Access)) & frozenset(each.name for each in fields(AccessFact))


def _common(found: list[_Part], mesh: Mesh) -> dict[str, Any]:
    """The fields that both kinds of object have."""
    first = found[0].fact
    values: dict[str, Any] = {name: getattr(first, name) for name in _PLAIN if name not in ("rank", "rows", "table")}
    sensitivities, highest, rank = ranked(mesh, (value for part in found for value in part.sensitivities))
    return values | {
        "table": first.table or first.thing,
        "same_account": bool(first.producer) and first.account == first.producer,
        "columns": tuple(dict.fromkeys(name for part in found for name in part.columns)),
        "permissions": tuple(dict.fromkeys(each for part in found for each in part.permissions)),
        "rows": first.rows or "",
        "sensitivities": sensitivities,
        "highest": highest,
        "rank": rank,
        "certain": all(part.fact.certain for part in found),
        "subscriptions": tuple(dict.fromkeys(name for part in found for name in part.fact.subscriptions)),
        "purpose": first.terms.purpose,
        "expires": first.terms.expires,
    }
