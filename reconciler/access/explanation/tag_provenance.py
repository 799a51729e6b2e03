"""Tag provenance: where the effective tag of a column comes from."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.access.evaluation.evaluate import Access
from reconciler.access.state.table_view import TableView
from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.address import Placement
from reconciler.model.origin import Origin


@dataclass(frozen=True, slots=True)
class Tagged:
    """The value of a key, the place that carries it, and the line that asked for it there."""

    key: str
    value: str
    place: str
    inherited: bool
    origin: Origin | None

    def text(self, *, lines: bool = True) -> str:
        """The tag in words. Without `lines` those of a column alone are left out, so that columns can share a text."""
        line = f" ({self.origin})" if self.origin and (lines or self.inherited) else ""
        whence = f"is inherited from {self.place}" if self.inherited else "is its own"
        return f"the tag {self.key}={self.value} {whence}{line}"


def tagged(access: Access, table_view: TableView, column: str, key: str) -> Tagged | None:
    """The effective tag of a column: its own, else the table's, else the database's.

    https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html
    """
    place = table_view.id
    for level in (
        Place(place.database, place.table, column),
        Place(place.database, place.table),
        Place(place.database),
    ):
        found = access.state.snapshot.get(
            addresses.tag_assignment(Placement(place.catalog, table_view.region), level, key)
        )
        if found is not None:
            where = f"table {place.table}" if level.table else f"database {place.database}"
            return Tagged(key, found.spec.value, where, not level.column, found.origin)
    return None
