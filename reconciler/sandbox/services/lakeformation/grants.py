"""The store of grants: atoms in dictionaries, so that a grant costs the same however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from reconciler.sandbox.services.lakeformation.resources import Anchor, Resource, anchors

Key = tuple[str, str, Resource, bool, str | None]


@dataclass(slots=True)
class Row:
    """What one account granted to one principal on one resource. `share` is the RAM share that carries it.

    `of_maker`: what the maker of a thing has without a grant, which is neither listed nor revoked. `holder` is the
    identity of the role that it was granted to, where it is kept.
    """

    grantor: str
    principal: str
    resource: Resource
    updated: datetime
    by: str
    permissions: set[str] = field(default_factory=set)
    grantable: set[str] = field(default_factory=set)
    share: str | None = None
    # Grants that Lake Formation itself makes to a foreign creator need no RAM share.
    implicit: bool = False
    of_maker: bool = False
    holder: str | None = None
    condition: str | None = None

    @property
    def key(self) -> Key:
        return self.grantor, self.principal, self.resource, self.of_maker, self.condition


class GrantStore:
    """Rows by key, with an index by resource and one by principal and resource."""

    def __init__(self) -> None:
        self._rows: dict[Key, Row] = {}
        self._by_anchor: dict[Anchor, dict[Key, Row]] = {}
        self._by_holder: dict[tuple[str, Anchor], dict[Key, Row]] = {}
        self._by_principal: dict[str, dict[Key, Row]] = {}
        self._by_catalog: dict[str, dict[Key, Row]] = {}

    def row(self, grantor: str, principal: str, resource: Resource, condition: str | None = None) -> Row | None:
        """What was granted, under a condition or none; not what a maker has without a grant."""
        return self._rows.get((grantor, principal, resource, False, condition))

    def at(self, anchor: Anchor) -> Iterator[Row]:
        """Every row on one resource (see `anchors`)."""
        return iter(list(self._by_anchor.get(anchor, {}).values()))

    def held(self, principals: Iterable[str], anchor: Anchor) -> Iterator[Row]:
        """The rows of some principals on one resource."""
        for principal in principals:
            yield from list(self._by_holder.get((principal, anchor), {}).values())

    def of(self, principal: str) -> Iterator[Row]:
        return iter(list(self._by_principal.get(principal, {}).values()))

    def on(self, catalog: str) -> Iterator[Row]:
        """Every row on resources of one account's catalog, in the order in which they came."""
        return iter(list(self._by_catalog.get(catalog, {}).values()))

    def by(self, grantor: str) -> Iterator[Row]:
        """Every row that an account granted."""
        return (row for row in list(self._rows.values()) if row.grantor == grantor)

    def grant(
        self,
        grantor: str,
        principal: str,
        resource: Resource,
        permissions: Iterable[str],
        grantable: Iterable[str],
        *,
        at: datetime,
        by: str,
        of_maker: bool = False,
        condition: str | None = None,
    ) -> Row:
        """Add atoms; a second identical grant changes nothing, not even the time of the last update."""
        key = (grantor, principal, resource, of_maker, condition)
        row = self._rows.get(key)
        if row is None:
            row = Row(grantor, principal, resource, at, by, of_maker=of_maker, condition=condition)
            for index in self._indexes(row):
                index[key] = row
        wanted, passed_on = set(permissions), set(grantable)
        if not (wanted <= row.permissions and passed_on <= row.grantable):
            row.permissions |= wanted
            row.grantable |= passed_on
            row.updated, row.by = at, by
        return row

    def revoke(self, row: Row, permissions: Iterable[str], grantable: Iterable[str], *, at: datetime, by: str) -> bool:
        """Take atoms away; True if the row is gone with them."""
        row.permissions -= set(permissions)
        row.grantable -= set(grantable) | set(permissions)
        row.updated, row.by = at, by
        if row.permissions:
            return False
        self.drop(row)
        return True

    def drop(self, row: Row) -> None:
        for index in self._indexes(row):
            index.pop(row.key, None)

    def _indexes(self, row: Row) -> Iterator[dict[Key, Row]]:
        yield self._rows
        yield self._by_principal.setdefault(row.principal, {})
        yield self._by_catalog.setdefault(row.resource.catalog, {})
        for anchor in anchors(row.resource):
            yield self._by_anchor.setdefault(anchor, {})
            yield self._by_holder.setdefault((row.principal, anchor), {})
