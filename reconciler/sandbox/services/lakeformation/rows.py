"""Grants as a caller is shown them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.permissions import ordered
from reconciler.sandbox.services.lakeformation.principals import caller_identities
from reconciler.sandbox.services.lakeformation.resources import Tag, anchors
from reconciler.sandbox.services.lakeformation.shapes import shape

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.core.operation import Params
    from reconciler.sandbox.services.lakeformation.store import Store


@dataclass(frozen=True, slots=True)
class Entry:
    """What is listed as one: a row, or one permission on several values of an LF-tag (recorded by the AWS CLI)."""

    rows: tuple[Row, ...]
    only: str | None = None


class Reader:
    """A caller who looks at the grants on one account's catalog.

    In his account an admin sees every row that the account made; elsewhere those made for his account and
    by it. Others see their own rows, and of others' those permissions that they hold themselves.
    """

    def __init__(self, lf: Store, caller: Caller, catalog: str) -> None:
        self._lf = lf
        self.caller = caller
        self._account = caller.account
        self._catalog = catalog
        self._names = caller_identities(caller)
        self._reads_all = lf.reads_all(caller)
        self._receivers = () if catalog == caller.account else lf.receivers(caller.account)

    def entries(self, rows: Iterable[Row]) -> list[Entry]:
        """What the caller is shown of some rows; LF-tag values that share their permissions are one entry."""
        found: list[Entry] = []
        values: dict[Any, list[Row]] = {}
        for row in rows:
            held = self.permissions(row)
            if isinstance(row.resource, Tag):
                for permission in ordered(held):
                    same = (row.grantor, row.principal, row.resource.key, permission, permission in row.grantable)
                    values.setdefault(same, []).append(row)
            elif held:
                found.append(Entry((row,)))
        return found + [Entry(tuple(group), same[3]) for same, group in values.items()]

    def shown(self, entries: Iterable[Entry]) -> list[Params]:
        """Entries as PrincipalResourcePermissions; those revoked in the meantime are left out."""
        return [self._shape(entry) for entry in entries if self.permissions(entry.rows[0])]

    def permissions(self, row: Row) -> set[str]:
        """The permissions of a row that the caller is shown."""
        if row.of_maker:
            return set()
        if self._catalog == self._account:
            if row.grantor != self._catalog:
                return set()
        elif row.grantor == self._catalog:
            received = self._reads_all and row.principal in self._receivers
            if not (received or row.principal in self._names) or not self._lf.carried(row, self._account):
                return set()
        elif row.grantor != self._account:
            return set()
        if self._reads_all or row.principal in self._names:
            return row.permissions
        own = self._lf.grants.held(self._names, anchors(row.resource)[0])
        held: set[str] = set().union(*(r.permissions for r in own if r.resource == row.resource))
        return row.permissions if "ALL" in held else row.permissions & held

    def _shape(self, entry: Entry) -> Params:
        row = max(entry.rows, key=lambda r: r.updated)
        held = self.permissions(row) & ({entry.only} if entry.only else self.permissions(row))
        shown: Params = {
            "Principal": {"DataLakePrincipalIdentifier": row.principal},
            "Resource": shape(row.resource, [r.resource.value for r in entry.rows if isinstance(r.resource, Tag)]),
            "Permissions": ordered(held),
            "PermissionsWithGrantOption": ordered(row.grantable & held),
            "LastUpdated": row.updated,
            "LastUpdatedBy": row.by,
        }
        if row.condition is not None:
            shown["Condition"] = {"Expression": row.condition}
        return shown | ({"AdditionalDetails": {"ResourceShare": [row.share]}} if row.share else {})
