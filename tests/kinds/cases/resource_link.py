"""Links: what they stand for is in their name; somebody else's link."""

from __future__ import annotations

from tests.estate import ANALYTICS, CENTRAL, Estate
from tests.kinds.cases import Case, Neighbour


def make(estate: Estate) -> None:
    target = {"CatalogId": CENTRAL, "DatabaseName": "credit-card"}
    estate.client("glue", ANALYTICS).create_database(DatabaseInput={"Name": "theirs", "TargetDatabase": target})


def survives(estate: Estate) -> bool:
    rows = estate.client("glue", ANALYTICS).get_databases()["DatabaseList"]
    return [row["Name"] for row in rows] == ["theirs"]


CASE = Case(
    fixed={"catalog": "the central one", "database": "part of its address", "region": "the central catalog's"},
    neighbour=Neighbour(make, survives),
)
