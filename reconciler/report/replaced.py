"""Replaced: permissions that go because another one takes their place or gives the same. That is nobody's loss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.model.address import Address
from reconciler.model.change import Change, Create, Delete
from reconciler.model.lakeformation import Grant, OnColumns, OnFilter, OnTable, OnTagPolicy, Target

_Whose = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """What becomes of permissions that go: another one comes `by` which they are given on, by the address of each; or
    they are `covered` by one that stays."""

    by: Mapping[Address, Create] = field(default_factory=dict)
    covered: frozenset[Address] = frozenset()


def replaced(changes: Iterable[Change], kept: Iterable[Grant] = ()) -> Replaced:
    """Which of the permissions that go are replaced, each by another one. `kept` are all that are wanted;
    of those, what goes all the same (where everything is taken down) covers nothing."""
    gone: list[tuple[Delete, Grant]] = []
    come: dict[_Whose, list[tuple[Create, Grant]]] = {}
    for change in changes:
        match change:
            case Delete(have) if isinstance(have.spec, Grant):
                gone.append((change, have.spec))
            case Create(want) if isinstance(want.spec, Grant):
                come.setdefault(_whose(want.spec), []).append((change, want.spec))
    by: dict[Address, Create] = {}
    for delete, old in gone:
        fitting = [pair for pair in come.get(_whose(old), ()) if _is_about_the_same(old.target, pair[1].target)]
        if fitting:
            by[delete.address] = fitting[0][0]
            come[_whose(old)].remove(fitting[0])
    left = [(delete, old) for delete, old in gone if delete.address not in by]
    going = {old for _, old in gone}
    staying = (grant for grant in kept if grant not in going) if left else ()
    return Replaced(by, frozenset(_covered(left, staying)))


def able_to_cover(changes: Iterable[Change], kept: Iterable[Grant]) -> tuple[Grant, ...]:
    """Of the permissions that are wanted those that can stand for one that goes: few, and found in one look."""
    gone = {
        _whose(each.have.spec) for each in changes if isinstance(each, Delete) and isinstance(each.have.spec, Grant)
    }
    return tuple(grant for grant in kept if _whose(grant) in gone) if gone else ()


def _covered(gone: list[tuple[Delete, Grant]], kept: Iterable[Grant]) -> Iterator[Address]:
    asked = {_whose(old) for _, old in gone}
    wanted: dict[_Whose, list[Target]] = {}
    for grant in kept:
        if (whose := _whose(grant)) in asked:
            wanted.setdefault(whose, []).append(grant.target)
    for delete, old in gone:
        if any(_covers(each, old.target) for each in wanted.get(_whose(old), ())):
            yield delete.address


def _whose(grant: Grant) -> _Whose:
    """Grants that can stand for each other agree in this."""
    return grant.principal, grant.permission, grant.grantable, grant.condition


def _is_about_the_same(old: Target, new: Target) -> bool:
    """Whether two things overlap: values of the same tags, or columns of one table."""
    match old, new:
        case OnTagPolicy(), OnTagPolicy():
            one, other = dict(old.terms), dict(new.terms)
            same = (old.catalog, old.of) == (new.catalog, new.of) and one.keys() == other.keys()
            return same and all({*values} & {*other[key]} for key, values in one.items())
        case (OnTable() | OnColumns() | OnFilter(), OnTable() | OnColumns() | OnFilter()):
            return (old.catalog, old.database, old.table) == (new.catalog, new.database, new.table)
    return False


def _covers(wide: Target, narrow: Target) -> bool:
    """Whether one thing has all of another."""
    match wide, narrow:
        case OnTagPolicy(), OnTagPolicy():
            more, less = dict(wide.terms), dict(narrow.terms)
            same = (wide.catalog, wide.of) == (narrow.catalog, narrow.of) and more.keys() <= less.keys()
            return same and all({*less[key]} <= {*values} for key, values in more.items())
        case OnTable(), OnTable() | OnColumns() | OnFilter():
            return (wide.catalog, wide.database, wide.table) == (narrow.catalog, narrow.database, narrow.table)
    return False
