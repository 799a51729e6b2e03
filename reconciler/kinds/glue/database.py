"""Glue databases of the central catalog: those of products, with what people want to know of them as parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.common.owner import Owner, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.sharing import reconciler_rights
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.catalogs import CatalogId
from reconciler.model.change import Change, Delete
from reconciler.model.lakeformation import OnDatabase
from reconciler.model.plan import Foreign
from reconciler.model.read_scope import Place
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.data_places import database_location, places_of_product
from reconciler.spec.documents.product import Product
from reconciler.spec.extents import product_databases, products_in
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

_OWN = ("meshform:", "data_owner", "classification", "access_mode", "pii_flag", "quality:", "freshness")
"""Parameters whose names begin so are ours; others stay as they are."""


@dataclass(frozen=True, slots=True)
class Database:
    """`parameters` sorted by name. `by_default` says what new tables open by themselves; we want nothing.

    `rest` is the DatabaseInput as AWS has it, for writing it back; `places` are the ARNs of the registered
    locations; `maker` is the role that makes it.
    """

    description: str
    uri: str
    parameters: tuple[tuple[str, str], ...]
    by_default: str = "[]"
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)
    places: tuple[str, ...] = field(default=(), compare=False)
    maker: str = field(default="", compare=False)


class DatabaseKind(Kind[Database]):
    """A database in which new tables are open to nobody by default.

    https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
    """

    name = addresses.DATABASE
    summary = "Databases of the central catalog, with the product's metadata."
    decides_access = True
    governed = True
    parts = frozenset({"central"})
    reads = ("glue:GetDatabases",)
    writes = (
        "glue:CreateDatabase",
        "glue:UpdateDatabase",
        "glue:DeleteDatabase",
        "lakeformation:RevokePermissions",
        "lakeformation:BatchRevokePermissions",
    )
    changed_by = ("glue:CreateDatabase", "glue:UpdateDatabase", "glue:DeleteDatabase")

    def read_with(self, resource: Resource[Database]) -> Iterable[tuple[Place, str | None]]:
        """A database goes with all its tables, whoever made them."""
        for kind in (addresses.TABLE, addresses.TAG_ASSIGNMENT):
            yield (kind, resource.address.placement), resource.address.name

    def desired(self, mesh: Mesh) -> Iterable[Resource[Database]]:
        for database in sorted(product_databases(mesh)):
            # Of several products, which only use it, the first speaks for it; the files of all must be registered.
            product, *more = products_in(mesh, database)
            places = dict.fromkeys(place.arn for each in (product, *more) for place in places_of_product(mesh, each))
            yield Resource(
                addresses.database(placements.of_database(mesh, product), database),
                Database(
                    description=product.description,
                    uri=database_location(mesh, product, database),
                    parameters=tuple(sorted(_parameters(mesh, product).items())),
                    places=tuple(places),
                    maker=reconciler_rights.apply_role_arn(mesh),
                ),
                origin=product.origin,
                mode=product.mode_of(self.name) if mesh.domain(product).resources == "managed" else "external",
            )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Database]]:
        for row in every_database(aws, placement, mesh):
            if "TargetDatabase" not in row:
                yield Resource(
                    addresses.database(placement, row["Name"].lower()),
                    Database(
                        description=row.get("Description", ""),
                        uri=row.get("LocationUri", ""),
                        parameters=tuple(sorted(row.get("Parameters", {}).items())),
                        by_default=_defaults(row),
                        rest=row,
                        maker=reconciler_rights.apply_role_arn(mesh),
                    ),
                )

    def needs(self, resource: Resource[Database]) -> Iterable[Address]:
        placement = resource.address.placement
        yield addresses.lake_settings(placement)
        for place in resource.spec.places:
            yield addresses.location(placement, place)
        if not resource.spec.places and resource.spec.uri.startswith("s3://"):
            place = resource.spec.uri.removeprefix("s3://").rstrip("/")
            yield from addresses.locations_of(placement, f"arn:{partition(placement.region)}:s3:::{place}")

    def before(self, change: Change) -> Iterable[Address]:
        """What the apply role needs of a database is granted once it is there, and revoked when it is gone."""
        resource = change.have if isinstance(change, Delete) else change.want
        yield from reconciler_rights.on_database(change.address.placement, resource.spec.maker, change.address.name)

    def owner(self, have: Resource[Database], ownership: Ownership) -> Owner:
        return owner_by_mark(dict(have.spec.parameters).get(MARK), ownership.mesh)

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        """DeleteDatabase takes all tables along, whoever made them."""
        if not isinstance(change, Delete):
            return None
        inside = [
            other.resource.spec.table
            for other in foreign
            if other.resource.address.kind == addresses.TABLE
            and other.resource.address.placement == change.address.placement
            and other.resource.spec.database == change.address.name
        ]
        return f"it has tables that are not ours: {', '.join(inside)}" if inside else None

    def merge_unmanaged(self, want: Resource[Database], have: Resource[Database]) -> Resource[Database]:
        """Parameters of other tools stay."""
        others = {name: value for name, value in have.spec.parameters if not name.startswith(_OWN)}
        merged = tuple(sorted({**others, **dict(want.spec.parameters)}.items()))
        return replace(want, spec=replace(want.spec, parameters=merged))

    def shortfalls(self, want: Resource[Database], have: Resource[Database]) -> Iterable[str]:
        """Its description, parameters and place are its owner's; tables are made in it only where it opens none."""
        return ()

    def create(self, want: Resource[Database]) -> tuple[Call, ...]:
        """What AWS gives to whoever makes it is given back; what is needed of it is granted."""
        placement = want.address.placement
        params = {"CatalogId": placement.account, "DatabaseInput": _input(want, {})}
        made = OnDatabase(placement.account, want.address.name)
        return (
            Call(placement, "glue", "CreateDatabase", params),
            reconciler_rights.given_back(placement, want.spec.maker, made),
        )

    def update(self, have: Resource[Database], want: Resource[Database]) -> tuple[Call, ...]:
        params = {
            "CatalogId": want.address.placement.account,
            "Name": want.address.name,
            "DatabaseInput": _input(want, have.spec.rest),
        }
        return (Call(want.address.placement, "glue", "UpdateDatabase", params),)

    def delete(self, have: Resource[Database]) -> tuple[Call, ...]:
        params = {"CatalogId": have.address.placement.account, "Name": have.address.name}
        gone = frozenset({"EntityNotFoundException"})
        return (Call(have.address.placement, "glue", "DeleteDatabase", params, success_errors=gone),)


