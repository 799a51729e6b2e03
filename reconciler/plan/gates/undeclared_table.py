"""undeclared-table: a table has turned up in a shared database under a name that a product means to be its own."""

from __future__ import annotations

import json
from collections.abc import Iterable

from reconciler.kinds.glue.table import Table
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.documents.product import Product
from reconciler.spec.extents import product_at, products_in
from reconciler.spec.name_pattern import both_fit
from reconciler.spec.rule import Rule

UNDECLARED_TABLE = Rule(
    "undeclared-table",
    "warning",
    "A table that fits a product's `pattern` is declared in the product.",
    "A pattern gives nothing: nobody reads such a table by the mesh until a document declares it and how sensitive its "
    "columns are, and the verdict of that change says who gains it. Add the entry to the product, with `tags`.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each such table that was found."""
    if reviewed.observation is None:
        return
    mesh = reviewed.mesh
    for have in sorted(reviewed.observation.found.of(Table), key=lambda each: each.address.name):
        spec = have.spec
        if product_at(mesh, spec.database, spec.table) is not None:
            continue
        for product in products_in(mesh, spec.database):
            if product.pattern and both_fit(product.pattern, spec.table):
                said = f"{have.address.name} fits {product.pattern} of {product.name}, which does not declare it"
                message = f"{said}: nobody reads it by the mesh. Declared, it is {_entry(product, spec)}"
                yield Finding(UNDECLARED_TABLE.id, UNDECLARED_TABLE.severity, message, product.at("pattern"))


def _entry(product: Product, table: Table) -> str:
    """The table as an entry of `tables`, in the YAML that JSON is; nobody can say how sensitive its columns are."""
    kind = table.layout.reading.format
    home = {} if table.database == product.database else {"database": table.database.rpartition("/")[2]}
    keys = [{"name": column.name, "type": column.type} for column in table.partition_keys]
    entry = {
        "name": table.table,
        **home,
        "definition": "external",
        **({"format": kind} if kind in ("avro", "iceberg", "orc") else {}),
        "columns": [{"name": column.name, "type": column.type} for column in table.columns],
        **({"partitionKeys": keys} if keys else {}),
    }
    return f"- {json.dumps(entry, ensure_ascii=False)}"
