"""Whose databases and tables are: one product's, or tables of several products in a database that others made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.managed import is_managed
from reconciler.spec.name_pattern import both_fit
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

DATABASE = Rule(
    "shared-database",
    "error",
    "A database is one product's, unless each of its products is only a part of it.",
    "A database carries the LF-tag of its product, and an LF-tag has one value for each resource. Products that share "
    "a database which others made say `extent: tables`, each of them: then the tags lie on their tables.",
)
TABLE = Rule(
    "shared-table",
    "error",
    "A table is one product's.",
    "A table carries the LF-tag of its product, and an LF-tag has one value for each resource. Delete it from one of "
    "the products, or subscribe to the other one.",
)
PART = Rule(
    "part-of-database",
    "error",
    "A product that is a part of a database finds it there, with its tables.",
    "Its database is external, by `external: [database]`, by `catalog`, or as all of its domain; its tables are "
    "`definition: external`; and nothing crawls or curates them. A database that Meshform makes is one product's.",
)
PATTERN = Rule(
    "table-pattern",
    "error",
    "A pattern is of a product that is a part of a database, and no name fits the patterns of two.",
    "A pattern says whose tables are that turn up in a shared database. A table that a product declares is that "
    "product's, whichever pattern it fits. Of a whole database every table is the product's without a pattern.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about databases and tables that more than one product claims, and about products that are a part."""
    # A database of which one is the whole is told at each that is a part of it.
    products = sorted(unchecked.all(Product), key=lambda each: (each.is_part, each.name))
    databases: dict[str, Product] = {}
    tables: dict[tuple[str, str], tuple[Product, Origin]] = {}
    for product in products:
        for database in product.databases:
            first = databases.setdefault(database, product)
            if first.name != product.name and not first.is_part:
                yield DATABASE.broken(_where(product, database), _claimed(database, first, product))
        for index, table in enumerate(product.tables if product.is_part else ()):
            key, where = (product.database_of(table), table.name.lower()), product.at("tables", index, "name")
            known, origin = tables.setdefault(key, (product, where))
            if known.name != product.name:
                yield TABLE.broken(where, f"{'.'.join(key)} is already a table of {known.name} ({origin})")
    yield from _patterns([product for product in products if product.pattern is not None])
    domains = unchecked.named(Domain)
    for product in products:
        domain = domains.get(product.domain)
        if product.is_part and domain is not None and is_managed(domain):
            yield from _part(product)


def _patterns(products: Sequence[Product]) -> Iterator[Finding]:
    for number, product in enumerate(products):
        where, pattern = product.at("pattern"), product.pattern or ""
        if not product.is_part:
            yield PATTERN.broken(where, f"{product.name} is its whole database: leave `pattern` out")
        for other in products[:number]:
            beside = other.name != product.name and not set(other.databases).isdisjoint(product.databases)
            if beside and other.is_part and both_fit(pattern, other.pattern or ""):
                message = f"a name may fit {other.pattern} of {other.name} too ({other.at('pattern')})"
                yield PATTERN.broken(where, message)


def _claimed(database: str, first: Product, product: Product) -> str:
    if not product.is_part:
        return f"{database} is already the database of {first.name} ({first.origin}); choose another name"
    return (
        f"{database} is the whole database of {first.name} ({first.origin}): let {first.name} say `extent: tables` "
        "too, or choose another database"
    )


def _where(product: Product, database: str) -> Origin:
    """Where a product names a database."""
    if database == product.database:
        return product.at("database")
    index = product.tables.index(product.tables_in(database)[0])
    return product.at("tables", index, "database")


def _part(product: Product) -> Iterator[Finding]:
    if product.mode_of("database") != "external":
        message = f"{product.database} would be made: add `external: [database]`, or leave `extent: tables` out"
        yield PART.broken(product.at("extent"), message)
    for field in ("crawler", "curation"):
        if getattr(product, field) is not None:
            yield PART.broken(product.at(field), f"{product.name} is a part of a database: leave `{field}` out")
    for index, table in enumerate(product.tables):
        if table.definition != "external":
            where = product.at("tables", index, "definition")
            yield PART.broken(where, f"{table.name} lies in a database that is shared: write definition: external")
