"""Lists: the documents of a mesh and their parts, one row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from reconciler.policy.describe import described
from reconciler.policy.objects import Column
from reconciler.report.table import Table
from reconciler.spec.in_force import has_ended
from reconciler.spec.mesh import Mesh

LISTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "accounts": ("account", ("name", "id", "parts", "organization")),
    "domains": ("domain", ("name", "owner", "account", "products")),
    "products": (
        "product",
        ("name", "domain", "owner", "tables", "columns", "highest", "freshness", "retires", "description"),
    ),
    "tables": ("table", ("name", "product", "columns", "highest", "format", "retires", "description")),
    "columns": ("column", ("table", "name", "type", "sensitivity", "product", "retires", "description")),
    "tags": ("tag", ("name", "values", "owner")),
    "consumers": ("consumer", ("name", "owner", "account", "organization", "principals", "subscriptions")),
    "subscriptions": (
        "subscription",
        ("name", "consumer", "products", "principals", "columns", "highest", "expires", "purpose"),
    ),
    "teams": ("team", ("name", "github", "gitlab", "email", "members")),
}
"""What can be listed: the object that policies know (docs/policies.md), and which of its fields a person sees."""

NOT_READ = (
    "--as goes with products, tables, columns and subscriptions: nobody reads anything else by itself. "
    "`meshform show CONSUMER` says what each of its principals reads."
)


def records(mesh: Mesh, what: str, today: date) -> list[dict[str, Any]]:
    """Every one of them with all of its fields."""
    return [asdict(thing) for thing, _ in described(mesh, LISTS[what][0], today)]


def key_records(mesh: Mesh) -> list[dict[str, Any]]:
    """Every partition key as a column, which says that it is one: no label restricts it."""
    return [
        {
            **asdict(Column(each.name, each.type, each.description or "", table.name, product.name)),
            "domain": product.domain,
            "owner": product.owner,
            "is_partition_key": True,
        }
        for product in mesh.products.values()
        for table in product.tables
        for each in table.partition_keys
    ]


def not_in_force(mesh: Mesh, today: date) -> Iterator[dict[str, Any]]:
    """Every subscription that gives nothing now, as it is written, and why."""
    gone = {name: each for name, each in mesh.written.items() if name not in mesh.subscriptions}
    for row in records(replace(mesh, subscriptions=gone), "subscriptions", today) if gone else ():
        written = gone[row["name"]]
        suspended = "suspended: `meshform report exceptions` says by whom and why"
        yield {**row, "status": f"ended on {written.expires}" if has_ended(written, today) else suspended}


def address_of(what: str, row: Mapping[str, Any]) -> str:
    """What `Reads` calls a row: `product.table.column` as far as it goes, or a subscription; empty for what nobody
    reads by itself."""
    match what:
        case "products":
            return str(row["name"])
        case "tables":
            return f"{row['product']}.{row['name']}"
        case "columns":
            return f"{row['product']}.{row['table']}.{row['name']}"
        case "subscriptions":
            return f"subscription:{row['name']}"
        case _:
            return ""


def table_of(what: str, rows: Iterable[Mapping[str, Any]]) -> Table:
    """The fields that a person sees, without those that are empty in every row; and what somebody reads of it, where
    that was asked (`reads`)."""
    names = (*LISTS[what][1], "reads")
    found = [tuple(_cell(row.get(name, "")) for name in names) for row in rows]
    kept = [number for number, _ in enumerate(names) if any(row[number] for row in found)]
    headings = tuple("you read" if names[number] == "reads" else names[number].replace("_", " ") for number in kept)
    return Table(headings, tuple(tuple(row[number] for number in kept) for row in found))


def _cell(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
