"""Shares: what the central account gives to other accounts; what these passed on of nothing of it gives nothing."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.grant_order import subjects_of
from reconciler.model.lakeformation import Grant, OnTag, OnTagPolicy, Target
from reconciler.model.resource import Observation, Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh


class Shares:
    """What accounts are given, now and once the mesh is carried out. Looked through when it is asked for first."""

    __slots__ = ("_given", "_mesh", "_seen", "_wanted")

    def __init__(self, mesh: Mesh, wanted: Snapshot, seen: Observation) -> None:
        self._mesh, self._wanted, self._seen = mesh, wanted, seen
        self._given: dict[str, list[Target]] | None = None

    def is_void(self, have: Resource[Grant]) -> bool:
        """Whether an account passed on what it is given nothing of, and will not be by this mesh.

        Then it gives nothing, and AWS may let nobody take it back (docs/assumptions.md: passed-on-after-revoke). False
        where that is not known: what was not seen as a whole may be given.
        """
        owner, where = placements.of_catalog(self._mesh), have.address.placement
        if where.account == owner.account or have.spec.target.catalog != owner.account:
            return False
        if self._seen.read_scope is not None or self._seen.is_blind(addresses.GRANT, owner):
            return False
        if self._given is None:
            self._given = {}
            for to, target in self._every():
                self._given.setdefault(to, []).append(target)
        given = (*self._given.get(where.account, ()), *self._given.get("", ()))
        return not any(_may_touch(have.spec.target, target, self._mesh) for target in given)

    def _every(self) -> Iterator[tuple[str, Target]]:
        """What is given to whom as a whole: an account's id, or nothing for an organization, which may be anybody."""
        owner = placements.of_catalog(self._mesh)
        for each in (*self._seen.found.of(Grant), *self._wanted.of(Grant)):
            principal = each.spec.principal
            if each.address.placement == owner and (principal.isdigit() or ":organizations:" in principal):
                yield principal if principal.isdigit() else "", each.spec.target


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
