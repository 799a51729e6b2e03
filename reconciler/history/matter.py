"""Matter: what a history is asked of, and which rows of the index are about it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from reconciler.errors import MeshformError
from reconciler.spec.suggest import did_you_mean

MatterKind = Literal["", "product", "table", "column", "subscription", "consumer", "principal"]
TABLES = frozenset({"table", "column"})
"""What is a part of a product's document."""
Texts = Callable[[list[str]], Mapping[str, str]]


_CHANGES = (
    "SELECT changes.*, commits.sha, commits.at, commits.author, commits.title, commits.pull "
    "FROM changes JOIN commits USING (seq)"
)
_IN_ORDER = " ORDER BY seq, id"


@dataclass(frozen=True, slots=True)
class Matter:
    """A product, table, column, subscription, consumer or principal by its name; everything where the kind is empty."""

    kind: MatterKind = ""
    name: str = ""

    @property
    def table(self) -> str:
        """The name of the table, without database and column."""
        parts = self.name.split(".")
        return parts[-2] if self.kind == "column" and len(parts) > 1 else parts[-1]


def changes(index: sqlite3.Connection, matter: Matter, texts: Texts) -> Iterator[sqlite3.Row]:
    """The changes of documents that are about it, oldest first."""
    match matter.kind:
        case "":
            yield from index.execute(f"{_CHANGES}{_IN_ORDER}")
        case kind if kind in TABLES:
            yield from _of_table(index.execute(f"{_CHANGES} WHERE kind = 'Product'{_IN_ORDER}"), matter, texts)
        case _:
            chosen = "id IN (SELECT change FROM names WHERE kind = ? AND name = ?)"
            words = [(matter.kind, matter.name.rpartition("/")[2] if matter.kind == "product" else matter.name)]
            if matter.kind == "principal":
                # `consumer/principal`: the document of the consumer says who that is.
                words += [("consumer", matter.name.partition("/")[0])]
            where = " OR ".join([chosen] * len(words))
            yield from index.execute(
                f"{_CHANGES} WHERE {where}{_IN_ORDER}",
                [word for pair in words for word in pair],
            )


def access(index: sqlite3.Connection, matter: Matter) -> Iterator[sqlite3.Row]:
    """The rows of who gained and lost that are about it, but for those of a subscription that were lost."""
    match matter.kind:
        case "":
            where, words = "1", []
        case "product" | "consumer":
            where, words = f"{matter.kind} = ?", [matter.name.rpartition("/")[2]]
        case "principal":
            where, words = "(principal = ? OR name = ?)", [matter.name, matter.name]
        case "subscription":
            where, words = "EXISTS (SELECT 1 FROM json_each(subscriptions) WHERE value = ?)", [matter.name]
        case _:
            parts = matter.name.lower().split(".")
            column = parts.pop() if matter.kind == "column" else None
            where, words = "(place = ? OR place LIKE '%.' || ?)", [".".join(parts), parts[-1]]
            if len(parts) > 1:
                where, words = "place = ?", [".".join(parts)]
            if column is not None:
                where += " AND EXISTS (SELECT 1 FROM json_each(columns) WHERE value = ?)"
                words.append(column)
    yield from index.execute(f"SELECT rowid, * FROM access WHERE {where}", words)  # noqa: S608


def check(index: sqlite3.Connection, matter: Matter, found: bool) -> None:
    """Raises MeshformError, with a suggestion, where nothing was ever said of it."""
    if found or not matter.kind:
        return
    kind = "product" if matter.kind in TABLES else matter.kind
    known = [row[0] for row in index.execute("SELECT DISTINCT name FROM names WHERE kind = ?", (kind,))]
    if matter.kind == "principal":
        known = [row[0] for row in index.execute("SELECT DISTINCT name FROM access")]
    raise MeshformError(
        f"Neither the main branch nor the journal has ever told of a {matter.kind} {matter.name}"
        f"{did_you_mean(matter.name, known) if kind == matter.kind else ''}."
    )


def _of_table(rows: Iterator[sqlite3.Row], matter: Matter, texts: Texts) -> Iterator[sqlite3.Row]:
    """Changes of products by which the table, or its column, became another one."""
    every = list(rows)
    blobs = [blob for row in every for blob in (row["before"], row["after"]) if blob]
    said = {blob: _told(text, matter) for blob, text in texts(blobs).items() if matter.table in text}
    for row in every:
        if said.get(row["before"]) != said.get(row["after"]):
            yield row


def _told(text: str, matter: Matter) -> str | None:
    """What a document says of a table or column, as one text; None where it does not speak of it."""
    try:
        data = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        tables: list[Any] = [each for each in data.get("tables") or () if each.get("name") == matter.table]
        parts = matter.name.split(".")
        if len(parts) > (2 if matter.kind == "column" else 1) and data.get("database") not in (None, parts[0]):
            return None
        if matter.kind == "column":
            label = [each.get("tags") for each in tables]
            tables = [
                [each, *label]
                for table in tables
                for each in table.get("columns") or ()
                if each.get("name") == parts[-1]
            ]
    except (yaml.YAMLError, AttributeError, TypeError):
        return None
    return json.dumps(tables, sort_keys=True, default=str) if tables else None
