"""Glue jobs: their script, arguments and size; somebody else's job."""

from __future__ import annotations

from tests.estate import BANKING, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import FUNDS


def make(estate: Estate) -> None:
    estate.client("glue", BANKING).create_job(
        Name="theirs",
        Role=f"arn:aws:iam::{BANKING}:role/meshform/bank/curate-fund-prices.bank",
        Command={"Name": "glueetl", "ScriptLocation": "s3://theirs/x.py"},
    )


def survives(estate: Estate) -> bool:
    return [each["Name"] for each in estate.client("glue", BANKING).get_jobs()["Jobs"]] == ["theirs"]


CASE = Case(
    edits={
        "script": ((FUNDS, "script: s3://bank-code/prices.py", "script: s3://bank-code/prices2.py"),),
        "arguments": ((FUNDS, "arguments: {--source: raw}", "arguments: {--source: other}"),),
        "size": ((FUNDS, "workers: 2", "workers: 5"),),
        "worker": ((FUNDS, "workerType: G.1X", "workerType: G.2X"),),
    },
    fixed={"role": "named for the product", "mark": "ours", "version": "the Glue version that Meshform knows"},
    neighbour=Neighbour(make, survives),
)
