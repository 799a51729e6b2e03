"""What the targets of grants are made of, whose they are, and which of them Lake Formation refuses side by side."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds import addresses
from reconciler.kinds.common.ownership import Ownership
from reconciler.model.address import Address, Placement
from reconciler.model.lakeformation import (
    ALL_TABLES,
    Grant,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
)
from reconciler.model.resource import Resource
from reconciler.spec.documents.product import Product
from reconciler.spec.extents import product_at, products_in
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import linked_in


def needs(owner: Placement, target: Target) -> Iterable[Address]:
    """What a target is made of."""
    match target:
        case OnDatabase(database=name):
            yield addresses.database(owner, name)
            yield addresses.resource_link(owner, name)
        case OnTable(database=name, table=table_name):
            yield addresses.database(owner, name)
            if table_name != ALL_TABLES:
                yield addresses.table(owner, name, table_name)
        case OnColumns(database=name, table=table_name):
            yield addresses.table(owner, name, table_name)
        case OnFilter(database=name, table=table_name, name=filter_name):
            yield addresses.table(owner, name, table_name)
            yield addresses.data_filter(owner, name, table_name, filter_name)
        case OnLocation(arn=arn):
            yield from addresses.locations_of(owner, arn)
        case OnTag(key=key, value=value):
            yield addresses.lf_tag_value(owner, key, value)
        case OnTagPolicy(terms=terms):
            for key, values in terms:
                for value in values:
                    yield addresses.lf_tag_value(owner, key, value)
        case _:
            return


def names_of(target: Target) -> tuple[str, ...]:
    """The names by which requests speak of a target; of all tables of a database its own."""
    match target:
        case OnTable(database=name, table=table_name) if table_name == ALL_TABLES:
            return (name,)
        case OnDatabase(database=name):
            return (name,)
        case OnTable(database=name, table=table_name) | OnColumns(database=name, table=table_name):
            return name, table_name
        case OnFilter(database=name, table=table_name, name=filter_name):
            return name, table_name, filter_name
        case OnLocation(arn=arn):
            return (arn,)
        case OnTag(key=key):
            return (key,)
        case OnTagPolicy(terms=terms):
            return tuple(dict.fromkeys(word for key, values in terms for word in (key, *values)))
        case _:
            return ()


def place_of(grant: Resource[Grant]) -> Placement:
    """The catalog that a grant is on, which is in the region in which it was given."""
    return Placement(grant.spec.target.catalog, grant.address.placement.region)


def is_inside(place: Placement, target: Target, ownership: Ownership) -> bool:
    """Whether a target of a catalog is part of the mesh's territory."""
    match target:
        case OnDatabase(_, name) | OnTable(_, name) | OnColumns(_, name) | OnFilter(_, name):
            return ownership.holds_database(place, name)
        case OnTag(_, key):
            return place == ownership.place and ownership.holds_tags([key])
        case OnTagPolicy(_, _, terms):
            return place == ownership.place and ownership.holds_tags(key for key, _ in terms)
        case OnLocation(arn=arn):
            return place.region == ownership.place.region and ownership.holds_location(arn)
        case _:
            return False


def database_of(place: Placement, target: Target, ownership: Ownership) -> str:
    """The database of the central catalog that a target is, is in, or stands for; empty where it is none or several.

    Of a product of several databases one that no mesh made, if it has such.
    """
    match target:
        case OnDatabase(_, name) | OnTable(_, name) | OnColumns(_, name) | OnFilter(_, name):
            return name if place == ownership.place else linked_in(ownership.mesh, place.account, name)
        case OnTagPolicy():
            product = product_of(place, target, ownership)
            if product is None:
                return ""
            return next((each for each in product.databases if each in ownership.used), product.database)
        case _:
            return ""


def product_of(place: Placement, target: Target, ownership: Ownership) -> Product | None:
    """The product that a target is about; None where it is about none, about several, or about what several share."""
    mesh = ownership.mesh
    match target:
        case OnDatabase():
            return product_at(mesh, database_of(place, target, ownership))
        case OnTable(table=table) | OnColumns(table=table) | OnFilter(table=table):
            return product_at(mesh, database_of(place, target, ownership), table)
        case OnTagPolicy(terms=terms):
            names = dict(terms).get(mesh.settings.tag_keys.product, ())
            return mesh.products.get(names[0]) if len(names) == 1 else None
        case _:
            return None


def collide(one: Target, other: Target) -> bool:
    """Whether Lake Formation refuses both for one principal ("Permissions modification is invalid")."""
    pair = {type(one), type(other)}
    if OnColumns not in pair or not pair <= {OnColumns, OnTable}:
        return False
    assert isinstance(one, OnColumns | OnTable)
    assert isinstance(other, OnColumns | OnTable)
    same = (one.catalog, one.database, one.table) == (other.catalog, other.database, other.table)
    return same and (type(one) is not type(other) or one != other)


def is_hybrid(target: Target, mesh: Mesh) -> bool:
    """Whether a target is a database, or in one, of a domain in hybrid access mode: there IAM decides as well."""
    match target:
        case OnDatabase(database=name):
            product = None
        case OnTable(database=name, table=table) | OnColumns(database=name, table=table):
            product = product_at(mesh, name, table)
        case _:
            return False
    whose = (product,) if product is not None else products_in(mesh, name)
    return any(mesh.domain(each).hybrid for each in whose)
