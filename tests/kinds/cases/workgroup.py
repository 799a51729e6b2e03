"""Workgroups: where results go and how much a query may scan; somebody else's workgroup."""

from __future__ import annotations

from tests.estate import ANALYTICS, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import CONSUMER


def make(estate: Estate) -> None:
    estate.client("athena", ANALYTICS).create_work_group(Name="theirs")


def survives(estate: Estate) -> bool:
    return any(each["Name"] == "theirs" for each in estate.client("athena", ANALYTICS).list_work_groups()["WorkGroups"])


CASE = Case(
    edits={
        "output": (
            (CONSUMER, "workgroup:\n", "workgroup:\n  resultsBucket: bank-other-results\n"),
            # A bucket of a chosen name is in one region.
            (CONSUMER, "principals:", "regions: [eu-west-1]\nprincipals:"),
        ),
        "cutoff": ((CONSUMER, "bytesCutoff: 10737418240", "bytesCutoff: 20000000"),),
    },
    fixed={
        "enforced": "always",
        "encryption": "always with S3's own keys",
        "state": "a workgroup of the mesh is on",
        "description": "ours",
    },
    neighbour=Neighbour(make, survives),
)
