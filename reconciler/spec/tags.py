"""LF-tags that follow from the mesh: what is put on databases, tables and columns, and what a subscription asks for.

| what                        | put on                                                      |
|-----------------------------|-------------------------------------------------------------|
| the mesh's own tagKeys      | the databases; with `extent: tables` the product's tables   |
| a key that is inherited     | where it is written: database, table or column              |
| a key for columns only      | every declared column: its own, else the table's, else the  |
| (the sensitivity always is) | product's value; never the table or the database            |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.table import Column, Table
from reconciler.spec.managed import is_managed
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.nested_fields import top

Tags = dict[str, str]
Expression = dict[str, tuple[str, ...]]
Terms = tuple[tuple[str, tuple[str, ...]], ...]
_Own = tuple[tuple[str, str], ...]


def is_columns_only(mesh: Mesh, key: str) -> bool:
    """Whether a key is put on declared columns only, so that an undeclared column cannot inherit it."""
    if key == mesh.settings.sensitivity_key:
        return True
    tag = mesh.tags.get(key)
    return tag is not None and tag.columns_only


def product_tags(mesh: Mesh, product: Product) -> Tags:
    """LF-tags that all of a product carries, on its databases or else on each table: its own, its name and domain."""
    keys, own = mesh.settings.tag_keys, dict[str, str]()
    if is_managed(mesh.domain(product)):
        own = {keys.product: product.name, keys.domain: product.domain}
    return {**_inherited(mesh, product.tags), **own}


def database_tags(mesh: Mesh, product: Product) -> Tags:
    """LF-tags to put on each of a product's databases: none on one that it is only a part of."""
    return {} if product.is_part else product_tags(mesh, product)


def table_tags(mesh: Mesh, product: Product, table: Table) -> Tags:
    """LF-tags to put on a table itself: those of its product too, where the database is not the product's."""
    return {**(product_tags(mesh, product) if product.is_part else {}), **_inherited(mesh, table.tags)}


def column_tags(mesh: Mesh, product: Product, table: Table, column: Column) -> Tags:
    """LF-tags to put on a declared column itself."""
    return {**usual_column_tags(mesh, product, table), **column.tags}


def usual_column_tags(mesh: Mesh, product: Product, table: Table) -> Tags:
    """LF-tags to put on each declared column of a table that says nothing else."""
    usual = {**product.tags, **table.tags}
    return {key: value for key, value in usual.items() if is_columns_only(mesh, key)}


def sensitivity(mesh: Mesh, product: Product, table: Table, column: Column) -> str | None:
    """The value of the sensitivity key on a declared column: its own, else the table's, else the product's."""
    return column.tags.get(mesh.settings.sensitivity_key) or usual_sensitivity(mesh, product, table)


def usual_sensitivity(mesh: Mesh, product: Product, table: Table) -> str | None:
    """The value of the sensitivity key on each declared column of a table that says nothing else."""
    key = mesh.settings.sensitivity_key
    return table.tags.get(key) or product.tags.get(key)


def effective_tags(mesh: Mesh, product: Product, table: Table, column: Column) -> Tags:
    """LF-tags that Lake Formation sees on a declared column: its own and what it inherits."""
    return {**_on_table(mesh, product, table), **column_tags(mesh, product, table, column)}


def tags_by_column(mesh: Mesh, product: Product, table: Table) -> Iterator[tuple[str, Tags]]:
    """The declared columns of a table, each with the LF-tags that Lake Formation sees on it."""
    usual = {**_on_table(mesh, product, table), **usual_column_tags(mesh, product, table)}
    for column in table.columns:
        yield column.name, {**usual, **column.tags}


def _on_table(mesh: Mesh, product: Product, table: Table) -> Tags:
    return {**product_tags(mesh, product), **table_tags(mesh, product, table)}


