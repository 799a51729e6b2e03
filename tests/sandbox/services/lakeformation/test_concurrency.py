"""Two writers at one principal or resource."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox
from tests.sandbox.lakes import Inside, Lake, database, principal, table


@pytest.fixture
def lake(aws: Sandbox) -> Iterator[Lake]:
    return Lake(Inside(aws)).sales()


def _elsewhere(lake: Lake, to: str, resource: dict) -> str:
    """Grant from another thread; the status and error code, or nothing."""
    outcome: list[str] = []
    client = lake.lf

    def grant() -> None:
        try:
            client.grant_permissions(Principal=principal(to), Resource=resource, Permissions=["DESCRIBE"])
            outcome.append("")
        except ClientError as error:
            told = error.response
            outcome.append(f"{told['ResponseMetadata']['HTTPStatusCode']} {told['Error']['Code']}")

    thread = threading.Thread(target=grant)
    thread.start()
    thread.join()
    return outcome[0]


def test_writers_collide_at_a_principal_or_a_resource(lake: Lake) -> None:
    """dg/troubleshooting: ConcurrentModificationException, which SDKs do not retry"""
    first, second = lake.role("first"), lake.role("second")
    lake.inside.writers.window = 60.0
    lake.grant(first, table(), "SELECT")
    assert _elsewhere(lake, first, database()) == "400 ConcurrentModificationException"
    assert _elsewhere(lake, second, table()) == "400 ConcurrentModificationException"
    assert _elsewhere(lake, second, database()) == ""
    lake.grant(first, table(), "INSERT")


def test_without_latency_nobody_collides(lake: Lake) -> None:
    first = lake.role("first")
    lake.grant(first, table(), "SELECT")
    assert _elsewhere(lake, first, table()) == ""


def test_many_writers_lose_nothing(lake: Lake) -> None:
    """Calls are served one after the other."""
    roles = [lake.role(f"r{n}") for n in range(16)]
    threads = [threading.Thread(target=lake.grant, args=(role, table(), "SELECT", "DESCRIBE")) for role in roles]
    _ = lake.lf
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    granted = {r["Principal"]["DataLakePrincipalIdentifier"] for r in lake.rows(Resource=table())}
    assert set(roles) < granted
