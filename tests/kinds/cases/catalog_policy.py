"""The catalog's resource policy: one statement, beside other people's."""

from __future__ import annotations

import json

from tests.estate import CENTRAL, Estate
from tests.kinds.cases import Case, Neighbour

THEIRS = {
    "Sid": "Theirs",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::555555555555:root"},
    "Action": "glue:GetTable",
    "Resource": f"arn:aws:glue:eu-west-1:{CENTRAL}:catalog",
}


def make(estate: Estate) -> None:
    glue = estate.client("glue")
    document = json.loads(glue.get_resource_policy()["PolicyInJson"])
    document["Statement"].append(THEIRS)
    glue.put_resource_policy(PolicyInJson=json.dumps(document), EnableHybrid="TRUE")


def survives(estate: Estate) -> bool:
    document = json.loads(estate.client("glue").get_resource_policy()["PolicyInJson"])
    return document["Statement"] == [THEIRS]


CASE = Case(
    fixed={
        "statements": "the statement follows from the central account and the region alone",
        "others": "other people's",
    },
    neighbour=Neighbour(make, survives),
)
