"""Topics: their key and tags; somebody else's topic."""

from __future__ import annotations

from tests.estate import Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import SETTINGS


def make(estate: Estate) -> None:
    estate.client("sns").create_topic(Name="meshform-bank-theirs")


def survives(estate: Estate) -> bool:
    topics = estate.client("sns").list_topics()["Topics"]
    return [topic["TopicArn"].rpartition(":")[2] for topic in topics] == ["meshform-bank-theirs"]


CASE = Case(
    edits={
        "key": ((SETTINGS, "notificationKey: alias/meshform-bank", "notificationKey: alias/other"),),
        "tags": ((SETTINGS, "managed-by: meshform", "managed-by: the mesh team"),),
    },
    fixed={"statements": "the statement follows from the topic's name", "others": "other people's"},
    neighbour=Neighbour(make, survives),
)
