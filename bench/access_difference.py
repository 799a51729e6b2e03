"""How long the difference of two states takes, and how much memory: at 1/10, 1/3 and 1/1 of a large mesh.

    python -m bench.access_difference [--full] [--scale 1.0]

Writes docs/performance/access-difference.json and a plot of it. Each size runs in a process of its own, so that its
peak memory is its own. Memory is that of the whole process: interpreter, both snapshots (which share no object), both
indexes and the result. Time is from two snapshots to the sorted entries, with every path written out
(`with_paths_seconds`) and without; `cpu_seconds` is what the process itself worked for it, which says more on a busy
machine. `who_can_seconds` is
how long it takes to say who reads the columns of the highest label, over all of it.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource as usage
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from bench.machine import machine
from bench.plot import chart
from reconciler.access import AccessFact, PrincipalDirectory, difference, evaluate
from reconciler.access.queries.ask import who_can
from reconciler.access.queries.readers import readers_of, tagged_columns
from reconciler.kinds import addresses
from reconciler.kinds.glue.column import Column
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.kinds.glue.storage_descriptor import Storage
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.lakeformation.tag_assignment import Place, TagAssignment
from reconciler.kinds.ram.ram_acceptance import Acceptance
from reconciler.model.address import Placement
from reconciler.model.lakeformation import Grant, OnColumns, OnFilter, OnTagPolicy, Target, expression
from reconciler.model.resource import AnyResource, Resource, Snapshot
from reconciler.pipeline import load_folder

TABLES, COLUMNS, GRANTS, PRINCIPALS = 10_000, 20, 100_000, 1_000
TABLES_PER_DATABASE, PRINCIPALS_PER_ACCOUNT, PRODUCTS_PER_ACCOUNT = 5, 20, 40
LEVELS = ("public", "internal", "confidential", "restricted")
SCALES = (0.1, 1 / 3, 1.0)
RESULTS = Path("docs/performance")
CENTRAL = Placement("111111111111", "eu-west-1")


def state(scale: float, *, changed: bool) -> Snapshot:
    """One state of the mesh. `changed`: a hundredth of the columns reclassified, one account's clearance raised,
    a hundredth of the grants taken away and as many given, one row filter in ten widened, one share not accepted.
    """
    tables = round(TABLES * scale)
    products = max(tables // TABLES_PER_DATABASE, 1)
    accounts = max(round(PRINCIPALS * scale) // PRINCIPALS_PER_ACCOUNT, 1)
    resources: list[AnyResource] = [
        Resource(addresses.location(CENTRAL, "arn:aws:s3:::lake"), Location("arn:aws:iam::111111111111:role/r", False))
    ]
    for number in range(products):
        resources += _product(number, products, tables, changed)
    for number in range(accounts):
        resources += _account(number, products, round(GRANTS * scale) // accounts, changed)
    resources.sort(key=lambda each: each.address)
    return Snapshot(resources)


def _product(number: int, products: int, tables: int, changed: bool) -> Iterator[AnyResource]:
    name, random = f"product_{number}", Random(number)
    yield Resource(addresses.database(CENTRAL, name), Database("", f"s3://lake/{name}/", ()))
    for key, value in (("product", name), ("domain", f"domain_{number % 40}")):
        yield _tag(Place(name), key, value)
    for position in range(number, tables, products):
        table_name = f"table_{position}"
        columns = tuple(Column(f"column_{each}", "string") for each in range(COLUMNS))
        storage = Storage(f"s3://lake/{name}/{table_name}/", "", "", "")
        yield Resource(
            addresses.table(CENTRAL, name, table_name),
            Table(name, table_name, "", columns, (), storage, ()),
        )
        for column in columns:
            level = random.choice(LEVELS)
            if random.random() < 0.01 and changed:
                level = random.choice(LEVELS)
            yield _tag(Place(name, table_name, column.name), "sensitivity", level)
        if position % 20 == 0:
            rows = "column_1 = 'a'" if not (changed and position % 200 == 0) else "column_1 IN ('a', 'b')"
            spec = DataFilter(name, table_name, (), True, rows)
            yield Resource(addresses.data_filter(CENTRAL, name, table_name, "some"), spec)


def _account(number: int, products: int, grants: int, changed: bool) -> Iterator[AnyResource]:
    """An account with its share of the grants: a twentieth on named columns and filters, the others by tags."""
    random = Random(f"account {number}")
    account = f"{200_000_000_000 + number}"
    placement = Placement(account, "eu-west-1")
    if not (changed and number == 1):
        yield Resource(addresses.ram_acceptance(placement), Acceptance(CENTRAL.account))
    chosen = sorted(random.sample(range(products), min(PRODUCTS_PER_ACCOUNT, products)))
    atoms: list[tuple[Target, str]] = []
    for product in chosen:
        name = f"product_{product}"
        yield Resource(addresses.resource_link(placement, f"rl_{name}"), ResourceLink(CENTRAL.account, name))
        clearance = LEVELS[: 1 + random.randrange(3) + (1 if changed and number == 0 else 0)]
        terms = expression({"product": (name,), "sensitivity": clearance})
        atoms.append((OnTagPolicy(CENTRAL.account, "DATABASE", expression({"product": (name,)})), "DESCRIBE"))
        atoms += [(OnTagPolicy(CENTRAL.account, "TABLE", terms), right) for right in ("DESCRIBE", "SELECT")]
        first = f"table_{product}"
        if product % 20 == 0:
            atoms.append((OnFilter(CENTRAL.account, name, first, "some"), "SELECT"))
        elif product % 7 == 0:
            atoms.append((OnColumns(CENTRAL.account, name, first, ("column_1", "column_2")), "SELECT"))
    for target, right in atoms:
        yield _grant(CENTRAL, account, target, right, grantable=True)
    principals = [f"arn:aws:iam::{account}:role/reader-{each}" for each in range(PRINCIPALS_PER_ACCOUNT)]
    left = grants - len(atoms)
    for position, principal in enumerate(principals):
        mine = left // len(principals) + (position < left % len(principals))
        own = atoms if mine >= len(atoms) else random.sample(atoms, mine)
        skipped = Random(f"{principal} {changed}")
        for target, right in own:
            if skipped.random() >= 0.01:
                yield _grant(placement, principal, target, right)


def _tag(place: Place, key: str, value: str) -> AnyResource:
    return Resource(addresses.tag_assignment(CENTRAL, place, key), TagAssignment(place, key, value))


def _grant(
    placement: Placement, principal: str, target: Target, permission: str, *, grantable: bool = False
) -> AnyResource:
    spec = Grant(principal, target, permission, grantable)
    return Resource(addresses.grant(placement, spec), spec)


def measure(scale: float, *, full: bool) -> dict[str, object]:
    """One size: what it is, how long the difference takes, and the peak memory of the process."""
    before, after = state(scale, changed=False), state(scale, changed=True)
    directory = PrincipalDirectory(sensitivity_order=LEVELS)
    gc.collect()
    started, worked = time.perf_counter(), time.process_time()
    one, other = evaluate(before, directory), evaluate(after, directory)
    indexed = time.perf_counter()
    found = difference(one, other)
    compared, busy = time.perf_counter(), time.process_time() - worked
    json.dumps(found.as_json())
    written = time.perf_counter()
    result: dict[str, object] = {
        "scale": round(scale, 3),
        "tables": len(one.tables),
        "columns": sum(len(table_view.columns) for table_view in one.tables.values()),
        "grants": len(before.of_kind(addresses.GRANT)),
        "principals": len(one.principals),
        "resources": len(before) + len(after),
        "gained": len(found.gained),
        "lost": len(found.lost),
        "index_seconds": round(indexed - started, 2),
        "difference_seconds": round(compared - indexed, 2),
        "seconds": round(compared - started, 2),
        "cpu_seconds": round(busy, 2),
        "with_paths_seconds": round(written - started, 2),
        "peak_mib": round(usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 1024),
    }
    del one, found, before
    gc.collect()
    started, worked = time.perf_counter(), time.process_time()
    result["who_can_facts"] = len(who_reads(after, directory, LEVELS[-1]))
    result["who_can_seconds"] = round(time.perf_counter() - started, 2)
    result["who_can_cpu_seconds"] = round(time.process_time() - worked, 2)
    if full:
        started = time.perf_counter()
        result["pairs"] = sum(1 for _ in other.pairs())
        result["all_pairs_seconds"] = round(time.perf_counter() - started, 2)
    return result


def who_reads(snapshot: Snapshot, directory: PrincipalDirectory, label: str) -> list[AccessFact]:
    """`access who-can sensitivity=...` over a whole state, from the snapshot on. The mesh gives names only."""
    access, mesh = evaluate(snapshot, directory), load_folder("mesh").mesh
    assert mesh is not None, "the example is valid"
    columns = tagged_columns(access, directory.sensitivity_key, label)
    readers = [each for place in sorted(columns) for each in readers_of(access, place, columns[place])]
    return list(who_can(access, mesh, readers, columns))


def main() -> None:
    """Every size in its own process, or one size in this one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, help="only this share of the full size, in this process")
    parser.add_argument("--full", action="store_true", help="also evaluate every pair of the second state")
    options = parser.parse_args()
    if options.scale:
        print(json.dumps(measure(options.scale, full=options.full)))
        return
    full = ["--full"] if options.full else []
    runs = []
    for scale in SCALES:
        command = [sys.executable, "-m", "bench.access_difference", "--scale", str(scale), *full]
        runs.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    document = {"command": " ".join(["python -m bench.access_difference", *full]), **machine(), "runs": runs}
    text = json.dumps(document, indent=2) + "\n"
    print(text, end="")
    (RESULTS / "access-difference.json").write_text(text, encoding="utf-8")
    (RESULTS / "access-difference.svg").write_text(plot(runs), encoding="utf-8")


def plot(runs: list[dict[str, Any]]) -> str:
    """Time and memory over grants, both linear if they rise one decade a decade."""
    lines = {
        f"{words} ({unit})": [(run["grants"], run[name]) for run in runs]
        for words, unit, name in (
            ("elapsed", "s", "seconds"),
            ("processor", "s", "cpu_seconds"),
            ("with paths", "s", "with_paths_seconds"),
            ("peak memory", "MiB", "peak_mib"),
        )
    }
    return chart("The difference of who can read what", "grants", "seconds, MiB", lines)


if __name__ == "__main__":
    main()
