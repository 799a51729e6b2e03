"""Grants: the columns of a named table; somebody else's grant on somebody else's database."""

from __future__ import annotations

from tests.estate import CENTRAL, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import DEAL_SECTORS

STEWARD = f"arn:aws:iam::{CENTRAL}:role/theirs"


def make(estate: Estate) -> None:
    estate.client("iam").create_role(
        RoleName="theirs", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}'
    )
    estate.client("glue").create_database(DatabaseInput={"Name": "theirs-too"})
    estate.client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": STEWARD},
        Resource={"Database": {"Name": "theirs-too"}},
        Permissions=["DESCRIBE"],
    )


def survives(estate: Estate) -> bool:
    rows = estate.client("lakeformation").list_permissions(Resource={"Database": {"Name": "theirs-too"}})
    return any(
        row["Principal"]["DataLakePrincipalIdentifier"] == STEWARD for row in rows["PrincipalResourcePermissions"]
    )


CASE = Case(
    edits={"columns": ((DEAL_SECTORS, "columns: [sector]", "columns: [sector, stage]"),)},
    fixed={
        "principal": "part of its address",
        "permission": "part of its address",
        "condition": "part of its address",
        "grantable": "what an account gets is to be passed on, what a principal gets is not",
    },
    neighbour=Neighbour(make, survives),
)
