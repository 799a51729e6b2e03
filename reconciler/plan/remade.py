"""Tables that their writers have made, or made anew: nothing that the mesh puts on such a table is on it.

AWS keeps no tag, permission or filter of a table that was dropped for another one of its name, so what is missing as a
whole was not taken away by hand: https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.access import TableId
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.lakeformation import ALL_TABLES, Grant, OnColumns, OnFilter, OnTable
from reconciler.model.resource import AnyResource, Resource, Snapshot
from reconciler.plan.review import Review


def remade(reviewed: Review) -> Mapping[TableId, Resource[Table]]:
    """External tables that are there and bear nothing of all that is wanted on them, as they were found."""
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
        if place in tables:
            wanted.add(place)
            if resource.address in reviewed.observation.found:
                borne.add(place)
    return {place: tables[place] for place in tables if place in wanted - borne}


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
            ) if table != ALL_TABLES and catalog == grant.address.placement.account:
                yield TableId(catalog, database, table), grant
