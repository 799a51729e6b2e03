"""How many reads a second the sandbox serves in a world of 1,000 tables and 1,000 grants, and what grants cost.

    python -m bench.sandbox_calls > docs/performance/sandbox.json

`calls`: boto3 in process, by an administrator and by a role that Lake Formation filters; for comparison the same
GetTable over HTTP, and moto's own without a sandbox. Calls a second are of the quickest of five rounds, since other
work on the machine only slows; `cpu_us` is what the process itself worked for one call. `grants`: the curve of
bench/sandbox_grants.py.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import boto3

from bench.sandbox_grants import ADMIN, OWNER, SIZES, build, measured, pairs
from reconciler.sandbox import Sandbox, sandbox
from reconciler.sandbox.http.server import Server
from reconciler.sandbox.inprocess import assumed

GRANTS, ROUNDS, CALLS = 1_000, 5, 300
REGION = "eu-west-1"


def main() -> None:
    with sandbox() as aws:
        fill(aws)
        calls = [timed(name, read) for name, read in reads(aws)]
    calls += [timed("glue.GetTable over HTTP", read) for read in over_http()]
    calls += [timed("glue.GetTable of moto itself", read) for read in of_moto()]
    with sandbox() as aws:
        build(aws)
        wishes = pairs()
        grants = [measured(aws, size, wishes) for size in SIZES]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    command = "python -m bench.sandbox_calls"
    print(json.dumps({"command": command, "machine": machine, "calls": calls, "grants": grants}, indent=2))


def fill(aws: Sandbox) -> None:
    """1,000 tables and a grant to the role `r0` on each."""
    build(aws)
    lf = aws.session(OWNER).client("lakeformation")
    for number in range(GRANTS):
        lf.grant_permissions(
            Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{OWNER}:role/r0"},
            Resource={"Table": {"DatabaseName": "bench", "Name": f"t{number}"}},
            Permissions=["SELECT"],
        )
    iam = aws.session(OWNER).client("iam")
    everything = policy(Action="*", Resource="*")
    iam.put_role_policy(RoleName="r0", PolicyName="all", PolicyDocument=everything)
    trust = policy(Action="sts:AssumeRole", Principal={"AWS": "arn:aws:iam::000000000001:root"})
    iam.update_assume_role_policy(RoleName="r0", PolicyDocument=trust)


def policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def reads(aws: Sandbox) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The reads that a plan makes most."""
    admin, role = aws.session(OWNER), aws.session(OWNER, "r0")
    glue, lf, filtered = admin.client("glue"), admin.client("lakeformation"), role.client("glue")
    names = cycle(f"t{number}" for number in range(GRANTS))
    table = {"DatabaseName": "bench"}
    yield "glue.GetTable", lambda: glue.get_table(**table, Name=next(names))
    yield "glue.GetTable, filtered", lambda: filtered.get_table(**table, Name=next(names))
    yield "glue.GetDatabase", lambda: glue.get_database(Name="bench")
    yield "glue.GetTables, a page of 100", lambda: glue.get_tables(**table)
    yield "glue.GetTables, a page of 100, filtered", lambda: filtered.get_tables(**table)
    one = {"CatalogId": OWNER, **table}
    yield (
        "lakeformation.ListPermissions of a table",
        lambda: lf.list_permissions(Resource={"Table": one | named(names)}),
    )
    yield "lakeformation.ListPermissions, a page of 100", lambda: lf.list_permissions(MaxResults=100)
    yield "lakeformation.GetResourceLFTags", lambda: lf.get_resource_lf_tags(Resource={"Table": one | named(names)})
    yield "lakeformation.GetDataLakeSettings", lf.get_data_lake_settings
    yield "sts.GetCallerIdentity", admin.client("sts").get_caller_identity


def named(names: Iterator[str]) -> dict[str, str]:
    return {"Name": next(names)}


def over_http() -> Iterator[Callable[[], Any]]:
    with serving() as endpoint:
        session = assumed(OWNER, ADMIN.rpartition("/")[2], REGION, endpoint)
        glue = session.client("glue", endpoint_url=endpoint)
        glue.create_database(DatabaseInput={"Name": "bench"})
        glue.create_table(DatabaseName="bench", TableInput={"Name": "t"})
        yield lambda: glue.get_table(DatabaseName="bench", Name="t")


@contextmanager
def serving() -> Iterator[str]:
    server = Server()
    server.start()
    try:
        yield server.endpoint
    finally:
        server.stop()


def of_moto() -> Iterator[Callable[[], Any]]:
    from moto import mock_aws

    with mock_aws():
        glue = boto3.client("glue", REGION)
        glue.create_database(DatabaseInput={"Name": "bench"})
        for number in range(GRANTS):
            glue.create_table(DatabaseName="bench", TableInput={"Name": f"t{number}"})
        names = cycle(f"t{number}" for number in range(GRANTS))
        yield lambda: glue.get_table(DatabaseName="bench", Name=next(names))


def timed(name: str, read: Callable[[], Any]) -> dict[str, Any]:
    """Calls a second of the quickest round, and the processor's time for one call of it."""
    read()
    best, work = float("inf"), float("inf")
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        for _ in range(CALLS):
            read()
        best = min(best, time.perf_counter() - began)
        work = min(work, time.process_time() - worked)
    return {"call": name, "calls_per_second": round(CALLS / best), "cpu_us": round(work / CALLS * 1e6)}


if __name__ == "__main__":
    main()
