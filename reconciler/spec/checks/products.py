"""Products belong to a domain, and what they say of their tables is consistent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.documents.table import Table
from reconciler.spec.language.dqdl import RULE_TYPES, NotARule
from reconciler.spec.language.dqdl import check as check_rule
from reconciler.spec.language.glue_types import NESTED, PRIMITIVES, is_glue_type
from reconciler.spec.limits import RULESET
from reconciler.spec.managed import is_managed
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

DOMAIN = Rule(
    "unknown-domain",
    "error",
    "A product names a Domain of the mesh.",
    "Domains are declared in domains/<domain>/domain.yaml. Correct the name or add the document.",
)
TYPE = Rule(
    "column-type",
    "error",
    "Columns have types that Glue and Athena know.",
    "Write types in lower case as Athena does: string, int, bigint, double, decimal(10,2), date, timestamp, "
    "array<...>, map<...,...>, struct<name:...>.",
)
NO_COLUMNS = Rule(
    "no-columns",
    "warning",
    "A table declares its columns.",
    "Only declared columns can be classified, and what is not classified is readable by nobody.",
)
RESERVED = Rule(
    "column-name",
    "error",
    "No column has a name that Lake Formation's row filters cannot take.",
    "Filters refuse the system columns of its engines: ctid, oid, xmin and others. Rename the column.",
)
QUALITY = Rule(
    "quality-column",
    "error",
    "A quality rule is about a column of its table.",
    "Names in DQDL stand in double quotes. Correct the name, or declare the column.",
)
RULE = Rule(
    "quality-rule",
    "error",
    "A quality rule is one that Glue Data Quality knows, and all rules of a table fit into one ruleset.",
    "https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types.html lists the types. Quotes and brackets match, and "
    "each rule is an entry of its own.",
)
UNREADABLE = Rule(
    "unclassified-column",
    "note",
    "Every declared column is classified.",
    "Nobody can read a column without a value of the mesh's sensitivityKey by a clearance. Give it one, or one to its "
    "table or product as the default of all columns.",
    when_sound=True,
)
LINEAGE = Rule(
    "unknown-lineage",
    "error",
    "A product named as a source in the lineage exists.",
    "Correct the name, or leave `product` out for a source that is not in the mesh.",
)
APPROVAL = Rule(
    "approval-value",
    "error",
    "`automaticUpTo` is a value of the mesh's sensitivity.",
    "Values are in the LFTag document of the sensitivityKey.",
)

# https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
FORBIDDEN = frozenset(
    ("ctid", "oid", "xmin", "cmin", "xmax", "cmax", "tableoid", "insertxid", "deletexid", "importoid", "redcatuniqueid")
)
_ABOUT_COLUMN = re.compile(
    r"(?:IsComplete|Completeness|IsUnique|Uniqueness|UniqueValueRatio|IsPrimaryKey|ColumnValues|ColumnLength|"
    r"ColumnExists|ColumnDataType|DistinctValuesCount|Entropy|Mean|Sum|StandardDeviation)\s+\"([^\"]+)\""
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about products."""
    for product in unchecked.all(Product):
        if not unchecked.knows(Domain, product.domain):
            near = unchecked.near_document(Domain, product.domain)
            yield DOMAIN.broken(product.at("domain"), f"there is no domain {product.domain}{near}")
        for index, table in enumerate(product.tables):
            yield from _table(unchecked, product, index, table)
        for index, source in enumerate(product.lineage.sources):
            if source.product is not None and not unchecked.knows(Product, source.product.rpartition("/")[2]):
                near = unchecked.near_document(Product, source.product.rpartition("/")[2])
                yield LINEAGE.broken(
                    product.at("lineage", "sources", index, "product"), f"there is no product {source.product}{near}"
                )
        yield from _approval(unchecked, product)


def _table(unchecked: UncheckedMesh, product: Product, index: int, table: Table) -> Iterator[Finding]:
    here = ("tables", index)
    if not table.columns and table.contract is None:
        yield NO_COLUMNS.broken(
            product.at(*here), f"table {table.name} declares no columns; nobody will be able to read it"
        )
    fields = [(("columns", at), each.name, each.type) for at, each in enumerate(table.columns)]
    fields += [(("partitionKeys", at), each.name, each.type) for at, each in enumerate(table.partition_keys)]
    for path, name, kind in fields:
        if not is_glue_type(kind) and not _is_others(unchecked, product):
            near = unchecked.near(kind, [*PRIMITIVES, *NESTED, *_OTHERS])
            meant = next((f" (did you mean {_OTHERS[word]}?)" for word in (kind.lower(),) if word in _OTHERS), near)
            yield TYPE.broken(product.at(*here, *path, "type"), f"{kind[:60]} is no type of Glue and Athena{meant}")
        if name in FORBIDDEN:
            yield RESERVED.broken(product.at(*here, *path, "name"), f"no column can be called {name}; rename it")
    yield from _unclassified(unchecked, product, index, table)
    names = {name for _, name, _ in fields}
    if sum(len(quality.rule) + 40 for quality in table.quality) > RULESET:
        yield RULE.broken(product.at(*here, "quality"), f"the rules are longer than the {RULESET:,} that Glue takes")
    for at, quality in enumerate(table.quality):
        try:
            check_rule(quality.rule)
        except NotARule as error:
            near = unchecked.near(error.word, RULE_TYPES) if error.word else ""
            yield RULE.broken(product.at(*here, "quality", at, "rule"), f"the rule {error}{near}")
            continue
        about = _ABOUT_COLUMN.match(quality.rule)
        if about and names and about.group(1) not in names:
            near = unchecked.near(about.group(1), names)
            yield QUALITY.broken(
                product.at(*here, "quality", at, "rule"), f"{table.name} has no column {about.group(1)}{near}"
            )


def _is_others(unchecked: UncheckedMesh, product: Product) -> bool:
    """Whether the domain's resources are external: its tables are as they are."""
    domain = unchecked.named(Domain).get(product.domain)
    return domain is not None and not is_managed(domain)


def _unclassified(unchecked: UncheckedMesh, product: Product, index: int, table: Table) -> Iterator[Finding]:
    for settings in unchecked.all(Settings)[:1]:
        key = settings.sensitivity_key
        if key in product.tags or key in table.tags:
            return
        bare = [(at, column.name) for at, column in enumerate(table.columns) if key not in column.tags]
        for at, name in bare[:1]:
            more = f" and {len(bare) - 1} more" if len(bare) > 1 else ""
            yield UNREADABLE.broken(
                product.at("tables", index, "columns", at),
                f"{table.name}.{name}{more} has no {key}, so no clearance opens it; classify it to let anybody read it",
            )


# What people write who know other databases.
_OTHERS = {
    "integer": "int",
    "text": "string",
    "varchar": "string",
    "str": "string",
    "bool": "boolean",
    "datetime": "timestamp",
    "long": "bigint",
    "number": "double",
    "numeric": "decimal(38,9)",
    "real": "float",
}


def _approval(unchecked: UncheckedMesh, product: Product) -> Iterator[Finding]:
    value, mesh = product.approval.automatic_up_to, unchecked.mesh
    if value is None or mesh is None:
        return
    tag = mesh.tags.get(mesh.settings.sensitivity_key)
    if tag is None and unchecked.knows(LFTag, mesh.settings.sensitivity_key):
        return
    known = tag.value_names if tag else ()
    if value not in known:
        yield APPROVAL.broken(
            product.at("approval", "automaticUpTo"),
            f"{mesh.settings.sensitivity_key} has no value {value}{unchecked.near(value, known)}",
        )
