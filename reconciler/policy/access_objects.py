"""Effective access, and what a change does to it, as the objects that policies look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import Any

from reconciler.access import AccessFact, ChangedFact
from reconciler.policy import objects
from reconciler.policy.describe import ranked
from reconciler.spec.mesh import Mesh


def access_objects(facts: Iterable[AccessFact], mesh: Mesh) -> Iterator[objects.Access]:
    """One object for each principal, table and path; rights that read no column have objects of their own."""
    groups: dict[tuple[Any, ...], list[AccessFact]] = {}
    for fact in facts:
        groups.setdefault((fact.principal, fact.catalog, fact.database, fact.table, fact.path), []).append(fact)
    for found in groups.values():
        yield objects.Access(**_common(found, mesh))


def change_objects(
    changed: Iterable[ChangedFact], mesh: Mesh, requested: Callable[[AccessFact], bool] = lambda _: True
) -> Iterator[objects.Change]:
    """One object for each principal, table, path, gained or lost, and whether the change asked for it."""
    groups: dict[tuple[Any, ...], list[ChangedFact]] = {}
    for each in changed:
        fact = each.fact
        where = (fact.principal, fact.catalog, fact.database, fact.table, fact.path)
        groups.setdefault((each.gained, requested(fact), *where), []).append(each)
    for (gained, asked, *_), found in groups.items():
        yield objects.Change(
            gained=gained,
            requested=asked,
            before=tuple(sorted({each.sensitivity_before for each in found} - {""})),
            new_account=any(each.new_account for each in found),
            **_common([each.fact for each in found], mesh),
        )


_PLAIN = frozenset(each.name for each in fields(objects.Access)) & frozenset(each.name for each in fields(AccessFact))


def _common(found: list[AccessFact], mesh: Mesh) -> dict[str, Any]:
    """The fields that both kinds of object have."""
    first = found[0]
    values: dict[str, Any] = {name: getattr(first, name) for name in _PLAIN if name not in ("rank", "rows", "table")}
    sensitivities, highest, rank = ranked(mesh, (fact.sensitivity for fact in found if fact.is_reading))
    return values | {
        "table": first.table or first.thing,
        "same_account": bool(first.producer) and first.account == first.producer,
        "columns": tuple(dict.fromkeys(fact.column for fact in found if fact.is_reading)),
        "permissions": tuple(dict.fromkeys(fact.permission for fact in found if fact.permission)),
        "rows": first.rows or "",
        "sensitivities": sensitivities,
        "highest": highest,
        "rank": rank,
        "certain": all(fact.certain for fact in found),
        "subscriptions": tuple(dict.fromkeys(name for fact in found for name in fact.subscriptions)),
        "purpose": first.terms.purpose,
        "expires": first.terms.expires,
    }
