"""Effective access, and what a change does to it, as the objects that policies look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from reconciler.access import AccessDifference, AccessEntry, AccessFact, ChangedFact
from reconciler.access.facts.of_difference import administrators_changed, changed_of
from reconciler.access.facts.of_entry import facts_of_entry
from reconciler.access.state.table_view import TableId
from reconciler.policy import objects
from reconciler.policy.alike import Alike
from reconciler.policy.describe import ranked
from reconciler.spec.mesh import Mesh

Requested = Callable[[str, str, str], bool]
"""Whether the change of documents asks for what somebody (principal) gains or loses on a database and table."""

EVERY = frozenset(each.name for each in fields(objects.Change))
BY_WAYS = frozenset({"certain", "subscriptions", "purpose", "expires"})
"""Fields for which the grants that give a column have to be looked at, one entry after another."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Some of what an object is about: what all such parts have in common, and columns, rights and labels."""

    common: Mapping[str, Any]
    columns: Sequence[str] = ()
    permissions: Sequence[str] = ()
    sensitivities: Iterable[str] = ()
    before: Iterable[str] = ()
    new_account: bool = False
    certain: bool = True
    subscriptions: Sequence[str] = ()


def access_objects(facts: Iterable[AccessFact], mesh: Mesh) -> Iterator[objects.Access]:
    """One object for each principal, table and path; rights that read no column have objects of their own."""
    groups: dict[tuple[Any, ...], list[_Part]] = {}
    for fact in facts:
        key = (fact.principal, fact.catalog, fact.database, fact.table or fact.thing, fact.path)
        groups.setdefault(key, []).append(_part(fact))
    for found in groups.values():
        yield objects.Access(**_together(found, mesh))


def change_objects(
    difference: AccessDifference,
    mesh: Mesh,
    before: Mesh | None = None,
    requested: Requested = lambda *_: True,
    wanted: frozenset[str] = EVERY,
) -> Iterator[objects.Change]:
    """One object for each principal, table and path, gained or lost, and whether the change asked for it.

    Fields that nobody wants and that take long are left empty.
    """
    groups: dict[tuple[Any, ...], list[_Part]] = {}
    for gained, place, part in _changed(difference, mesh, before or mesh, by_ways=bool(wanted & BY_WAYS)):
        said = part.common
        asked = requested(said["principal"], place.database, place.table)
        where = (said["principal"], place.catalog, place.database, said["table"], said["path"])
        groups.setdefault((gained, asked, *where), []).append(part)
    for (gained, asked, *_), found in groups.items():
        old = {value for part in found for value in part.before} - {""}
        new_account = any(part.new_account for part in found)
        yield objects.Change(
            gained=gained,
            requested=asked,
            before=tuple(sorted(old)),
            new_account=new_account,
            **_together(found, mesh),
        )


def _changed(
    difference: AccessDifference, mesh: Mesh, before: Mesh, *, by_ways: bool
) -> Iterator[tuple[bool, TableId, _Part]]:
    """Whether it is gained, where, and what."""
    for gained, of, entries in (
        (True, mesh, (*difference.gained, *difference.shared)),
        (False, before, (*difference.lost, *difference.unshared)),
    ):
        alike = Alike(of)
        for entry in entries:
            for part in _parts(entry, of, alike, gained=gained, by_ways=by_ways):
                yield gained, entry.place, part
    for each in administrators_changed(difference, mesh):
        yield each.gained, TableId(each.fact.catalog, each.fact.database, each.fact.table), _part(each.fact)


def _parts(entry: AccessEntry, mesh: Mesh, alike: Alike, *, gained: bool, by_ways: bool) -> Iterator[_Part]:
    """An entry by columns that have everything in common; other entries fact by fact."""
    if entry.change not in ("columns", "rows") or not entry.columns:
        yield from (_changed_part(each) for each in changed_of(entry, mesh, gained=gained))
        return
    # All of its columns have the same rows and verdict, so that one part stands for them: there may be a million.
    common, certain = alike.common(entry), True
    names: Sequence[str] = ()
    if by_ways or common is None:
        fact = next(facts_of_entry(entry, mesh), None)
        if fact is None:
            return
        common, certain, names = _common(fact), fact.certain, fact.subscriptions
    values, old = alike.sensitivities(entry), alike.before(entry)
    yield _Part(common, entry.columns, entry.permissions, values, old, entry.new_account, certain, names)


def _changed_part(each: ChangedFact) -> _Part:
    part = _part(each.fact)
    return _Part(
        part.common,
        part.columns,
        part.permissions,
        part.sensitivities,
        (each.sensitivity_before,),
        each.new_account,
        part.certain,
        part.subscriptions,
    )


def _part(fact: AccessFact) -> _Part:
    columns = (fact.column,) if fact.is_reading else ()
    permissions = (fact.permission,) if fact.permission else ()
    values = (fact.sensitivity,) if columns else ()
    return _Part(_common(fact), columns, permissions, values, certain=fact.certain, subscriptions=fact.subscriptions)


_PLAIN = frozenset(each.name for each in fields(objects.Access)) & frozenset(each.name for each in fields(AccessFact))
_OWN = frozenset({"rank", "rows", "table", "certain", "subscriptions"})


def _common(fact: AccessFact) -> Mapping[str, Any]:
    values: dict[str, Any] = {name: getattr(fact, name) for name in _PLAIN - _OWN}
    return values | {
        "table": fact.table or fact.thing,
        "same_account": bool(fact.producer) and fact.account == fact.producer,
        "rows": fact.rows or "",
        "purpose": fact.terms.purpose,
        "expires": fact.terms.expires,
    }


def _together(found: list[_Part], mesh: Mesh) -> dict[str, Any]:
    """The fields that both kinds of object have."""
    sensitivities, highest, rank = ranked(mesh, (value for part in found for value in part.sensitivities))
    return {
        **found[0].common,
        "columns": tuple(dict.fromkeys(name for part in found for name in part.columns)),
        "permissions": tuple(dict.fromkeys(each for part in found for each in part.permissions)),
        "sensitivities": sensitivities,
        "highest": highest,
        "rank": rank,
        "certain": all(part.certain for part in found),
        "subscriptions": tuple(dict.fromkeys(name for part in found for name in part.subscriptions)),
    }
