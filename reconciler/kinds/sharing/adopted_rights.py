"""What was there before the mesh and is wanted as it is: the permissions of Adopted documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.kinds.sharing.wanted_grant import WantedGrant
from reconciler.model.lakeformation import (
    Grant,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnOther,
    OnSavedExpression,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)
from reconciler.spec import placements
from reconciler.spec.documents.adopted import AdoptedResource
from reconciler.spec.mesh import Mesh


def adopted_grants(mesh: Mesh) -> Iterable[WantedGrant]:
    """Every permission of the Adopted documents, in the account that gives it."""
    for document in mesh.adopted.values():
        written = document.source_map
        for number, entry in enumerate(document.grants):
            placement = placements.of_account(mesh, mesh.accounts[entry.account])
            origin = written.at("grants", number)
            for target in adopted_targets(mesh, entry.resource):
                for permission in entry.permissions:
                    grantable = permission in entry.grantable
                    grant = Grant(entry.principal, target, permission, grantable, entry.condition)
                    yield WantedGrant(placement, grant, origin)


def adopted_targets(mesh: Mesh, resource: AdoptedResource) -> Iterator[Target]:
    """A target in the mesh language as Lake Formation's: one, but one for each value of an LF-tag."""
    catalog = resource.catalog or mesh.central.id
    match resource:
        case AdoptedResource(other=str(text)):
            yield OnOther(catalog, text)
        case AdoptedResource(location=str(arn)):
            yield OnLocation(catalog, arn)
        case AdoptedResource(of="DATABASE" | "TABLE" as of, expression=str(name)):
            yield OnSavedExpression(catalog, of, name)
        case AdoptedResource(of="DATABASE" | "TABLE" as of, tags=tags):
            yield OnTagPolicy(catalog, of, expression(tags))
        case AdoptedResource(of="TAG", tags=tags):
            yield from (OnTag(catalog, key, value) for key, values in tags.items() for value in values)
        case AdoptedResource(database=str(database), table=str(table)):
            yield _on_table(catalog, database, table, resource)
        case AdoptedResource(database=str(database)):
            yield OnDatabase(catalog, database)
        case _:
            yield OnCatalog(catalog)


def _on_table(catalog: str, database: str, table: str, resource: AdoptedResource) -> Target:
    if resource.filter is not None:
        return OnFilter(catalog, database, table, resource.filter)
    if resource.columns or resource.exclude:
        columns = tuple(sorted(resource.columns or resource.exclude))
        return OnColumns(catalog, database, table, columns, excluded=bool(resource.exclude))
    return OnTable(catalog, database, table)
