"""New tables: those in databases of documents that are there, which no document declares, with the lines that would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.importing.evidence import Evidence
from reconciler.importing.homes import Home
from reconciler.importing.page import yaml_text
from reconciler.importing.places import Located
from reconciler.importing.tables import table_fields
from reconciler.spec.data_places import data_places
from reconciler.spec.documents.domain import Domain
from reconciler.spec.extents import product_at, products_in
from reconciler.spec.managed import is_managed
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table, the product that it is of (of a shared database those it may be of), and what declares it there."""

    database: str
    table: str
    products: tuple[str, ...]
    files: tuple[str, ...]
    lines: str

    @property
    def sentence(self) -> str:
        """What a person reads, before the lines."""
        whose = " or ".join(f"{name} ({file})" for name, file in zip(self.products, self.files, strict=True))
        return f"{self.database}.{self.table} is new; to declare it add to `tables` of {whose}:"


def new_tables(evidence: Evidence, mesh: Mesh) -> Iterator[NewTable]:
    """Each of them, by database and name; a table that the language cannot name has no lines."""
    for database in sorted(evidence.databases):
        own = products_in(mesh, database)
        declared = {table.name for product in own for table in product.tables_in(database)}
        for found in sorted(evidence.tables.get(database, ()), key=lambda each: each.table) if own else ():
            if found.table in declared:
                continue
            whole = product_at(mesh, database)
            products = (whole,) if whole is not None else own
            home = _home(mesh, mesh.domain(products[0]))
            fields = dict(table_fields(evidence, home, found) or {})
            if fields and whole is None:
                fields["definition"] = "external"
            if fields and products[0].database != database:
                fields["database"] = database
            names = tuple(product.name for product in products)
            files = tuple(product.origin.file for product in products)
            yield NewTable(database, found.table, names, files, yaml_text([fields]) if fields else "")


def _home(mesh: Mesh, domain: Domain) -> Home:
    own, *more = data_places(mesh, domain)
    places = [Located(each.name, each.bucket, each.prefix) for each in more]
    account = mesh.producer(domain).id
    bucket = own.bucket if domain.bucket or is_managed(domain) else ""
    return Home(domain.name, account, is_managed(domain), bucket, own.prefix, places=places)


def new_table_json(new: NewTable) -> dict[str, Any]:
    """One of them as plain data."""
    return {"database": new.database, "table": new.table, "products": list(new.products), "lines": new.lines}
