"""Writers: first apply, removal and plans of one account beside Terraform's, and the time by how many write at once.

    python -m bench.writers [SIZE ...]

Writes docs/performance/writers.json. The scenario is the one on which Terraform was measured: N tables of ten columns
in four groups of tags and with one tag on the table, and N grants, in one account that is all of the mesh, 50 ms away.
Terraform's numbers are of another day on such a machine (1.15.5, provider 5.46, parallelism 10), its best: its state in
S3 where that was faster.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from bench.comparable import applied, every_rule, planned
from bench.counting import of_writes
from bench.machine import commit, machine
from bench.meshes import COMPARABLE, Document, write, write_documents
from bench.served import Served, served
from reconciler import pipeline
from reconciler.aws import in_flight
from reconciler.kinds import addresses, registry
from reconciler.plan.compile import compile_mesh
from reconciler.plan.teardown import teardown
from reconciler.spec.mesh import Mesh

LATENCY_MS = 50
SIZES = (50, 200, 500)
WRITERS = (1, 2, 4, 8, 16)
TERRAFORM: dict[int, dict[str, int]] = {
    50: {"first_apply_calls": 773, "first_apply_seconds": 25, "destroy_calls": 826, "destroy_seconds": 37},
    200: {"first_apply_calls": 3038, "first_apply_seconds": 86, "destroy_calls": 3241, "destroy_seconds": 61},
    500: {"first_apply_calls": 7568, "first_apply_seconds": 257},
}
RESULT = Path("docs/performance/writers.json")
ACCOUNT, READERS, IN_A_DATABASE = "central", 10, 50
_GROUPS = ("public", "internal", "confidential", "restricted")


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:]] or SIZES
    results = {"command": "python -m bench.writers", "commit": commit(), **machine(), "latency_ms": LATENCY_MS}
    results["one account"] = {str(size): of_size(size) for size in sizes}
    if not sys.argv[1:]:
        results["comparable scenario by writers"] = {str(most): by_writers(most) for most in WRITERS}
        results["where everything collides"] = by_writers(in_flight.MOST, {"collisions": "all"})
        one, colliding = results["comparable scenario by writers"]["1"], results["where everything collides"]
        results["everything collides, seconds beside one writer's"] = round(colliding["seconds"] / one["seconds"], 2)
    text = json.dumps(results, indent=2) + "\n"
    print(text)
    if not sys.argv[1:]:
        RESULT.write_text(text, encoding="utf-8")


def of_size(size: int) -> dict[str, Any]:
    """From nothing to N tables, and back."""
    with tempfile.TemporaryDirectory(prefix="meshform-writers-") as name, served(LATENCY_MS) as aws:
        folder = Path(name)
        write_documents(documents(size), folder)
        mesh = _loaded(folder)
        review, planning = planned(aws, mesh)
        apply = applied(aws, mesh, review)
        empty, nothing = planned(aws, mesh)
        assert empty.plan is not None
        assert empty.plan.is_empty, "the first apply left something undone"
        return {
            "permissions": len(empty.wanted.of_kind(addresses.GRANT)),
            "first plan": _short(planning),
            "first apply": _short(apply),
            "no-op plan": _short(nothing),
            "removal": removed(aws, mesh),
            "Terraform's best, measured elsewhere": TERRAFORM.get(size),
        }


def removed(aws: Served, mesh: Mesh) -> dict[str, Any]:
    """Everything taken down again, as `meshform destroy` does it."""
    aws.forget()
    began, worked = time.perf_counter(), time.process_time()
    sessions = pipeline.sessions_for(mesh, writes=True)
    observation = pipeline.look(mesh, sessions)
    plan, _ = teardown(mesh, compile_mesh(mesh, registry()), (), observation, registry())
    reads, planning = aws.calls().total(), time.perf_counter() - began
    run = pipeline.apply_reviewed(pipeline.review_of(mesh, observation, plan), sessions, accepted=every_rule())
    seconds, work = time.perf_counter() - began, time.process_time() - worked
    assert not run.failed, run.failed[:3]
    calls = aws.calls()
    return {
        "plan_calls": reads,
        "calls": calls.total(),
        "writes": of_writes(calls).total(),
        "plan_seconds": round(planning, 2),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(work, 2),
        "load": machine()["load"],
    }


def by_writers(most: int, beliefs: dict[str, str] | None = None) -> dict[str, Any]:
    """The first apply of the comparable scenario where so many may write at the same time."""
    first = min(in_flight.FIRST, float(most))
    with (
        tempfile.TemporaryDirectory(prefix="meshform-writers-") as name,
        served(LATENCY_MS, beliefs) as aws,
        mock.patch.multiple(in_flight, MOST=most, FIRST=first),
    ):
        folder = Path(name)
        write(COMPARABLE, folder)
        mesh = _loaded(folder)
        review, _ = planned(aws, mesh)
        return _short(applied(aws, mesh, review))


def documents(size: int) -> Iterator[tuple[str, Document]]:
    """One account, N tables in databases of fifty, ten readers, and about as many permissions as tables."""
    role = "OrganizationAccountAccessRole"
    yield (
        "mesh.yaml",
        {
            "kind": "Mesh",
            "name": "bench",
            "region": "eu-west-1",
            "central": ACCOUNT,
            "roles": {"plan": role, "apply": role},
            "drift": {"watched": "schedule"},
        },
    )
    account = {"kind": "Account", "name": ACCOUNT, "id": "1" * 12, "parts": ["central", "producer", "consumer"]}
    yield f"accounts/{ACCOUNT}.yaml", account
    for name, is_ordered in (("sensitivity", True), ("topic", False)):
        values = [{"value": value, "description": f"It is {value}."} for value in _GROUPS]
        tag: Document = {"kind": "LFTag", "name": name, "description": "A tag of the benchmark.", "values": values}
        yield f"lf-tags/{name}.yaml", {**tag, "ordered": True} if is_ordered else tag
    yield (
        "domains/all/domain.yaml",
        {
            "kind": "Domain",
            "name": "all",
            "description": "The domain of the benchmark.",
            "owner": "owners",
            "account": ACCOUNT,
        },
    )
    readers = [{"name": f"reader-{each}", "role": f"reader-{each}", "create": True} for each in range(READERS)]
    yield (
        "consumers/readers/consumer.yaml",
        {
            "kind": "Consumer",
            "name": "readers",
            "description": "The consumer of the benchmark.",
            "owner": "owners",
            "account": ACCOUNT,
            "principals": readers,
        },
    )
    for number in range(-(-size // IN_A_DATABASE)):
        tables = range(number * IN_A_DATABASE, min(size, (number + 1) * IN_A_DATABASE))
        yield f"domains/all/products/product-{number}.yaml", _product(number, tables)
        yield from _subscriptions(number, tables)


def _product(number: int, tables: range) -> Document:
    columns = [
        {"name": f"column_{each}", "type": "string", "tags": {"sensitivity": _GROUPS[each % len(_GROUPS)]}}
        for each in range(10)
    ]
    return {
        "kind": "Product",
        "name": f"product-{number}",
        "domain": "all",
        "owner": "owners",
        "description": "A product of the benchmark.",
        "database": f"database_{number}",
        "approval": {"mode": "automatic"},
        "tables": [
            {"name": f"table_{each}", "tags": {"topic": _GROUPS[each % len(_GROUPS)]}, "columns": columns}
            for each in tables
        ],
    }


def _subscriptions(number: int, tables: range) -> Iterator[tuple[str, Document]]:
    """Two readers by clearance; and by name three tables in ten, each for a reader."""
    for place, chosen in enumerate(({"clearance": {"sensitivity": ["internal", "public"]}}, None, None, None)):
        named = [{"name": f"table_{each}"} for each in tables if each % 10 == place]
        asked: Document = chosen or {"tables": named}
        if chosen or named:
            name = f"subscription-{number}-{place}"
            yield (
                f"consumers/readers/subscriptions/{name}.yaml",
                {
                    "kind": "Subscription",
                    "name": name,
                    "consumer": "readers",
                    "product": f"product-{number}",
                    **asked,
                    "principals": [f"reader-{(number + place + each) % READERS}" for each in range(2)],
                    "purpose": "To measure.",
                },
            )


def _loaded(folder: Path) -> Mesh:
    loaded = pipeline.load_folder(str(folder))
    assert loaded.mesh is not None, loaded.findings
    return loaded.mesh


def _short(numbers: dict[str, Any]) -> dict[str, Any]:
    """What the tables show."""
    names = ("calls", "writes", "floor", "ratio", "retried", "seconds", "cpu_seconds", "load")
    return {name: numbers[name] for name in names if name in numbers}


if __name__ == "__main__":
    main()
