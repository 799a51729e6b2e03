"""Data lake settings: administrators, beside somebody else's."""

from __future__ import annotations

from tests.estate import ANALYTICS, Estate
from tests.kinds.cases import Case, Neighbour

THEIRS = f"arn:aws:iam::{ANALYTICS}:role/their-admin"


def make(estate: Estate) -> None:
    estate.client("iam", ANALYTICS).create_role(
        RoleName="their-admin", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}'
    )
    lake = estate.client("lakeformation", ANALYTICS)
    settings = lake.get_data_lake_settings()["DataLakeSettings"]
    settings["DataLakeAdmins"].append({"DataLakePrincipalIdentifier": THEIRS})
    lake.put_data_lake_settings(DataLakeSettings=settings)


def survives(estate: Estate) -> bool:
    settings = estate.client("lakeformation", ANALYTICS).get_data_lake_settings()["DataLakeSettings"]
    return {"DataLakePrincipalIdentifier": THEIRS} in settings["DataLakeAdmins"]


CASE = Case(
    edits={"admins": (("accounts/central.yaml", "[data-mesh-owner]", "[data-mesh-owner, second-owner]"),)},
    fixed={
        "read_only_admins": "the plan role, where it is another than the apply role (tests/bootstrap)",
        "database_defaults": "off in the central account, left alone elsewhere",
        "table_defaults": "off in the central account, left alone elsewhere",
        "version": "only ever raised",
        "trusted": "only ever added",
        "source_identity": "only ever switched on",
    },
    ours_too={"admins": "an administrator whom somebody else added stays"},
    kept="an account keeps its settings",
    neighbour=Neighbour(make, survives),
)
