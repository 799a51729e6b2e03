"""Replaced: permissions that go because another one takes their place or gives the same. That is nobody's loss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from reconciler.model.address import Address
from reconciler.model.change import Change, Create, Delete
from reconciler.model.lakeformation import Grant, OnColumns, OnFilter, OnTable, OnTagPolicy, Target

_Whose = tuple[object, ...]
T = TypeVar("T")


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
    come: dict[_Whose, _Near[Create]] = {}
    for change in changes:
        match change:
            case Delete(have) if isinstance(have.spec, Grant):
                gone.append((change, have.spec))
            case Create(want) if isinstance(want.spec, Grant):
                come.setdefault(_whose(want.spec), _Near()).put(want.spec.target, change)
    by: dict[Address, Create] = {}
    taken: set[Address] = set()
    for delete, old in gone:
        near = come[_whose(old)].to(old.target) if _whose(old) in come else ()
        free = (each for target, each in near if each.address not in taken and _is_about_the_same(old.target, target))
        if (new := next(free, None)) is not None:
            by[delete.address] = new
            taken.add(new.address)
    left = [(delete, old) for delete, old in gone if delete.address not in by]
    going = {old for _, old in gone}
    staying = (grant for grant in kept if grant not in going) if left else ()
    return Replaced(by, frozenset(_covered(left, staying)))


def able_to_cover(changes: Iterable[Change], kept: Iterable[Grant]) -> tuple[Grant, ...]:
    """Of the permissions that are wanted those that can stand for one that goes: few, and found in one look."""
    gone = {
        _whose(each.have.spec) for each in changes if isinstance(each, Delete) and isinstance(each.have.spec, Grant)
    }
    losing = {principal for principal, *_ in gone}
    return tuple(grant for grant in kept if grant.principal in losing and _whose(grant) in gone) if gone else ()


def _covered(gone: list[tuple[Delete, Grant]], kept: Iterable[Grant]) -> Iterator[Address]:
    asked = {_whose(old) for _, old in gone}
    wanted: dict[_Whose, _Near[None]] = {}
    for grant in kept:
        if (whose := _whose(grant)) in asked:
            wanted.setdefault(whose, _Near()).put(grant.target, None)
    for delete, old in gone:
        near = wanted[_whose(old)].to(old.target) if _whose(old) in wanted else ()
        if any(_covers(each, old.target) for each, _ in near):
            yield delete.address


class _Near(Generic[T]):
    """What may have something in common with a thing, without a look at everything: targets, each with what is at it.

    One by tags is found by each of its values, in those of the same keys; any other by its table.
    """

    def __init__(self) -> None:
        self._all: list[tuple[Target, T]] = []
        self._at: dict[object, list[int]] = {}
        self._keys: set[frozenset[str]] = set()

    def put(self, target: Target, what: T) -> None:
        for handle in self._handles(target):
            self._at.setdefault(handle, []).append(len(self._all))
        self._all.append((target, what))

    def to(self, target: Target) -> Iterator[tuple[Target, T]]:
        """In the order in which they were put here."""
        return (self._all[number] for number in sorted(self._numbers(target)))

    def _numbers(self, target: Target) -> set[int]:
        if not isinstance(target, OnTagPolicy):
            return {*self._at.get(_table(target), ())}
        terms, found = dict(target.terms), set[int]()
        for keys in self._keys:
            if keys <= terms.keys():
                # All keys must agree, so that the one by which the fewest are found is enough.
                sharing = ([self._at.get((keys, key, value), ()) for value in terms[key]] for key in keys)
                found.update(*min(sharing, key=lambda lists: sum(map(len, lists))))
        return found

    def _handles(self, target: Target) -> Iterator[object]:
        if not isinstance(target, OnTagPolicy):
            yield _table(target)
            return
        self._keys.add(keys := frozenset(key for key, _ in target.terms))
        yield from ((keys, key, value) for key, values in target.terms for value in values)


def _table(target: Target) -> object:
    """The table that a thing is or is in; or the thing itself, which is near nothing else."""
    match target:
        case OnTable() | OnColumns() | OnFilter():
            return target.catalog, target.database, target.table
    return target


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
