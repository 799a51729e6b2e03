"""Pages of products: databases with their tables as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reconciler.importing.curation import crawler_of, curation_of
from reconciler.importing.evidence import Evidence
from reconciler.importing.homes import Home
from reconciler.importing.notices import told_of
from reconciler.importing.page import UNKNOWN_OWNER, Data, Page, counted
from reconciler.importing.parts import is_chosen, owner_of_data, parts_of
from reconciler.importing.settings import Keys
from reconciler.importing.tables import table_fields, unnamed
from reconciler.kinds.lakeformation.taggable import Place

NAMED = re.compile(r"[a-z0-9_][a-z0-9_-]{0,251}")
"""Names of databases that a Product can have."""


def product_name(evidence: Evidence, database: str, part: str = "") -> str:
    """The name of the product of a database: what the mesh noted on it, else its own, with that of the part."""
    if part:
        hint = part if is_chosen(evidence, database, part) else f"{database}-{part}"
        return evidence.names.taken(f"database {database} {part}", hint)
    said = evidence.parameters(database).get("meshform:product") if evidence.is_managed(database) else None
    return evidence.names.taken(f"database {database}", said or database, made=said is not None)


def product_pages(evidence: Evidence, homes: Iterable[Home], keys: Keys) -> Iterable[Page]:
    """One page a database. One of which nothing can be said in the language has none."""
    for home in homes:
        for name, part in (*((name, "") for name in home.databases), *home.parts):
            page = _page(evidence, home, name, part, keys)
            if page is not None:
                yield page


def _page(evidence: Evidence, home: Home, name: str, part: str, keys: Keys) -> Page | None:
    every = evidence.tables.get(name, ()) if not part else parts_of(evidence, name)[part]
    found = sorted(every, key=lambda table: table.table)
    tables = [said for table in found if (said := table_fields(evidence, home, table)) is not None]
    if part:
        # What others make and share is never written.
        tables = [{**said, "definition": "external"} for said in tables]
    if not tables or not NAMED.fullmatch(name):
        return None
    database, product = evidence.databases[name], product_name(evidence, name, part)
    own = {keys.product, keys.domain} if home.managed else set()
    fields: dict[str, Data] = {
        "kind": "Product",
        "name": product,
        "domain": home.name,
        "owner": owner_of_data(evidence, () if part else (name,), found) or UNKNOWN_OWNER,
        "description": database.description.strip() or "Imported; to be described.",
        "database": name,
        "extent": "tables" if part else None,
        "tags": {}
        if part
        else {key: value for key, value in evidence.tags.get(Place(name), {}).items() if key not in own},
        "tables": list(tables),
    }
    if home.managed:
        fields.update(_noted(evidence.parameters(name)))
        fields["crawler"] = crawler_of(evidence, home, product)
        fields["curation"] = curation_of(evidence, home, product)
        fields["notifications"] = told_of(evidence, product)
    left = len(found) - len(tables)
    source = f"From the database {name} in {evidence.basis.central}: {counted(len(found), 'table')}"
    source += f", {left} of which have names that the language does not take." if left else "."
    hidden = [f"{table.table}.{name}" for table in found for name in unnamed(home, table)]
    more = (f"Left out, since the language cannot say them: {', '.join(hidden)}.",) if hidden else ()
    return Page(
        f"domains/{home.name}/products/{product}.yaml",
        fields,
        (source, *evidence.basis.said_of(f"database {name}"), *more),
    )


def _noted(parameters: Mapping[str, str]) -> Mapping[str, Data]:
    """What the mesh noted on the database for people."""
    quality = {
        aspect: parameters[f"quality:{aspect}"]
        for aspect in ("correctness", "completeness", "bias")
        if f"quality:{aspect}" in parameters
    }
    age = parameters.get("freshness")
    return {
        "owner": parameters.get("data_owner_name", UNKNOWN_OWNER),
        "classification": parameters.get("classification"),
        "quality": dict(quality),
        "freshness": {"maxAge": age} if age else None,
    }
