"""Rulesets: their rules; somebody else's ruleset in the same account."""

from __future__ import annotations

from tests.estate import BANKING, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import FUNDS


def make(estate: Estate) -> None:
    estate.client("glue", BANKING).create_data_quality_ruleset(Name="theirs", Ruleset="Rules = [ RowCount > 0 ]")


def survives(estate: Estate) -> bool:
    found = estate.client("glue", BANKING).list_data_quality_rulesets()["Rulesets"]
    return [each["Name"] for each in found] == ["theirs"]


CASE = Case(
    edits={
        "rules": ((FUNDS, "promise: 1.0", "promise: 0.9"),),
        "database": ((FUNDS, "database: fund-prices", "database: fund-price"),),
    },
    fixed={"table": "part of its address", "mark": "ours"},
    alone=frozenset({"database"}),
    neighbour=Neighbour(make, survives),
)
