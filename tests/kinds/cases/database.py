"""Databases: what the product says of itself; another tool's parameter on one."""

from __future__ import annotations

from tests.estate import Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import FUNDS, FUNDS_DOMAIN


def make(estate: Estate) -> None:
    estate.client("glue").create_database(DatabaseInput={"Name": "theirs", "Parameters": {"tool": "x"}})


def survives(estate: Estate) -> bool:
    return bool(estate.client("glue").get_database(Name="theirs")["Database"]["Parameters"] == {"tool": "x"})


CASE = Case(
    edits={
        "description": ((FUNDS, "Net asset value of every fund", "The price of every fund"),),
        "parameters": ((FUNDS, "owner: asset-management-stewards", "owner: fund-desk"),),
        "location": ((FUNDS_DOMAIN, "hybrid: true", "hybrid: true\nprefix: funds"),),
    },
    fixed={"by_default": "new tables are open to nobody"},
    neighbour=Neighbour(make, survives),
)
