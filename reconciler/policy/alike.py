"""Alike: what entries of a difference say of their principals and tables, worked out once for each of those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.access import Access, AccessEntry
from reconciler.access.algebra.rows import text
from reconciler.access.facts.attribution import attribution
from reconciler.access.facts.of_difference import sensitivities_before
from reconciler.access.facts.of_table import fact
from reconciler.access.state.table_view import TableId
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.spec.mesh import Mesh

_OF_PRINCIPAL = ("principal", "name", "principal_type", "consumer", "account", "account_name")
_OF_TABLE = ("product", "domain", "owner", "database", "table")


class Alike:
    """The same for entries of one side of a difference: what is gained, or what is lost."""

    def __init__(self, mesh: Mesh) -> None:
        self._known = attribution(mesh)
        self._principals: dict[tuple[int, str, str], Mapping[str, Any]] = {}
        self._tables: dict[TableId, tuple[Mapping[str, Any], str]] = {}
        self._before: dict[tuple[int, TableId], Mapping[str, str | None]] = {}

    def common(self, entry: AccessEntry) -> Mapping[str, Any] | None:
        """The fields of an object that do not hang on the columns, nor on the grants that give them.

        None for who stands for everybody whom IAM lets: where a table is open he comes by another path. And for who
        acts as somebody else.
        """
        access, principal, place = entry.source, entry.principal, entry.place
        if principal == IAM_ALLOWED_PRINCIPALS or entry.assumed is not None:
            return None
        who = self._principals.get((id(access), principal, place.catalog))
        if who is None:
            who = self._add_principal(access, principal, place)
        known = self._tables.get(place) or self._add_table(access, principal, place)
        where, producer = known
        return {
            **who,
            **where,
            "same_account": bool(producer) and who["account"] == producer,
            "path": "lake-formation",
            "rows": text(entry.rows) or "",
            "verdict": entry.verdict,
            "purpose": "",
            "expires": "",
        }

    def sensitivities(self, entry: AccessEntry) -> Sequence[str]:
        """The sensitivity of each column of an entry, in the state that has more."""
        values = dict(entry.sensitivity)
        return [values.get(name, "") for name in entry.columns]

    def before(self, entry: AccessEntry) -> Sequence[str]:
        """The same in the other state."""
        key = (id(entry.other), entry.place)
        values = self._before.get(key)
        if values is None:
            values = self._before[key] = sensitivities_before(entry)
        return [values.get(name) or "" for name in entry.columns]

    def _add_principal(self, access: Access, principal: str, place: TableId) -> Mapping[str, Any]:
        found = fact(access, self._known, principal, place)
        who = {name: getattr(found, name) for name in _OF_PRINCIPAL}
        self._principals[id(access), principal, place.catalog] = who
        return who

    def _add_table(self, access: Access, principal: str, place: TableId) -> tuple[Mapping[str, Any], str]:
        found = fact(access, self._known, principal, place)
        known = {name: getattr(found, name) for name in _OF_TABLE}, found.producer
        self._tables[place] = known
        return known