def matches(tags: Mapping[str, str], expression: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether tags satisfy an expression: every key is there with one of the values."""
    return all(tags.get(key) in values for key, values in expression.items())


def table_expression(mesh: Mesh, subscription: Subscription) -> Expression:
    """What a subscription's tables and columns must carry; keys and values sorted. Empty when it shares by name."""
    if subscription.tables:
        return {}
    asked: dict[str, tuple[str, ...]] = {**(subscription.expression or {}), **subscription.clearance}
    product = mesh.product(subscription)
    if product is not None:
        asked[mesh.settings.tag_keys.product] = (product.name,)
    return {key: tuple(sorted(set(asked[key]))) for key in sorted(asked)}


def database_expression(mesh: Mesh, subscription: Subscription) -> Expression:
    """What its databases must carry: the product, or the keys of the expression that databases can carry."""
    if subscription.tables:
        return {}
    product = mesh.product(subscription)
    if product is not None:
        return {mesh.settings.tag_keys.product: (product.name,)}
    asked = subscription.expression or {}
    return {key: tuple(sorted(set(asked[key]))) for key in sorted(asked) if not is_columns_only(mesh, key)}


def subscribed_products(mesh: Mesh, subscription: Subscription) -> tuple[Product, ...]:
    """The products that a subscription reaches, by name."""
    product = mesh.product(subscription)
    if product is not None:
        return (product,)
    asked = table_expression(mesh, subscription)
    known, terms = _reached(mesh), tuple(asked.items())
    if terms not in known:
        worn = _worn(mesh)
        known[terms] = tuple(
            each for each in mesh.products.values() if any(matches(tags, asked) for tags in worn[each.name])
        )
    return known[terms]


def readable_columns(mesh: Mesh, subscription: Subscription, product: Product, table: Table) -> tuple[str, ...]:
    """The declared columns of a table that a subscription opens, in the table's order.

    Partition keys come with any of them and are not listed.
    """
    names = tuple(column.name for column in table.columns)
    if subscription.tables:
        shared = next((each for each in subscription.tables if each.name == table.name), None)
        if shared is None or mesh.product(subscription) is not product:
            return ()
        # Who reads a field of a struct reads of the column; what is left out of one leaves the rest of it.
        opened = frozenset(top(table, name) for name in shared.columns or names).difference(shared.exclude)
        return tuple(name for name in names if name in opened)
    asked = table_expression(mesh, subscription)
    return tuple(name for name, tags in tags_by_column(mesh, product, table) if matches(tags, asked))


def opened_tables(mesh: Mesh, subscription: Subscription, product: Product) -> tuple[str, ...]:
    """The names of a product's declared tables of which a subscription opens a column, in the order written."""
    if subscription.tables:
        return tuple(table.name for table in product.tables if readable_columns(mesh, subscription, product, table))
    if mesh.product(subscription) not in (None, product):
        return ()
    asked = table_expression(mesh, subscription)
    known, key = _opened(mesh), (product.name, tuple(asked.items()))
    if key not in known:
        worn = _worn_by_table(mesh)[product.name]
        known[key] = tuple(name for name, every in worn.items() if any(matches(tags, asked) for tags in every))
    return known[key]


def opened_tags(mesh: Mesh, subscription: Subscription) -> Iterator[Tags]:
    """The LF-tags of each declared column that a subscription opens."""
    for product in subscribed_products(mesh, subscription):
        for table in product.tables:
            opened = frozenset(readable_columns(mesh, subscription, product, table))
            yield from (tags for name, tags in tags_by_column(mesh, product, table) if name in opened)


def opens_columns(mesh: Mesh, products: Iterable[Product], asked: Expression) -> bool:
    """Whether any declared column of products carries what an expression asks for."""
    worn = _worn(mesh)
    return any(matches(tags, asked) for product in products for tags in worn[product.name])


def _inherited(mesh: Mesh, tags: Mapping[str, str]) -> Tags:
    return {key: value for key, value in tags.items() if not is_columns_only(mesh, key)}


@memo
def _reached(mesh: Mesh) -> dict[Terms, tuple[Product, ...]]:
    """The products that each expression reaches, filled as expressions are asked for."""
    del mesh
    return {}


@memo
def _opened(mesh: Mesh) -> dict[tuple[str, Terms], tuple[str, ...]]:
    """The tables of a product of which each expression opens a column, filled as they are asked for."""
    del mesh
    return {}


@memo
def _worn_by_table(mesh: Mesh) -> Mapping[str, Mapping[str, tuple[Tags, ...]]]:
    """The different effective tags of the columns of each table, by product and table: few, however many columns."""
    found: dict[str, dict[str, tuple[Tags, ...]]] = {}
    for product in mesh.products.values():
        known: dict[tuple[_Own, _Own], Tags] = {}
        found[product.name] = tables = {}
        for table in product.tables:
            of_table, worn = tuple(table.tags.items()), dict[_Own, Tags]()
            for column in table.columns:
                own = tuple(column.tags.items())
                if own not in worn:
                    if (of_table, own) not in known:
                        known[of_table, own] = effective_tags(mesh, product, table, column)
                    worn[own] = known[of_table, own]
            tables[table.name] = tuple(worn.values())
    return found


@memo
def _worn(mesh: Mesh) -> Mapping[str, tuple[Tags, ...]]:
    """The different effective tags of columns, by product."""
    return {
        name: tuple({id(tags): tags for every in tables.values() for tags in every}.values())
        for name, tables in _worn_by_table(mesh).items()
    }
