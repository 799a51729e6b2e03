"""Tables that their writers have made, or made anew: none of the LF-tags that the mesh puts on such a table is on it.

AWS keeps no tag, permission or filter of a table that was dropped for another one of its name:
https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html
In an emergency somebody takes all of them off, too. So a table counts as made anew only where it is known to be younger
than what was put on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from reconciler.access import Access, AccessEntry, TableId, evaluate, principal_directory
from reconciler.access.evaluation.other_paths import other_paths
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.lakeformation import Grant, OnColumns, OnFilter, OnTable
from reconciler.model.resource import AnyResource, Observation, Resource, Snapshot
from reconciler.plan.review import Review


@dataclass(frozen=True, slots=True)
class Untagged:
    """An external table as found, that bears none of the tags that are wanted on it; `tags` are their addresses."""

    table: Resource[Table]
    tags: frozenset[str]

    @property
    def made(self) -> datetime | None:
        """When it was made, where AWS tells it."""
        at = self.table.spec.rest.get("CreateTime")
        return at if isinstance(at, datetime) and at.tzinfo is not None else None


def untagged(wanted: Snapshot, found: Snapshot) -> Mapping[TableId, Untagged]:
    """External tables that are there and bear none of the tags that are wanted on them."""
    tables: dict[TableId, Resource[Table]] = {}
    for want in wanted.of(Table):
        have = found.get(want.address)
        if have is not None and want.spec.is_written_by_others(have.spec):
            tables[TableId(want.address.placement.account, want.spec.database, want.spec.table)] = have
    if not tables:
        return {}
    tags: dict[TableId, list[Resource[TagAssignment]]] = {}
    for place, tag in _tags(wanted):
        if place in tables:
            tags.setdefault(place, []).append(tag)
    return {
        place: Untagged(tables[place], frozenset(str(each.address) for each in those))
        for place, those in tags.items()
        if not any(each.address in found for each in those)
    }


def remade(reviewed: Review) -> Mapping[TableId, Resource[Table]]:
    """Those of them that are known to be younger than what was put on them, as they were found."""
    if reviewed.observation is None or not reviewed.made_since:
        return {}
    those = untagged(reviewed.wanted, reviewed.observation.found)
    return {place: each.table for place, each in those.items() if place in reviewed.made_since}


@dataclass(frozen=True)
class PutBack:
    """What somebody has again as soon as such tables bear what hung on them, and nothing else is given."""

    reviewed: Review

    @cached_property
    def tables(self) -> Mapping[TableId, Resource[Table]]:
        return remade(self.reviewed)

    @cached_property
    def _access(self) -> Access:
        """Access as it would be if the tables had been left as they were: found, with what hung on them."""
        found = self.reviewed.observation
        assert found is not None, "tables were found"
        missing = {each.address: each for place, each in _hanging(self.reviewed.wanted) if place in self.tables}
        state = Snapshot({**missing, **found.found}.values())
        return evaluate(Observation(state, found.gaps), principal_directory(self.reviewed.mesh))

    @cached_property
    def _paths(self) -> Mapping[tuple[str, TableId, str], tuple[str, ...]]:
        tables = self._access.tables
        return {
            each.key: tables[each.place].names(each.columns)
            for each in other_paths(self._access)
            if each.place in tables
        }

    def explains(self, entry: AccessEntry) -> bool:
        """Whether all of a gain comes of that: what else is missing, somebody took away."""
        if entry.place not in self.tables or entry.place not in self._access.tables:
            return False
        if entry.change == "path":
            return set(entry.columns) <= set(self._paths.get((entry.principal, entry.place, entry.path), ()))
        there = self._access.on(entry.principal, entry.place)
        rows = there.columns
        return set(entry.permissions) <= set(there.permissions) and all(
            rows.get(column) == entry.rows for column in entry.columns
        )


def _tags(wanted: Snapshot) -> Iterator[tuple[TableId, Resource[TagAssignment]]]:
    """The tags of tables and of their columns."""
    for tag in wanted.of(TagAssignment):
        if tag.spec.place.table:
            yield TableId(tag.address.placement.account, tag.spec.place.database, tag.spec.place.table), tag


def _hanging(wanted: Snapshot) -> Iterator[tuple[TableId, AnyResource]]:
    """What hangs on a table by its name: its tags, its columns' tags, its filters, permissions that name it."""
    yield from _tags(wanted)
    for each in wanted.of(DataFilter):
        yield TableId(each.address.placement.account, each.spec.database, each.spec.table), each
    for grant in wanted.of(Grant):
        match grant.spec.target:
            case (
                OnTable(catalog, database, table)
                | OnColumns(catalog, database, table)
                | OnFilter(catalog, database, table)
            ):
                yield TableId(catalog, database, table), grant
