"""Shares: what the central account gives to other accounts; what these passed on of nothing of it gives nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.grant_order import subjects_of
from reconciler.kinds.lakeformation.stuck_lists import Stuck
from reconciler.model.lakeformation import ALL_TABLES, Grant, OnColumns, OnFilter, OnTable, OnTag, OnTagPolicy, Target
from reconciler.model.resource import Observation, Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class _Given:
    """What is given to whom, and the columns by name of each table."""

    to: dict[str, list[Grant]] = field(default_factory=dict)
    columns: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)


class Shares:
    """What accounts are given, now and once the mesh is carried out. Looked through when it is asked for first."""

    __slots__ = ("_given", "_mesh", "_seen", "_wanted")

    def __init__(self, mesh: Mesh, wanted: Snapshot, seen: Observation) -> None:
        self._mesh, self._wanted, self._seen = mesh, wanted, seen
        self._given: _Given | None = None

    def stuck(self, have: Resource[Grant]) -> Stuck | None:
        """What nobody can take back of something that an account passed on; None where all of it can be.

        That is what it is not given, and will not be by this mesh: AWS may let nobody take it back then
        (docs/assumptions.md: passed-on-after-revoke). None where it is not known: what was not seen as a whole may be
        given, and what is given by other means than columns by name may be any column.
        """
        if not self._is_seen(have):
            return None
        target, account = have.spec.target, have.address.placement.account
        if not isinstance(target, OnColumns) or target.excluded:
            return None if any(self._touching(target, account)) else Stuck(is_all=True)
        given = self._given_now().columns
        columns = frozenset[str]()
        for to in (account, ""):
            columns |= given.get((to, target.database, target.table), set())
        rows = target.lists or (target.columns,)
        stuck = tuple(each for each in rows if not columns.issuperset(each))
        if not stuck or any(_may_be_any_column(each, target) for each in self._touching(target, account)):
            return None
        return Stuck(len(stuck) == len(rows), stuck, columns)

    def _is_seen(self, have: Resource[Grant]) -> bool:
        """Whether an account passed it on, and everything that it is given was seen."""
        owner = placements.of_catalog(self._mesh)
        if have.address.placement.account == owner.account or have.spec.target.catalog != owner.account:
            return False
        return self._seen.read_scope is None and not self._seen.is_blind(addresses.GRANT, owner)

    def _touching(self, target: Target, account: str) -> Iterator[Grant]:
        """What an account is given, or may be, that is about the same."""
        to = self._given_now().to
        given = (*to.get(account, ()), *to.get("", ()))
        return (each for each in given if _may_touch(target, each.target, self._mesh))

    def _given_now(self) -> _Given:
        if self._given is None:
            self._given = self._all()
        return self._given

    def _all(self) -> _Given:
        found = _Given()
        for to, grant in self._every():
            found.to.setdefault(to, []).append(grant)
            target = grant.target
            if isinstance(target, OnColumns) and not target.excluded:
                found.columns.setdefault((to, target.database, target.table), set()).update(target.columns)
        return found

    def _every(self) -> Iterator[tuple[str, Grant]]:
        """What is given to whom as a whole: an account's id, or nothing for an organization, which may be anybody."""
        owner = placements.of_catalog(self._mesh)
        for each in (*self._seen.found.of(Grant), *self._wanted.of(Grant)):
            principal = each.spec.principal
            if each.address.placement == owner and (principal.isdigit() or ":organizations:" in principal):
                yield principal if principal.isdigit() else "", each.spec


def _may_touch(one: Target, other: Target, mesh: Mesh) -> bool:
    """Whether something on one target may be passed on by who has `other`; also where we cannot tell."""
    if isinstance(other, OnTag) and not isinstance(one, OnTag | OnTagPolicy):
        # By LF-tags tags are passed on, and what they are a policy of.
        return False
    mine, theirs = _products(one, mesh), _products(other, mesh)
    if mine and theirs and "*" not in mine | theirs:
        return not mine.isdisjoint(theirs)
    about, of_other = subjects_of(one, mesh), subjects_of(other, mesh)
    return about is None or of_other is None or not about.isdisjoint(of_other)


def _may_be_any_column(given: Grant, columns: OnColumns) -> bool:
    """Whether something given gives columns of a table that are not known from it."""
    target = given.target
    if given.permission not in ("SELECT", "ALL") or (isinstance(target, OnColumns) and not target.excluded):
        return False
    if not isinstance(target, OnTable | OnColumns | OnFilter) or target.table == ALL_TABLES:
        return True
    return (target.database, target.table) == (columns.database, columns.table)


def _products(target: Target, mesh: Mesh) -> frozenset[str]:
    """The products that a target names by their tag; none where it names none."""
    key = mesh.settings.tag_keys.product.lower()
    match target:
        case OnTagPolicy(terms=terms):
            return frozenset(dict(terms).get(key, ()))
        case OnTag(key=named, value=value) if named == key:
            return frozenset({value})
        case _:
            return frozenset()
