"""Meshes of any size, written as files: accounts, domains, products, consumers, subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]
VALUES = ("public", "internal", "confidential", "restricted")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a mesh is. Subscriptions are spread over consumers, products over domains, domains over producers."""

    producers: int
    domains: int
    products: int
    tables: int
    """Tables of each product."""
    columns: int
    consumers: int
    principals: int
    """Principals of each consumer."""
    subscriptions: int

    @property
    def files(self) -> int:
        """How many files that are."""
        fixed = 1 + 1 + 1 + self.producers + self.consumers
        return fixed + self.domains + self.products + self.consumers + self.subscriptions


COMPARABLE = Size(
    producers=5, domains=10, products=20, tables=50, columns=10, consumers=20, principals=2, subscriptions=80
)
"""1,000 tables in 20 databases over central, 5 producers and 20 consumers, with about 1,000 permissions."""

TENTH = Size(producers=2, domains=2, products=4, tables=25, columns=10, consumers=4, principals=2, subscriptions=12)
"""100 tables in 4 databases, over central, 2 producers and 4 consumers."""


class _Dumper(yaml.CSafeDumper):
    """Writes everything out: the mesh language refuses anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def write(size: Size, folder: Path, clearance: tuple[str, ...] = ("internal",)) -> None:
    """Write the mesh of this size into a folder."""
    write_documents(documents(size, clearance), folder)


def write_documents(these: Iterable[tuple[str, Document]], folder: Path) -> None:
    """Write documents, each under its path, into a folder."""
    for path, document in these:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.dump(
            {"apiVersion": "meshform/v1", **document}, Dumper=_Dumper, sort_keys=False, default_flow_style=None
        )
        file.write_text(text, encoding="utf-8")


def documents(size: Size, clearance: tuple[str, ...]) -> Iterator[tuple[str, Document]]:
    """Every document with its path under the mesh."""
    role = "OrganizationAccountAccessRole"
    yield (
        "mesh.yaml",
        {
            "kind": "Mesh",
            "name": "bench",
            "region": "eu-west-1",
            "central": "central",
            "roles": {"plan": role, "apply": role},
            "drift": {"watched": "schedule"},
        },
    )
    yield "accounts/central.yaml", _account("central", 1, "central")
    yield (
        "lf-tags/sensitivity.yaml",
        {
            "kind": "LFTag",
            "name": "sensitivity",
            "description": "How sensitive a column is.",
            "ordered": True,
            "values": [{"value": value, "description": f"It is {value}."} for value in VALUES],
        },
    )
    for number in range(size.producers):
        yield f"accounts/producer-{number}.yaml", _account(f"producer-{number}", 100 + number, "producer")
    for number in range(size.domains):
        yield f"domains/domain-{number}/domain.yaml", _domain(size, number)
    for number in range(size.products):
        home = number % size.domains
        yield f"domains/domain-{home}/products/product-{number}.yaml", _product(size, number, home)
    for number in range(size.consumers):
        yield f"accounts/consumer-{number}.yaml", _account(f"consumer-{number}", 10_000 + number, "consumer")
        yield f"consumers/consumer-{number}/consumer.yaml", _consumer(size, number)
    for number in range(size.subscriptions):
        reader = number % size.consumers
        path = f"consumers/consumer-{reader}/subscriptions/subscription-{number}.yaml"
        yield path, _subscription(size, number, reader, clearance)


def _account(name: str, number: int, part: str) -> Document:
    return {"kind": "Account", "name": name, "id": f"{100_000_000_000 + number}", "parts": [part]}


def _domain(size: Size, number: int) -> Document:
    return {
        "kind": "Domain",
        "name": f"domain-{number}",
        "description": "A domain of the benchmark.",
        "owner": f"owners-{number}",
        "account": f"producer-{number % size.producers}",
    }


def _product(size: Size, number: int, home: int) -> Document:
    columns = [
        {"name": f"column_{each}", "type": "string", "tags": {"sensitivity": VALUES[(number + each) % len(VALUES)]}}
        for each in range(size.columns)
    ]
    tables = [{"name": f"p{number}_table_{each}", "columns": columns} for each in range(size.tables)]
    return {
        "kind": "Product",
        "name": f"product-{number}",
        "domain": f"domain-{home}",
        "owner": f"owners-{home}",
        "description": "A product of the benchmark.",
        "database": f"database_{number}",
        "approval": {"mode": "automatic"},
        "tables": tables,
    }


def _consumer(size: Size, number: int) -> Document:
    return {
        "kind": "Consumer",
        "name": f"consumer-{number}",
        "description": "A consumer of the benchmark.",
        "owner": f"readers-{number}",
        "account": f"consumer-{number}",
        "principals": [
            {"name": f"reader-{each}", "role": f"reader-{each}", "create": True} for each in range(size.principals)
        ],
    }


def _subscription(size: Size, number: int, reader: int, clearance: tuple[str, ...]) -> Document:
    product = (number // size.consumers + reader * 7) % size.products
    return {
        "kind": "Subscription",
        "name": f"subscription-{number}",
        "consumer": f"consumer-{reader}",
        "product": f"product-{product}",
        "clearance": {"sensitivity": list(clearance)},
        "principals": [f"reader-{each}" for each in range(size.principals)],
        "purpose": "To measure.",
    }