def found_databases(aws: Reader, placement: Placement) -> Iterator[dict[str, Any]]:
    """Every database and link of the account's own catalog."""
    return aws.pages(
        placement, "glue", "GetDatabases", {"CatalogId": placement.account, "MaxResults": 100}, items="DatabaseList"
    )


def every_database(aws: Reader, placement: Placement, mesh: Mesh) -> Iterator[dict[str, Any]]:
    """The same, and the databases of catalogs within the central one that products name; under their full names."""
    yield from found_databases(aws, placement)
    if placement != placements.of_catalog(mesh):
        return
    for name in sorted({product.catalog for product in mesh.products.values() if product.catalog}):
        within = CatalogId(placement.account, name)
        request = {"CatalogId": str(within), "MaxResults": 100}
        if aws.read(placement, "glue", "GetDatabases", request, absent=("EntityNotFoundException",)) is not None:
            for row in aws.pages(placement, "glue", "GetDatabases", request, items="DatabaseList"):
                yield {**row, "Name": within.holding(row["Name"])}


def own_databases(aws: Reader, placement: Placement, mesh: Mesh) -> Iterator[str]:
    """Databases of the central catalog that a product wants or that carry our mark; links are not followed."""
    wanted = product_databases(mesh)
    for row in every_database(aws, placement, mesh):
        marked = row.get("Parameters", {}).get(MARK) == mesh.name
        if "TargetDatabase" not in row and (marked or row["Name"].lower() in wanted):
            yield row["Name"].lower()


def _parameters(mesh: Mesh, product: Product) -> dict[str, str]:
    """The product's metadata, under the names of the reference mesh where it has one."""
    domain, key = mesh.domain(product), mesh.settings.sensitivity_key
    sensitive = {
        column.tags.get(key, usual)
        for table in product.tables
        for usual in (table.tags.get(key, product.tags.get(key)),)
        for column in table.columns
    }
    tag = mesh.tags.get(key)
    top = tag.value_names[-1] if tag is not None and tag.value_names else None
    parameters = {
        MARK: mesh.name,
        "meshform:product": product.name,
        "meshform:domain": domain.name,
        "data_owner": mesh.producer(domain).id,
        "data_owner_name": product.owner,
        "access_mode": "tbac",
        "pii_flag": "true" if top is not None and top in sensitive else "false",
    }
    if product.classification:
        parameters["classification"] = product.classification
    if product.freshness:
        parameters["freshness"] = product.freshness.max_age
    for aspect in ("correctness", "completeness", "bias"):
        words = getattr(product.quality, aspect, None)
        if words:
            parameters[f"quality:{aspect}"] = words
    return parameters


def _input(want: Resource[Database], rest: Mapping[str, Any]) -> dict[str, Any]:
    """The DatabaseInput, on top of what is there: UpdateDatabase replaces the whole."""
    kept = {name: rest[name] for name in ("TargetDatabase", "FederatedDatabase") if name in rest}
    return {
        **kept,
        "Name": want.address.name,
        "Description": want.spec.description,
        "LocationUri": want.spec.uri,
        "Parameters": dict(want.spec.parameters),
        "CreateTableDefaultPermissions": [],
    }


def _defaults(row: Mapping[str, Any]) -> str:
    """What new tables of the database open by themselves, as text."""
    found = [
        f"{each.get('Principal', {}).get('DataLakePrincipalIdentifier')}:{'+'.join(sorted(each['Permissions']))}"
        for each in row.get("CreateTableDefaultPermissions", ())
    ]
    return f"[{','.join(sorted(found))}]"
