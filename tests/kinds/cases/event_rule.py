"""Rules: what they match and where they send; somebody else's rule on the default bus."""

from __future__ import annotations

from tests.estate import Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import FUNDS


def make(estate: Estate) -> None:
    estate.client("events").put_rule(Name="meshform-bank-theirs", EventPattern='{"source":["aws.s3"]}')


def survives(estate: Estate) -> bool:
    return any(rule["Name"] == "meshform-bank-theirs" for rule in estate.client("events").list_rules()["Rules"])


CASE = Case(
    edits={
        "pattern": ((FUNDS, "database: fund-prices", "database: fund-price"),),
    },
    fixed={
        "bus": "part of its address",
        "name": "part of its address",
        "targets": "one, which follows from its name",
        "enabled": "a rule of the mesh is on",
        "mark": "ours",
        "unmanaged_parts": "other people's",
    },
    alone=frozenset({"pattern"}),
    neighbour=Neighbour(make, survives),
)
