"""A snapshot of many accounts, written as they are read: calls, time, and the most memory that it took.

    python -m bench.many_accounts ACCOUNTS

The sandbox is a process of its own, without delay. The central account has 100 tables; each other one has links to its
10 databases, with permissions. Prints JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3

from bench.machine import machine
from bench.served import served
from bench.timed import MESHFORM, timed

REGION, CENTRAL, ROLE = "eu-west-1", "100000000000", "OrganizationAccountAccessRole"
DATABASES, TABLES = 10, 10


def main() -> None:
    """Build the estate, and take its snapshot."""
    count = int(sys.argv[1])
    others = tuple(str(200000000000 + number) for number in range(count - 1))
    with served(0) as aws, TemporaryDirectory() as folder:
        _build(others)
        aws.forget()
        path = Path(folder) / "all.gz"
        asked = ("--central", CENTRAL, "--accounts", ",".join(others), "--plan-role", ROLE, "--out", str(path))
        went = timed((MESHFORM, "snapshot", *asked))
        said = {
            "command": f"python -m bench.many_accounts {count}",
            "accounts": count,
            **machine(),
            "calls": aws.calls().total(),
            **went.as_json(),
            "file_kb": path.stat().st_size // 1000,
        }
    print(json.dumps(said, indent=2))


def _build(others: tuple[str, ...]) -> None:
    central = _session(CENTRAL)
    lake, glue = central.client("lakeformation"), central.client("glue")
    _administer(lake, CENTRAL)
    for database in range(DATABASES):
        glue.create_database(DatabaseInput={"Name": f"db{database}"})
        for table in range(TABLES):
            columns = [{"Name": f"c{at}", "Type": "string"} for at in range(10)]
            about = {"Name": f"t{table}", "StorageDescriptor": {"Columns": columns, "Location": "s3://lake/x/"}}
            glue.create_table(DatabaseName=f"db{database}", TableInput=about)
    for account in others:
        session = _session(account)
        mine = session.client("lakeformation")
        _administer(mine, account)
        glue = session.client("glue")
        rows = []
        for database in range(DATABASES):
            target = {"CatalogId": CENTRAL, "DatabaseName": f"db{database}"}
            glue.create_database(DatabaseInput={"Name": f"rl_db{database}", "TargetDatabase": target})
            rows.append(_row(f"arn:aws:iam::{account}:role/{ROLE}", {"Database": {"Name": f"rl_db{database}"}}))
        mine.batch_grant_permissions(Entries=rows)


def _row(who: str, place: dict[str, Any]) -> dict[str, Any]:
    grantee = {"DataLakePrincipalIdentifier": who}
    name = next(iter(place.values()))["Name"]
    return {"Id": name, "Principal": grantee, "Resource": place, "Permissions": ["DESCRIBE"]}


def _administer(lake: Any, account: str) -> None:
    admin = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/{ROLE}"}
    settings = {"DataLakeAdmins": [admin], "Parameters": {"CROSS_ACCOUNT_VERSION": "4"}}
    lake.put_data_lake_settings(DataLakeSettings=settings)


def _session(account: str) -> Any:
    arn = f"arn:aws:iam::{account}:role/{ROLE}"
    given = boto3.client("sts", region_name=REGION).assume_role(RoleArn=arn, RoleSessionName="bench")["Credentials"]
    return boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=REGION)


if __name__ == "__main__":
    main()
