"""Ownership: what belongs to the mesh in AWS, decided before anything is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from reconciler.kinds.lakeformation.stuck_lists import Stuck
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.address import Placement
from reconciler.model.lakeformation import Expression, Grant
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.in_force import is_suspended
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import LINK_PREFIX, behind_chosen_link, iam_arn, linked_database, linked_in

StuckOf = Callable[[Resource[Grant]], Stuck | None]


def nothing(_: Resource[Grant]) -> None:
    """Of no permission it is known that nobody can take it back: nobody has looked."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """The territory. Lake Formation's grants and tags can carry no mark; they are ours by what they are on."""

    mesh: Mesh
    databases: frozenset[str]
    """Databases of the central catalog that are asked for or carry our mark."""
    locations: frozenset[str]
    """ARNs of the S3 locations that are asked for or registered with a role of ours."""
    tag_keys: frozenset[str]
    """LF-tag keys that a document declares (retired or not), that carry our mark, and those of products and domains."""

    marked_keys: frozenset[str] = frozenset()
    """Those of them that carry our mark: they go with their documents."""
    made_keys: frozenset[str] = frozenset()
    """Those of them that are ours: of the others, what is on a used database is its owner's."""
    listed: frozenset[tuple[Place, str]] = frozenset()
    """What marks of used databases list: keys on places, and data filters (see used_databases)."""
    known: frozenset[str] = frozenset()
    """Every database that was found in the central catalog; empty when it was not seen."""
    used: frozenset[str] = frozenset()
    """Those that no mesh made, asked for or still marked as used: other people's grants on them are theirs."""

    saved: Mapping[str, Expression] = field(default_factory=dict)
    """What saved expressions of the central catalog stand for, by their names."""
    stuck: StuckOf = nothing
    """What an account passed on and is not given any more, as far as that was seen (see shares)."""

    @property
    def place(self) -> Placement:
        """The central catalog."""
        return placements.of_catalog(self.mesh)

    def holds_database(self, place: Placement, database: str) -> bool:
        """Whether a database of the central catalog, or a link to one in another account or region, is ours."""
        if place == self.place:
            return database in self.databases
        if behind_chosen_link(self.mesh, place.account, database) is not None:
            return True
        if not database.startswith(LINK_PREFIX):
            return False
        return (
            linked_database(database) in self.databases
            or linked_in(self.mesh, place.account, database) in self.databases
        )

    def holds_location(self, arn: str) -> bool:
        """Whether a location is one of ours or lies under one of ours."""
        return arn in self.locations or not _stripped(self.locations).isdisjoint(_above(arn))

    def holds_tags(self, keys: Iterable[str]) -> bool:
        """Whether any of these keys is ours: an expression with one of them can open what is ours."""
        return not self.tag_keys.isdisjoint(keys)

    def reports(
        self, principal: str, database: str = "", product: Product | None = None, keys: Iterable[str] = ()
    ) -> bool:
        """Whether a permission that no document asks for is shown and stays: of whom, on which database, by which keys.

        `database` is that of the central catalog, also where the permission is on a link to it; `product` whose it is,
        None where several share it. Nothing stays of somebody who is suspended.
        """
        if is_suspended(self.mesh, principal):
            return False
        named = frozenset(keys)
        for rule in self.mesh.territory.exceptions:
            of_product = rule.product is None or (product is not None and rule.product == product.name)
            if of_product and rule.principal in (None, principal) and (rule.key is None or rule.key in named):
                return rule.undeclared_grants == "report"
        return database in self.used or self.mesh.territory.undeclared_grants == "report"

    def is_own_role(self, arn: str) -> bool:
        """Whether a principal is a role that Meshform itself assumes: it holds rights as creator of what it made."""
        return arn in _own_roles(self.mesh)


@memo
def _own_roles(mesh: Mesh) -> frozenset[str]:
    names = {mesh.settings.roles.plan, mesh.settings.roles.apply}
    return frozenset(iam_arn(mesh, account, name) for account in mesh.accounts.values() for name in names)


def _above(arn: str) -> Iterator[str]:
    """Every prefix of an S3 ARN that ends before a slash."""
    end = arn.rfind("/")
    while end > 0:
        yield arn[:end]
        end = arn.rfind("/", 0, end)


@lru_cache(maxsize=8)
def _stripped(locations: frozenset[str]) -> frozenset[str]:
    return frozenset(arn.rstrip("/") for arn in locations)
