"""Event buses: who may put events on them; somebody else's rule on the mesh's bus of a consumer."""

from __future__ import annotations

from tests.estate import ANALYTICS, Estate
from tests.kinds.cases import Case, Neighbour

BUS = "meshform-bank"


def make(estate: Estate) -> None:
    estate.client("events", ANALYTICS).put_rule(Name="theirs", EventBusName=BUS, EventPattern='{"source":["aws.glue"]}')


def survives(estate: Estate) -> bool:
    rules = estate.client("events", ANALYTICS).list_rules(EventBusName=BUS)["Rules"]
    return [rule["Name"] for rule in rules] == ["theirs"]


CASE = Case(
    edits={
        "senders": (("domains/investment-banking/domain.yaml", "account: markets-data", "account: banking-data"),),
    },
    fixed={"others": "other people's", "unmanaged_parts": "other people's"},
    neighbour=Neighbour(make, survives),
)
