"""Tables that their writers have made, or made anew: none of the LF-tags that the mesh puts on such a table is on it.

AWS keeps no tag, permission or filter of a table that was dropped for another one of its name, so what is missing as a
whole was not taken away by hand: https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reconciler.access import Access, AccessEntry, TableId, evaluate, principal_directory
from reconciler.access.evaluation.other_paths import other_paths
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.lakeformation import Grant, OnColumns, OnFilter, OnTable
from reconciler.model.resource import AnyResource, Observation, Resource, Snapshot
from reconciler.plan.review import Review


def remade(reviewed: Review) -> Mapping[TableId, Resource[Table]]:
    """External tables that are there and bear none of the tags that are wanted on them, as they were found."""
    if reviewed.observation is None:
        return {}
    tables: dict[TableId, Resource[Table]] = {}
    for want in reviewed.wanted.of(Table):
        have = reviewed.observation.found.get(want.address)
        if have is not None and want.spec.is_written_by_others(have.spec):
            tables[TableId(want.address.placement.account, want.spec.database, want.spec.table)] = have
    if not tables:
        return {}
    wanted, borne = set[TableId](), set[TableId]()
    for place, resource in _hanging(reviewed.wanted):
        if place in tables and isinstance(resource.spec, TagAssignment):
            wanted.add(place)
            if resource.address in reviewed.observation.found:
                borne.add(place)
    return {place: tables[place] for place in tables if place in wanted - borne}


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


def _hanging(wanted: Snapshot) -> Iterator[tuple[TableId, AnyResource]]:
    """What hangs on a table by its name: its tags, its columns' tags, its filters, permissions that name it."""
    for tag in wanted.of(TagAssignment):
        if tag.spec.place.table:
            yield TableId(tag.address.placement.account, tag.spec.place.database, tag.spec.place.table), tag
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
