"""What a grant costs in the sandbox when there are 100, 1,000, 10,000 and 100,000 of them; prints JSON.

For each size: microseconds of GrantPermissions through boto3 in process, of its handler alone, of a page of
1,000 rows and of evaluating what one principal reads of one table; medians. Run it from the repository's root.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from reconciler.sandbox import Sandbox, sandbox
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.lakeformation.granting import Wish, grant
from reconciler.sandbox.services.lakeformation.resources import Table

OWNER = "111111111111"
ADMIN = f"arn:aws:iam::{OWNER}:role/OrganizationAccountAccessRole"
SIZES = (100, 1_000, 10_000, 100_000)
TABLES, ROLES, SAMPLE = 1_000, 100, 50


def main() -> None:
    with sandbox() as aws:
        build(aws)
        wishes = pairs()
        print(json.dumps([measured(aws, size, wishes) for size in SIZES], indent=2))


def build(aws: Sandbox) -> None:
    """A database with its tables, and the roles that are granted to."""
    session = aws.session(OWNER)
    settings = {"DataLakeAdmins": [{"DataLakePrincipalIdentifier": ADMIN}]}
    session.client("lakeformation").put_data_lake_settings(DataLakeSettings=settings)
    glue, iam = session.client("glue"), session.client("iam")
    glue.create_database(DatabaseInput={"Name": "bench"})
    for number in range(TABLES):
        columns = [{"Name": "a", "Type": "int"}, {"Name": "b", "Type": "int"}]
        glue.create_table(
            DatabaseName="bench", TableInput={"Name": f"t{number}", "StorageDescriptor": {"Columns": columns}}
        )
    for number in range(ROLES):
        iam.create_role(RoleName=f"r{number}", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}')


def pairs() -> Iterator[tuple[str, str]]:
    """Every role with every table, each pair once."""
    return ((f"arn:aws:iam::{OWNER}:role/r{r}", f"t{t}") for r in range(ROLES) for t in range(TABLES))


def measured(aws: Sandbox, size: int, wishes: Iterator[tuple[str, str]]) -> dict[str, float]:
    """Fill the store up to a size, the last grants of it timed."""
    lf, caller = aws.world.lakeformation, Caller(OWNER, ADMIN, ADMIN)
    client = aws.session(OWNER).client("lakeformation")

    def by_hand() -> None:
        principal, table = next(wishes)
        grant(lf, caller, Wish(principal, [Table(OWNER, "bench", table)], {"SELECT"}, set()))

    def by_boto3() -> None:
        principal, table = next(wishes)
        client.grant_permissions(
            Principal={"DataLakePrincipalIdentifier": principal},
            Resource={"Table": {"DatabaseName": "bench", "Name": table}},
            Permissions=["SELECT"],
        )

    for _ in range(size - granted(aws) - 2 * SAMPLE):
        by_hand()
    handler, call = timed(by_hand), timed(by_boto3)
    return {
        "grants": granted(aws),
        "grant_call_us": call,
        "grant_handler_us": handler,
        "first_page_of_1000_us": timed(lambda: client.list_permissions(MaxResults=1000), 3),
        "read_access_us": timed(lambda: lf.read_access(f"arn:aws:iam::{OWNER}:role/r0", OWNER, "bench", "t0")),
    }


def granted(aws: Sandbox) -> int:
    """How many grants the roles have."""
    return sum(1 for row in aws.world.lakeformation.grants.on(OWNER) if ":role/r" in row.principal)


def timed(work: Callable[[], Any], times: int = SAMPLE) -> float:
    """The median of some runs, in microseconds."""
    costs = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        costs.append(time.perf_counter() - began)
    return round(median(costs) * 1e6, 1)


if __name__ == "__main__":
    main()
